import type { DomainEvent } from '../../shared/audit/event.ts';

/** One port of a fresh, empty adapter set, and a way to see the events its changes made. */
export interface Subject<Port> {
  readonly port: Port;
  /** Every event written with changes so far, oldest first where the store knows; repeats that were dropped do not show. */
  events(): Promise<readonly DomainEvent[]>;
  close(): Promise<void>;
}

/** How a contract suite gets at an adapter. */
export interface SubjectMaker<Port> {
  make(): Promise<Subject<Port>>;
  /** Repeats a check until it holds, for reads that may lag; stores that never lag run it once. */
  readonly eventually?: (check: () => Promise<void>) => Promise<void>;
}

/** Runs a test against a fresh subject and closes it whatever happens. */
export async function withSubject<Port>(
  maker: SubjectMaker<Port>,
  test: (port: Port, subject: Subject<Port>) => Promise<void>,
): Promise<void> {
  const subject = await maker.make();
  try {
    await test(subject.port, subject);
  } finally {
    await subject.close();
  }
}

/** The maker's `eventually`, or a single run. */
export function settle<Port>(maker: SubjectMaker<Port>): (check: () => Promise<void>) => Promise<void> {
  return maker.eventually ?? ((check) => check());
}

/** Everything an async iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
