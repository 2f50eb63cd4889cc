import type { CaseId } from '../casework/case.ts';
import type { StepAnswer } from '../casework/step.ts';

/** Which run of which case; the name of the execution is made from both, so starting twice starts once. */
export interface CaseRun {
  readonly case: CaseId;
  readonly run: number;
}

/** The engine that follows cases: Step Functions, or the same definition under the local interpreter. */
export interface CaseWorkflow {
  /** Starts a run unless it was started before. RetryLaterError when throttled. */
  start(run: CaseRun): Promise<void>;
  /** Wakes the wait of a token with where to go on. `gone`: woken before, timed out or of an ended run; nothing to do. */
  wake(token: string, answer: StepAnswer): Promise<'woken' | 'gone'>;
  /** Whether the run is under way. Not so: never started, ended, failed, or so old that the engine would soon end it. */
  alive(run: CaseRun): Promise<boolean>;
}
