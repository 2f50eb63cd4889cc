import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepFunctionsWorkflow } from '../../../../shared/adapters/aws/case-workflow.ts';
import type { Instant } from '../../../../shared/calendar/plain-date.ts';
import type { CaseId } from '../../../../shared/casework/case.ts';
import { PermanentError, RetryLaterError } from '../../../../shared/ports/errors.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:Cases';
const run = { case: 'C-H3d3c2e73e55389c8607e3aec-1' as CaseId, run: 2 };
const answer = { stage: 'review', referrals: [], seconds: 60, goesOn: false } as const;
const service = mockClient(SFNClient);
const workflow = stepFunctionsWorkflow({
  stateMachineArn,
  clock: { now: () => '2026-11-01T00:00:00.000Z' as Instant },
  client: new SFNClient({ region: 'us-east-1', maxAttempts: 1 }),
});

function refused(name: string, status = 400): Error {
  return Object.assign(new Error('said the service'), { name, $metadata: { httpStatusCode: status } });
}

function execution(status: 'RUNNING' | 'FAILED' | 'SUCCEEDED' | 'TIMED_OUT', startDate: string): DescribeExecutionCommandOutput {
  return { status, startDate: new Date(startDate), executionArn: '', stateMachineArn, $metadata: {} };
}

beforeEach(() => service.reset());

describe('the case workflow in Step Functions', () => {
  it('starts an execution named after case and run, with ids only', async () => {
    service.on(StartExecutionCommand).resolves({});
    await workflow.start(run);
    expect(service.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn,
      name: 'C-H3d3c2e73e55389c8607e3aec-1-run-2',
      input: '{"case":"C-H3d3c2e73e55389c8607e3aec-1","run":2}',
    });
  });

  it('takes a run that was started before as started', async () => {
    service.on(StartExecutionCommand).rejects(refused('ExecutionAlreadyExists'));
    await expect(workflow.start(run)).resolves.toBeUndefined();
  });

  it.each(['ThrottlingException', 'ExecutionLimitExceeded', 'KmsThrottlingException'])(
    'asks to be tried again on %s',
    async (name) => {
      service.on(StartExecutionCommand).rejects(refused(name));
      service.on(SendTaskSuccessCommand).rejects(refused(name));
      await expect(workflow.start(run)).rejects.toThrow(RetryLaterError);
      await expect(workflow.wake('token', answer)).rejects.toThrow(RetryLaterError);
    },
  );

  it('does not try again what no retry can help', async () => {
    service.on(StartExecutionCommand).rejects(refused('StateMachineDoesNotExist'));
    await expect(workflow.start(run)).rejects.toThrow(PermanentError);
  });

  it('wakes a wait with where to go on', async () => {
    service.on(SendTaskSuccessCommand).resolves({});
    expect(await workflow.wake('token', answer)).toBe('woken');
    expect(service.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({
      taskToken: 'token',
      output: JSON.stringify(answer),
    });
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'answers a wake with nothing to wake (%s) as gone',
    async (name) => {
      service.on(SendTaskSuccessCommand).rejects(refused(name));
      expect(await workflow.wake('token', answer)).toBe('gone');
    },
  );

  it('knows a run under way by its name', async () => {
    service.on(DescribeExecutionCommand).resolves(execution('RUNNING', '2026-10-01T00:00:00Z'));
    expect(await workflow.alive(run)).toBe(true);
    expect(service.commandCalls(DescribeExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:Cases:C-H3d3c2e73e55389c8607e3aec-1-run-2',
    });
  });

  it.each([
    ['that failed', execution('FAILED', '2026-10-01T00:00:00Z')],
    ['that ended', execution('SUCCEEDED', '2026-10-01T00:00:00Z')],
    ['so old that it would soon be ended', execution('RUNNING', '2026-01-01T00:00:00Z')],
  ])('gives a run %s up', async (_, found) => {
    service.on(DescribeExecutionCommand).resolves(found);
    expect(await workflow.alive(run)).toBe(false);
  });

  it('gives a run up that was never started', async () => {
    service.on(DescribeExecutionCommand).rejects(refused('ExecutionDoesNotExist'));
    expect(await workflow.alive(run)).toBe(false);
  });
});
