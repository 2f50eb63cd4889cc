import { readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { describe, expect, it } from 'vitest';
import { workflowDiagram } from '../../../infra/workflow-diagram.ts';
import { restable } from '../../../shared/adapters/embedded/restable-definition.ts';
import { type Stage, stages } from '../../../shared/casework/case.ts';
import type { StepAnswer } from '../../../shared/casework/step.ts';
import { caseWorkflow, definitionVersion, PARTITION, WORK_CASES } from '../../../shared/casework/workflow-definition.ts';

const deployed = JSON.stringify(caseWorkflow)
  .replaceAll(PARTITION, 'aws')
  .replaceAll(WORK_CASES, 'arn:aws:lambda:us-east-1:123456789012:function:work-cases');

/** What each step answers when it is called, and each wait when it is woken, in turn. */
type Script = Readonly<Record<string, readonly (StepAnswer | 'timeout')[]>>;

class Timeout extends Error {
  override readonly name = 'States.Timeout';
}

const at = (stage: Stage, open: readonly string[] = [], goesOn = false): StepAnswer => ({
  stage,
  referrals: open.map((referral) => ({ referral })),
  seconds: 3600,
  goesOn,
});

/** Walks the definition by a script; answers the states in the order they were entered, those of branches included. */
async function walk(script: Script): Promise<string[]> {
  const left = new Map(Object.entries(script).map(([name, answers]) => [name, [...answers]]));
  const answer = (name: string) => {
    const next = left.get(name)?.shift();
    if (next === undefined) throw new Error(`${name} was called once too often`);
    if (next === 'timeout') throw new Timeout();
    return next;
  };
  const handlers = Object.fromEntries([...left.keys()].map((name) => [name, () => answer(name)]));
  const machine = new StateMachine(restable(caseWorkflow) as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  const { result, eventLogs } = machine.run(
    { case: 'C-1', run: 1 },
    {
      overrides: { taskResourceLocalHandlers: { ...handlers, AfterBranchesOfRefer: () => null } as never },
      context: { Task: { Token: 'token' } },
    },
  );
  const entered: string[] = [];
  const reading = (async () => {
    for await (const event of eventLogs)
      if (event.type === 'StateEntered' && !event.state.name.startsWith('AfterBranches')) entered.push(event.state.name);
  })();
  await result;
  await reading;
  return entered;
}

const helped: Script = {
  Enter: [at('opened'), at('follow-up')],
  DeskCheck: [at('visit')],
  AssignVisit: [at('visit')],
  AwaitVisit: [at('review')],
  AwaitReview: [at('referral', ['R1'])],
  SendReferral: [at('referral', ['R1'], true)],
  AwaitAnswer: [at('referral', ['R1'], true), at('follow-up', [], false)],
  AwaitFollowUp: ['timeout', at('closed')],
  FollowUp: [at('follow-up')],
  Close: [at('closed')],
};

describe('the definition of the case workflow', () => {
  it('is valid Amazon States Language', () => {
    const { isValid, errorsText } = aslValidator(JSON.parse(deployed));
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
  });

  it('knows a way on from every stage', () => {
    const { ByStage } = caseWorkflow.States;
    const known = new Set(
      JSON.stringify(ByStage)
        .match(/"StringEquals":"([a-z-]+)"/g)
        ?.map((rule) => rule.split('"')[3]),
    );
    expect(known).toEqual(new Set(stages));
  });

  it('gives every wait the clock of its case and a way on when that runs out', () => {
    const all = [caseWorkflow, ...Object.values(caseWorkflow.States).flatMap((s) => (s.Type === 'Map' ? s.ItemProcessor : []))];
    const waits = all
      .flatMap((machine) => Object.values(machine.States))
      .filter((state) => state.Type === 'Task')
      .filter((state) => state.Resource.endsWith('.waitForTaskToken'));
    expect(waits).toHaveLength(7);
    for (const state of waits) {
      expect(state.TimeoutSecondsPath).toBe('$.at.seconds');
      expect(state.Catch?.map((one) => one.ErrorEquals)).toEqual([['States.Timeout']]);
      expect(state.Retry?.flatMap((one) => one.ErrorEquals)).not.toContain('States.Timeout');
    }
  });

  it('takes an ordinary case with help from opening to closing in 24 state transitions', async () => {
    const entered = await walk(helped);
    expect(entered.at(-1)).toBe('Closed');
    expect(entered).toHaveLength(24);
  });

  it('takes a visit without need to closing in 11', async () => {
    const entered = await walk({
      Enter: [at('opened')],
      DeskCheck: [at('visit')],
      AssignVisit: [at('visit')],
      AwaitVisit: [at('review')],
      AwaitReview: [at('closed')],
      Close: [at('closed')],
    });
    expect(entered).toHaveLength(11);
  });

  it('raises the light when a clock runs out and waits again', async () => {
    const entered = await walk({
      ...helped,
      AssignVisit: [at('visit'), at('visit')],
      AwaitVisit: ['timeout', at('review')],
      RaiseLight: [at('visit')],
    });
    const first = entered.indexOf('AwaitVisit');
    expect(entered.slice(first, first + 5)).toEqual(['AwaitVisit', 'RaiseLight', 'ByStage', 'AssignVisit', 'AwaitVisit']);
  });

  it('waits for each department in a branch of its own and lays the branches out anew when a referral was added', async () => {
    const entered = await walk({
      ...helped,
      Enter: [at('opened'), at('referral', ['R2', 'R3']), at('follow-up')],
      SendReferral: [
        at('referral', ['R1', 'R2'], true),
        at('referral', ['R1', 'R2'], true),
        at('referral', [], true),
        at('referral', [], true),
      ],
      AwaitReview: [at('referral', ['R1', 'R2'])],
      AwaitAnswer: [
        at('referral', [], false),
        at('referral', [], false),
        'timeout',
        at('referral', [], false),
        at('referral', [], false),
      ],
      RaiseReferralLight: [at('referral', ['R2', 'R3'], true)],
    });
    expect(entered.filter((name) => name === 'Refer')).toHaveLength(2);
    expect(entered.filter((name) => name === 'SendReferral')).toHaveLength(4);
    expect(entered.at(-1)).toBe('Closed');
  });

  it('stops where going on would be a circle: at the stage of referrals with none open', async () => {
    await expect(walk({ Enter: [at('referral')] })).rejects.toThrow();
  });

  it('has a version that names its text, so that a run can be told which it began with', () => {
    expect(definitionVersion).toMatch(/^[0-9a-f]{12}$/);
  });

  it('is drawn in the docs as it is', () => {
    const page = readFileSync(new URL('../../../docs/case-workflow.md', import.meta.url), 'utf8');
    expect(page).toContain(workflowDiagram(caseWorkflow));
  });
});
