import type { StateMachine, StateMachineDefinition } from 'aws-local-stepfunctions';
import type { StateMachine as Definition } from '../../casework/workflow-definition.ts';
import { AFTER_BRANCHES, restable, tasksOf } from './restable-definition.ts';
import { AtRestError, type Passage, type Payload } from './run-passage.ts';

/** How a passage ended: the run is over, waits or has to be tried again, or the definition itself failed, with its error. */
export type PassageEnd = { readonly end: 'ended' | 'at-rest' } | { readonly end: 'failed'; readonly error: string };

/** Goes through one definition from its start. */
export type Interpreter = (input: { readonly case: string; readonly run: number }, passage: Passage) => Promise<PassageEnd>;

/** The interpreter of a definition. The library is loaded only here: it takes a third of a second, and most commands need none. */
export async function interpreterOf(definition: Definition): Promise<Interpreter> {
  const { StateMachine: Machine } = await import('aws-local-stepfunctions');
  // Checked when it was written, and an older one must run whatever the checker of today thinks of it.
  const machine = new Machine(restable(definition) as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  const tasks = tasksOf(definition);
  const maps = Object.entries(definition.States).flatMap(([name, state]) => (state.Type === 'Map' ? [name] : []));
  return async (input, passage) => {
    const handlers: Record<string, (given: unknown) => Promise<unknown>> = {};
    for (const [name, info] of tasks) {
      handlers[name] = (given) => passage.resultOf(name, info, info.payloadOf(given) as unknown as Payload);
    }
    for (const name of maps) {
      handlers[`${AFTER_BRANCHES}Of${name}`] = async () => {
        if (passage.rested) throw new AtRestError('at rest');
        return null;
      };
    }
    return runOnce(machine, input, handlers, passage);
  };
}

async function runOnce(
  machine: StateMachine,
  input: { readonly case: string; readonly run: number },
  handlers: Readonly<Record<string, (given: unknown) => Promise<unknown>>>,
  passage: Passage,
): Promise<PassageEnd> {
  const { result } = machine.run(
    { ...input },
    {
      overrides: { taskResourceLocalHandlers: handlers as never },
      // Tokens are the runner's own; the definition only asks that there is one.
      context: { Task: { Token: '' } },
    },
  );
  try {
    await result;
    return { end: 'ended' };
  } catch (error) {
    if (passage.rested) return { end: 'at-rest' };
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.name : 'unknown';
    return { end: 'failed', error: cause };
  }
}
