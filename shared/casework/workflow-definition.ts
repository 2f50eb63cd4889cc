import { createHash } from 'node:crypto';
import type { StepName, WaitName } from './step.ts';

/**
 * The case workflow in Amazon States Language, JSONPath dialect: the one definition that Step Functions and the embedded
 * host run. A loop over the stage of the case (decision 0019): steps and woken waits answer with a `StepAnswer`, kept at
 * `$.at`, and `ByStage` goes on from there. `npm run -s docs:workflow` draws it into docs/case-workflow.md.
 */

/** Stands for the partition of the cloud (`aws`, `aws-cn`) and is filled in when the stacks are made. */
export const PARTITION = '{partition}';
/** Stands for the function `work-cases` likewise. The embedded host calls the task logic itself and fills in neither. */
export const WORK_CASES = '{work-cases}';

/** A state as far as this definition uses the language. */
export type State = TaskState | ChoiceState | MapState | { readonly Type: 'Succeed' } | FailState;

export interface TaskState {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters?: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath: string | null;
  readonly TimeoutSeconds?: number;
  /** Resolved in the input of the state, before Parameters. */
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
  readonly MaxAttempts: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly (ChoiceRule & { readonly Next: string })[];
  readonly Default: string;
}

type ChoiceRule =
  | { readonly Variable: string; readonly StringEquals: string }
  | { readonly Variable: string; readonly BooleanEquals: boolean }
  | { readonly Variable: string; readonly IsPresent: true }
  | { readonly And: readonly ChoiceRule[] };

export interface MapState {
  readonly Type: 'Map';
  readonly ItemsPath: string;
  readonly ItemSelector: Readonly<Record<string, string>>;
  readonly ItemProcessor: { readonly ProcessorConfig: { readonly Mode: 'INLINE' } } & StateMachine;
  readonly ResultPath: null;
  readonly Next: string;
}

interface FailState {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}

/** States and where to begin. */
export interface StateMachine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Steps answer within the time of their function, one minute; beyond this the call itself is lost. */
const STEP_SECONDS = 120;

// The function says PermanentError when another try cannot help. Everything else that goes wrong (throttled, killed between
// its write and its answer, a fault being mended) is worth half an hour of tries: all steps may be repeated.
const hopeless: Retrier = { ErrorEquals: ['PermanentError'], MaxAttempts: 0 };
const tries = {
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  JitterStrategy: 'FULL',
  MaxAttempts: 14,
} as const;

const invoke = (payload: Readonly<Record<string, string>>) => ({
  FunctionName: WORK_CASES,
  Payload: { 'case.$': '$.case', 'run.$': '$.run', ...payload },
});

/** Calls a step and goes on with its answer. */
function step(name: StepName, Next: string, payload: Readonly<Record<string, string>> = {}): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${PARTITION}:states:::lambda:invoke`,
    Parameters: invoke({ step: name, ...payload }),
    ResultSelector: {
      'stage.$': '$.Payload.stage',
      'referrals.$': '$.Payload.referrals',
      'seconds.$': '$.Payload.seconds',
      'goesOn.$': '$.Payload.goesOn',
    },
    ResultPath: '$.at',
    TimeoutSeconds: STEP_SECONDS,
    Retry: [hopeless, { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], ...tries }],
    Next,
  };
}

/** Announces a wait and waits until it is woken, at most until the light of its clock changes: then goes on at `late`. */
function wait(name: WaitName, Next: string, late: string, payload: Readonly<Record<string, string>> = {}): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${PARTITION}:states:::lambda:invoke.waitForTaskToken`,
    Parameters: invoke({ wait: name, 'token.$': '$$.Task.Token', ...payload }),
    ResultPath: '$.at',
    TimeoutSecondsPath: '$.at.seconds',
    // Without States.Timeout: that is the clock.
    Retry: [hopeless, { ErrorEquals: ['States.TaskFailed'], ...tries }],
    Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.late', Next: late }],
    Next,
  };
}

