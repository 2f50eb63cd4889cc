import type { Retrier, State, StateMachine, TaskState } from '../../casework/workflow-definition.ts';

/** What a task throws that cannot be finished now: it waits, or has to be tried again later. */
export const AT_REST = 'AtRest';
/** Where the branches of a Map have all ended or come to rest: goes on only if all have ended. */
export const AFTER_BRANCHES = 'AfterBranches';
/** A step of an hour is a fault; the interpreter's own minute would end one that only waits for a busy disk. */
const LONGEST_STEP_SECONDS = 3600;

/** A task as the runner needs to know it. */
export interface TaskInfo {
  readonly waits: boolean;
  readonly retry: readonly Retrier[];
  /** What it is called with, made from the input of its state. */
  readonly payloadOf: (input: unknown) => Readonly<Record<string, unknown>>;
}

/**
 * The definition as the local interpreter is given it. The runner keeps deadlines and tries again by itself, over restarts,
 * so both are taken out. What a task is called with and what it keeps of the answer are plain paths, which the runner reads
 * itself: the interpreter takes 10 µs for each, more than half of all its work. A branch at rest ends, so that the others go
 * on to theirs, and the whole comes to rest after them.
 */
export function restable(machine: StateMachine): StateMachine {
  return { ...machine, States: statesOf(machine, false) };
}

function statesOf(machine: StateMachine, inBranch: boolean): Record<string, State> {
  const states: Record<string, State> = {};
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.Type === 'Task') {
      states[name] = restableTask(state, inBranch);
    } else if (state.Type === 'Map') {
      const after = `${AFTER_BRANCHES}Of${name}`;
      const branch = { ...state.ItemProcessor, States: statesOf(state.ItemProcessor, true) };
      states[name] = { ...state, ItemProcessor: branch, Next: after };
      states[after] = {
        Type: 'Task',
        Resource: AFTER_BRANCHES,
        ResultPath: null,
        TimeoutSeconds: LONGEST_STEP_SECONDS,
        Next: state.Next,
      };
    } else {
      states[name] = state;
    }
  }
  return inBranch ? { ...states, [AT_REST]: { Type: 'Succeed' } } : states;
}

function restableTask(task: TaskState, inBranch: boolean): TaskState {
  const { Retry: _retry, TimeoutSecondsPath: _path, Parameters: _parameters, ResultSelector: _selector, ...rest } = task;
  return {
    ...rest,
    TimeoutSeconds: LONGEST_STEP_SECONDS,
    Catch: [...(task.Catch ?? []), ...(inBranch ? [{ ErrorEquals: [AT_REST], ResultPath: '$.rest', Next: AT_REST }] : [])],
  };
}

/** Every task of a definition by name, those of branches included. Names are distinct throughout a definition. */
export function tasksOf(machine: StateMachine): ReadonlyMap<string, TaskInfo> {
  const found = new Map<string, TaskInfo>();
  for (const [name, state] of Object.entries(machine.States)) {
    if (state.Type === 'Task') found.set(name, taskInfo(state));
    if (state.Type === 'Map') for (const [inner, info] of tasksOf(state.ItemProcessor)) found.set(inner, info);
  }
  return found;
}

function taskInfo({ Resource, Retry, Parameters, TimeoutSecondsPath }: TaskState): TaskInfo {
  const seconds: Record<string, string> = TimeoutSecondsPath === undefined ? {} : { 'seconds.$': TimeoutSecondsPath };
  const template = Object.entries({ ...Parameters?.Payload, ...seconds });
  const fields = template.flatMap(([name, value]): (readonly [string, (input: unknown) => unknown])[] => {
    if (!name.endsWith('.$')) return [[name, () => value]];
    // Of the context only the token is asked for, which the runner makes.
    return value.startsWith('$$.') ? [] : [[name.slice(0, -2), readerOf(value)]];
  });
  return {
    waits: Resource.endsWith('.waitForTaskToken'),
    retry: Retry ?? [],
    payloadOf: (input) => Object.fromEntries(fields.map(([name, read]) => [name, read(input)])),
  };
}

/** Reads a path of plain names, `$.at.stage`. */
function readerOf(path: string): (input: unknown) => unknown {
  if (!/^\$(\.\w+)+$/.test(path)) throw new RangeError(`${path} is more than the runner reads`);
  const names = path.split('.').slice(1);
  return (input) =>
    names.reduce((value: unknown, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], input);
}

/** Seconds until a failed task is tried again after `failures` in a row; undefined when it is not. */
export function nextTry(retry: readonly Retrier[], error: string, failures: number): number | undefined {
  const retrier = retry.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.TaskFailed'));
  if (retrier === undefined || failures > retrier.MaxAttempts) return undefined;
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  return Math.min(IntervalSeconds * BackoffRate ** (failures - 1), MaxDelaySeconds);
}
