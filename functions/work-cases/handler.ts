import * as z from 'zod';
import { noteWaiting, runStep, type StepDeps } from '../../shared/casework/run-step.ts';
import type { StepAnswer, StepCall, WaitCall } from '../../shared/casework/step.ts';
import { type MessageDeps, takeMessages } from '../../shared/casework/take-messages.ts';
import { type TendDeps, tendCases } from '../../shared/casework/tend-cases.ts';
import { type CorrectionTending, tendCorrections } from '../../shared/corrections/tend-corrections.ts';
import {
  AnswersCame,
  type CaseMessage,
  SendCorrections,
  StartRun,
  TendCases,
  TendCorrections,
  WakeRun,
  WarningChanged,
} from '../../shared/ports/case-messages.ts';
import { NotFoundError, PermanentError } from '../../shared/ports/errors.ts';
import { parseBody } from '../parse-body.ts';
import { type BatchAnswer, type BatchDeps, processBatch, type QueueEvent } from '../process-batch.ts';
import { readEngineCall } from './engine-call.ts';

/** Stops a message of another queue or version from being taken for one of the casework. */
const WorkMessage = z.discriminatedUnion('kind', [
  WarningChanged,
  StartRun,
  WakeRun,
  AnswersCame,
  SendCorrections,
  TendCases,
  TendCorrections,
]);
type WorkMessage = z.infer<typeof WorkMessage>;

/** What the function needs: ports only, so that every host can run it. */
export type WorkDeps = StepDeps & MessageDeps & TendDeps & CorrectionTending & BatchDeps;

/** Cases named in a dead letter. */
const NAMED = 5;

/** The function's two entries: the queue `cases`, and calls of the workflow. */
export function createHandler(deps: WorkDeps): (event: QueueEvent | object) => Promise<BatchAnswer | StepAnswer | undefined> {
  const take = createQueueHandler(deps);
  return async (event) => ('Records' in event ? take(event as QueueEvent) : answerCall(deps, readEngineCall(event)));
}

/** The handler of the queue `cases`. */
export function createQueueHandler(deps: WorkDeps): (event: QueueEvent) => Promise<BatchAnswer> {
  return (event) =>
    processBatch<WorkMessage>(event, deps, {
      parse: (body) => parseBody<WorkMessage>(body, WorkMessage),
      // A page of tending stands alone; warnings gain from being taken together.
      groupOf: (message) => (tendsPages(message) ? `${message.kind} ${message.after ?? ''}` : message.kind),
      last: tendsPages,
      work: (messages) => workOn(deps, messages),
    });
}

function tendsPages(message: WorkMessage): message is TendCases | TendCorrections {
  return message.kind === 'tend-cases' || message.kind === 'tend-corrections';
}

async function workOn(deps: WorkDeps, messages: readonly WorkMessage[]): Promise<void> {
  const news: CaseMessage[] = [];
  for (const message of messages) {
    if (message.kind === 'tend-cases') {
      const failed = await tendCases(deps, message);
      // The first page comes once a day: the notices to departments are looked after with it. By a message, since a page that
      // was done must not be done, and followed, again for what comes after it.
      if (message.after === undefined && message.closed !== true) await sendForCorrections(deps);
      if (failed.length > 0) throw notTended(failed);
    } else if (message.kind === 'tend-corrections') await tendCorrections(deps, message);
    else news.push(message);
  }
  if (news.length > 0) await takeMessages(deps, news);
}

/** For good: the page is done and followed, and goes to the dead letters so that somebody looks at the cases. */
function notTended(failed: readonly string[]): PermanentError {
  const named = failed.slice(0, NAMED).join(', ');
  return new PermanentError('CASES_NOT_TENDED', `${failed.length} cases could not be looked after, among them ${named}`);
}

async function sendForCorrections({ queue }: WorkDeps): Promise<void> {
  const message: TendCorrections = { v: 1, kind: 'tend-corrections' };
  await queue.send('cases', [{ body: JSON.stringify(message) }]);
}

/** Answers a call of the workflow; a wait only announces itself and is answered nothing. */
export async function answerCall(deps: StepDeps, call: StepCall | WaitCall): Promise<StepAnswer | undefined> {
  try {
    if (!('token' in call)) return await runStep(deps, call);
    await noteWaiting(deps, call);
    return undefined;
  } catch (error) {
    // Cases are never deleted: what is not there now will not come, and the engine need not try for half an hour.
    if (error instanceof NotFoundError) throw new PermanentError('NO_SUCH_CASE', 'the workflow follows a case that is not there');
    throw error;
  }
}