const stageIs = (stage: string, Next: string) => ({ Variable: '$.at.stage', StringEquals: stage, Next }) as const;
const ofReferral = { 'referral.$': '$.referral' } as const;

/** One referral: sent, then waited for until its department has ended it. */
const referralBranch: StateMachine = {
  StartAt: 'SendReferral',
  States: {
    // Straight to waiting, as everywhere after a step that seldom moves the case: a wait that has nothing to wait for is woken
    // at once.
    SendReferral: step('send-referral', 'AwaitAnswer', ofReferral),
    ReferralOpen: {
      Type: 'Choice',
      Choices: [{ Variable: '$.at.goesOn', BooleanEquals: true, Next: 'AwaitAnswer' }],
      Default: 'ReferralEnded',
    },
    AwaitAnswer: wait('referral', 'ReferralOpen', 'RaiseReferralLight', ofReferral),
    RaiseReferralLight: step('raise-light', 'AwaitAnswer', { wait: 'referral', ...ofReferral }),
    ReferralEnded: { Type: 'Succeed' },
  },
};

/** The definition new runs begin with. */
export const caseWorkflow: StateMachine = {
  StartAt: 'Enter',
  States: {
    Enter: step('enter', 'ByStage'),
    ByStage: {
      Type: 'Choice',
      Choices: [
        stageIs('opened', 'DeskCheck'),
        stageIs('desk-check', 'AwaitDeskCheck'),
        stageIs('visit', 'AssignVisit'),
        stageIs('review', 'AwaitReview'),
        stageIs('conference', 'AwaitConference'),
        stageIs('papers', 'AwaitPapers'),
        {
          // With nothing to wait for, going on would be a circle without end.
          And: [
            { Variable: '$.at.stage', StringEquals: 'referral' },
            { Variable: '$.at.referrals[0]', IsPresent: true },
          ],
          Next: 'Refer',
        },
        stageIs('follow-up', 'AwaitFollowUp'),
        stageIs('closed', 'Close'),
      ],
      Default: 'NoWayOn',
    },
    DeskCheck: step('desk-check', 'ByStage'),
    AwaitDeskCheck: wait('desk-check', 'ByStage', 'RaiseLight'),
    // Comes by again after every light: an absent worker is then covered.
    AssignVisit: step('assign-visit', 'AwaitVisit'),
    AwaitVisit: wait('visit', 'ByStage', 'RaiseLight'),
    AwaitReview: wait('review', 'ByStage', 'RaiseLight'),
    AwaitConference: wait('conference', 'ByStage', 'RaiseLight'),
    AwaitPapers: wait('papers', 'ByStage', 'RaiseLight'),
    Refer: {
      Type: 'Map',
      ItemsPath: '$.at.referrals',
      ItemSelector: { 'case.$': '$.case', 'run.$': '$.run', 'referral.$': '$$.Map.Item.Value.referral' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...referralBranch },
      ResultPath: null,
      // What the branches knew is past: another referral may have been added.
      Next: 'Enter',
    },
    AwaitFollowUp: wait('follow-up', 'ByStage', 'FollowUp'),
    FollowUp: step('follow-up', 'AwaitFollowUp'),
    // The names of the waits outside a branch are those of their stages.
    RaiseLight: step('raise-light', 'ByStage', { 'wait.$': '$.at.stage' }),
    Close: step('close', 'Closed'),
    Closed: { Type: 'Succeed' },
    NoWayOn: {
      Type: 'Fail',
      Error: 'NoWayOn',
      Cause: 'A step answered with a stage this definition does not know, or with referrals that are none.',
    },
  },
};

/** Changes with every change of the definition: which text a run began with. */
export const definitionVersion = createHash('sha256').update(JSON.stringify(caseWorkflow)).digest('hex').slice(0, 12);
