import { DescribeExecutionCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { CaseRun, CaseWorkflow } from '../../ports/case-workflow.ts';
import type { Clock } from '../../ports/clock.ts';
import { RetryLaterError } from '../../ports/errors.ts';
import { ATTEMPTS, answersSoon } from './client-limits.ts';
import { atEdge } from './service-errors.ts';

/** An execution ends by itself after a year; so long before that its case is given another. */
const RUN_AT_MOST_DAYS = 300;
const DAY_MS = 24 * 3600 * 1000;
/** The token was used, its wait ran out or its execution has ended. */
const GONE = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);
/** Of ours only: executions that wait for a person are never too many for long, and the service's keys are not lost. */
const BUSY = new Set(['ExecutionLimitExceeded', 'KmsThrottlingException']);

export interface StepFunctionsSettings {
  readonly stateMachineArn: string;
  readonly clock: Clock;
  readonly client?: SFNClient;
}

/** The case workflow in Step Functions: one standard execution per run, named after it. */
export function stepFunctionsWorkflow({ stateMachineArn, clock, client: given }: StepFunctionsSettings): CaseWorkflow {
  const client = given ?? new SFNClient({ maxAttempts: ATTEMPTS, requestHandler: answersSoon() });
  const executionPrefix = stateMachineArn.replace(':stateMachine:', ':execution:');
  return {
    async start(run) {
      const input = JSON.stringify({ case: run.case, run: run.run });
      await named('StartExecution', ['ExecutionAlreadyExists'], () =>
        client.send(new StartExecutionCommand({ stateMachineArn, name: nameOf(run), input })),
      );
    },
    async wake(taskToken, answer) {
      const output = JSON.stringify(answer);
      const sent = await named('SendTaskSuccess', GONE, () => client.send(new SendTaskSuccessCommand({ taskToken, output })));
      return sent === undefined ? 'gone' : 'woken';
    },
    async alive(run) {
      const executionArn = `${executionPrefix}:${nameOf(run)}`;
      const found = await named('DescribeExecution', ['ExecutionDoesNotExist'], () =>
        client.send(new DescribeExecutionCommand({ executionArn })),
      );
      if (found?.status !== 'RUNNING') return false;
      const age = Date.parse(clock.now()) - (found.startDate?.getTime() ?? 0);
      return age < RUN_AT_MOST_DAYS * DAY_MS;
    },
  };
}

/** At most 80 letters, digits, hyphens. */
function nameOf({ case: id, run }: CaseRun): string {
  return `${id}-run-${run}`;
}

/** One request; undefined when the service answers with one of these errors, which say something rather than fail. */
async function named<T>(operation: string, answers: Iterable<string>, request: () => Promise<T>): Promise<T | undefined> {
  const expected = new Set(answers);
  return atEdge(`Step Functions ${operation}`, async () => {
    try {
      return await request();
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (expected.has(name)) return undefined;
      if (BUSY.has(name)) {
        throw new RetryLaterError(
          `Step Functions ${operation}：服务繁忙（${name}），将自动重试。 / Step Functions ${operation}: the service is busy (${name}); it will be tried again.`,
          { cause: error, busy: true },
        );
      }
      throw error;
    }
  });
}
