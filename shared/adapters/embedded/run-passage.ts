import type { CaseId } from '../../casework/case.ts';
import type { StepAnswer, StepCall, StepName, WaitCall, WaitName } from '../../casework/step.ts';
import type { Retrier } from '../../casework/workflow-definition.ts';
import { PermanentError } from '../../ports/errors.ts';
import { AT_REST, type TaskInfo } from './restable-definition.ts';

/** The task logic: what the function `work-cases` answers a call of the engine. A wait answers nothing. */
export type CaseTasks = (call: StepCall | WaitCall) => Promise<StepAnswer | undefined>;

/** The recorded result of a wait whose time was over before anybody woke it. */
export const TIME_OVER = '"time over"';

/** What is recorded of a run: results of tasks, and the waits that are announced, each with its deadline in data time, ms. */
export interface Records {
  readonly results: ReadonlyMap<string, string>;
  readonly waits: ReadonlyMap<string, number>;
}

/** What a task is called with, after Parameters. */
export interface Payload {
  readonly case: string;
  readonly run: number;
  readonly referral?: string;
  readonly step?: string;
  readonly wait?: string;
  readonly seconds?: number;
}

/** A task failed in this passage. */
export interface Failure {
  readonly task: string;
  /** Name by which the definition knows it. */
  readonly error: string;
  /** For people; no personal data. */
  readonly reason: string;
  readonly retry: readonly Retrier[];
}

/** Thrown into the interpreter by a task that has no result yet. */
export class AtRestError extends Error {
  override readonly name = AT_REST;
}

/** How the language calls a wait whose time is over. */
class TimeOverError extends Error {
  override readonly name = 'States.Timeout';
}

/**
 * One passage through a definition, from its start to where the run comes to rest. A task is known by its state, its
 * referral and how often that has come by: within a branch tasks follow each other, so this is the same in every passage.
 */
export class Passage {
  readonly newResults = new Map<string, string>();
  readonly newWaits = new Map<string, number>();
  /** The first task that failed. */
  failure: Failure | undefined;
  /** Whether any task had no result. */
  rested = false;
  readonly #run: number;
  readonly #records: Records;
  readonly #tasks: CaseTasks;
  readonly #nowMs: () => number;
  readonly #times = new Map<string, number>();

  /** `run` is the number of the run's row; `nowMs` the time of the data. */
  constructor(run: number, records: Records, tasks: CaseTasks, nowMs: () => number) {
    this.#run = run;
    this.#records = records;
    this.#tasks = tasks;
    this.#nowMs = nowMs;
  }

  /** The result of a task, recorded or new. Throws what brings the interpreter to rest when there is none yet. */
  async resultOf(state: string, info: TaskInfo, payload: Payload): Promise<unknown> {
    const task = this.#nameOf(state, payload.referral);
    const recorded = this.#records.results.get(task);
    if (recorded === TIME_OVER) throw new TimeOverError();
    if (recorded !== undefined) return JSON.parse(recorded);
    if (this.#records.waits.has(task)) throw this.#rest();
    try {
      return await (info.waits ? this.#announce(task, payload) : this.#call(task, payload));
    } catch (error) {
      if (error instanceof AtRestError) throw error;
      this.failure ??= failureOf(task, error, info.retry);
      throw this.#rest();
    }
  }

  #nameOf(state: string, referral: string | undefined): string {
    const place = referral === undefined ? state : `${state}/${referral}`;
    const times = (this.#times.get(place) ?? 0) + 1;
    this.#times.set(place, times);
    return `${place}#${times}`;
  }

  #rest(): AtRestError {
    this.rested = true;
    return new AtRestError('at rest');
  }

  async #call(task: string, { case: of, run, step, wait, referral }: Payload): Promise<unknown> {
    const answer = await this.#tasks({
      case: of as CaseId,
      run,
      step: step as StepName,
      ...(wait === undefined ? {} : { wait: wait as WaitName }),
      ...(referral === undefined ? {} : { referral }),
    });
    if (answer === undefined) throw new PermanentError('NO_ANSWER', 'a step gave no answer');
    this.newResults.set(task, JSON.stringify(answer));
    return answer;
  }

  async #announce(task: string, { case: of, run, wait, referral, seconds = 1 }: Payload): Promise<never> {
    const deadline = this.#nowMs() + seconds * 1000;
    await this.#tasks({
      case: of as CaseId,
      run,
      wait: wait as WaitName,
      token: tokenOf(this.#run, task),
      ...(referral === undefined ? {} : { referral }),
    });
    this.newWaits.set(task, deadline);
    throw this.#rest();
  }
}

function failureOf(task: string, error: unknown, retry: readonly Retrier[]): Failure {
  const name = error instanceof Error ? error.name : 'UnknownError';
  const reason = error instanceof PermanentError ? `${task}: ${error.code} ${error.message}` : `${task}: ${name}`;
  return { task, error: name, reason, retry };
}

/** The token of a wait. The same for the same wait however often it is announced. */
function tokenOf(run: number, task: string): string {
  return `${run}:${task}`;
}

/** The run's row and the task a token is of; undefined for a token that is none of ours. */
export function taskOfToken(token: string): { readonly run: number; readonly task: string } | undefined {
  const [, run, task] = /^(\d{1,15}):(.+)$/.exec(token) ?? [];
  return run === undefined || task === undefined ? undefined : { run: Number(run), task };
}
