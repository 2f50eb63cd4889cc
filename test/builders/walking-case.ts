import type { CaseId, Stage } from '../../shared/casework/case.ts';
import type { StepAnswer, StepCall, WaitCall } from '../../shared/casework/step.ts';

/**
 * A case as the workflow sees it: a stage, open referrals and the tokens of its waits. Its steps do nothing but what moves
 * it on; people move it by `moveTo` and `endReferral`, which answer the tokens to wake.
 */
export class WalkingCase {
  readonly id: CaseId;
  stage: Stage = 'opened';
  readonly open = new Set<string>();
  readonly waits = new Map<string, string>();
  /** Every call, as `step` or `await wait`, with its referral. */
  readonly calls: string[] = [];
  /** Seconds until the next light. */
  seconds = 3600;
  /** Errors thrown by the next calls, before anything is done. */
  readonly failures: Error[] = [];

  constructor(id = 'C-H000000000000000000000001-1') {
    this.id = id as CaseId;
  }

  /** The task logic for this case. */
  task(call: StepCall | WaitCall): StepAnswer | undefined {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const of = call.referral === undefined ? '' : ` ${call.referral}`;
    if ('token' in call) {
      this.calls.push(`await ${call.wait}${of}`);
      this.waits.set(`${call.wait}${of}`, call.token);
      return undefined;
    }
    this.calls.push(`${call.step}${of}`);
    if (call.step === 'desk-check' && this.stage === 'opened') this.stage = 'visit';
    return this.answer(call.referral);
  }

  /** Where the workflow is to go on, for the branch of a referral or the whole case. */
  answer(referral?: string): StepAnswer {
    return {
      stage: this.stage,
      referrals: [...this.open].map((one) => ({ referral: one })),
      seconds: this.seconds,
      goesOn: referral !== undefined && this.open.has(referral),
    };
  }

  /** Somebody moves the case; answers the token to wake, if its wait is announced. */
  moveTo(stage: Stage, referrals: readonly string[] = []): string | undefined {
    const token = this.#take(this.stage);
    this.stage = stage;
    for (const referral of referrals) this.open.add(referral);
    return token;
  }

  /** A department ends its referral; the last one moves the case to its follow-up. */
  endReferral(referral: string): string | undefined {
    this.open.delete(referral);
    if (this.open.size === 0) this.stage = 'follow-up';
    return this.#take(`referral ${referral}`);
  }

  #take(wait: string): string | undefined {
    const token = this.waits.get(wait);
    this.waits.delete(wait);
    return token;
  }
}
