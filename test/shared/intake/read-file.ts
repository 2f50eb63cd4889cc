import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Period } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { feedId } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { fixItBytes, type RefusedRows } from '../../../shared/intake/fix-it-file.ts';
import {
  type PersonRow,
  type ReadResult,
  type RejectedRow,
  readDepartmentFile,
} from '../../../shared/intake/read-department-file.ts';
import { identityNumberOf } from '../../builders/identity.ts';
import { collect } from '../../contract/subject.ts';

export const TODAY = '2024-05-01' as PlainDate;

const keyed = (text: string): string => createHash('sha256').update(`test key ${text}`).digest('hex');

/** What reading a file gave, gathered. */
export interface Outcome {
  readonly result: ReadResult;
  readonly rows: readonly PersonRow[];
  readonly rejected: readonly RejectedRow[];
  readonly batches: readonly number[];
  /** The bytes of the fix-it file; empty when no row was refused. */
  readonly fixIt: Buffer;
}

/** How the bytes of a test file reach the reader. */
export interface FileInput {
  readonly feed?: string;
  readonly name?: string;
  readonly size?: number;
  readonly today?: PlainDate;
  readonly period?: string;
  /** Sizes of the first pieces; the rest comes in one. */
  readonly cuts?: readonly number[];
}

/** Reads a test file through intake with invented keys. */
export async function readFile(content: string | Uint8Array, input: FileInput = {}): Promise<Outcome> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const [department = '', category = ''] = (input.feed ?? 'medical-insurance/inpatient-settlement').split('/');
  const feed = catalog.get(feedId(department, category));
  if (feed === undefined) throw new Error(`no feed ${input.feed}`);
  const rows: PersonRow[] = [];
  const rejected: RejectedRow[] = [];
  const batches: number[] = [];
  const refused: RefusedRows[] = [];
  const result = await readDepartmentFile({
    feed,
    period: (input.period ?? '2024-03') as Period,
    fileName: input.name ?? 'a.csv',
    size: input.size ?? bytes.length,
    today: input.today ?? TODAY,
    read: async function* () {
      let at = 0;
      for (const cut of input.cuts ?? []) {
        yield bytes.subarray(at, at + cut);
        at += cut;
      }
      yield bytes.subarray(at);
    },
    pseudonym: (number) => keyed(number).slice(0, 32) as PersonKey,
    keyOf: (text) => keyed(text).slice(0, 20),
    markOf: (text) => keyed(text).slice(0, 12),
    seal: (person, text) => `${person}:${Buffer.from(text).toString('base64')}`,
    onRows: (batch) => {
      rows.push(...batch);
      batches.push(batch.length);
    },
    onRejected: (rows, layout) => {
      refused.push({ rows, layout });
      rejected.push(...rows);
    },
  });
  const [first] = refused;
  const whole = first === undefined ? [] : await collect(fixItBytes(Readable.from(refused), first.layout));
  return { result, rows, rejected, batches, fixIt: Buffer.concat(whole) };
}

/** Codes of all row errors as `row:column:code`. */
export function errorsOf(outcome: Outcome): readonly string[] {
  return outcome.rejected.flatMap((row) => row.errors.map(({ column, code }) => `${row.row}:${column ?? ''}:${code}`));
}

/** Code of the refusal of a whole file. */
export function refusalOf(outcome: Outcome): string | undefined {
  return outcome.result.outcome === 'refused' ? outcome.result.errors[0]?.code : undefined;
}

/** The n-th invented person of Lankao, born 2 January 1980. */
export function person(n: number): string {
  return identityNumberOf('410225', '1980-01-02' as PlainDate, n);
}

export const HEADER = '姓名,身份证号码,结算单号,入院日期,结算日期,诊断名称,总费用,个人自付';

/** A good row of `HEADER`; `change` replaces cells by index. */
export function row(n: number, change: Readonly<Record<number, string>> = {}): string {
  const cells = ['王建国', person(n), `JS${n}`, '2024-03-01', '2024-03-08', '心力衰竭', '12000.00', '5000.50'];
  return cells.map((cell, at) => change[at] ?? cell).join(',');
}
