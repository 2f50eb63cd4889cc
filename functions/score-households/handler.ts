import * as z from 'zod';
import { type AnnounceDeps, announceFileAnswers } from '../../shared/casework/announce-file-answers.ts';
import { AssessHouseholds, HouseholdUpdates, isPlainUpdates, Sweep } from '../../shared/ports/queue-messages.ts';
import { type ApplyDeps, applyUpdates } from '../../shared/registry/apply-updates.ts';
import { type AssessDeps, assessHouseholds, sweepPage } from '../../shared/warnings/assess-households.ts';
import { parseBody } from '../parse-body.ts';
import { type BatchAnswer, type BatchDeps, processBatch, type QueueEvent } from '../process-batch.ts';

/** Stops a message of another version or another step from being taken for facts. */
const ScoreMessage = z.discriminatedUnion('kind', [HouseholdUpdates, AssessHouseholds, Sweep]);
type ScoreMessage = z.infer<typeof ScoreMessage>;

/** What the function needs: ports only, so that every host can run it. */
export type ScoreDeps = ApplyDeps & AssessDeps & AnnounceDeps & BatchDeps;

/** The handler of both queues `updates` and `assessments`. */
export function createHandler(deps: ScoreDeps): (event: QueueEvent) => Promise<BatchAnswer> {
  return (event) =>
    processBatch<ScoreMessage>(event, deps, {
      parse: (body) => parseBody<ScoreMessage>(body, ScoreMessage, isPlainUpdates),
      // Each page of a sweep stands alone; the others gain from being read and written together.
      groupOf: (message) => (message.kind === 'sweep' ? `sweep ${message.after ?? ''}` : message.kind),
      last: (message) => message.kind === 'sweep',
      work: (messages) => workOn(deps, messages),
    });
}

async function workOn(deps: ScoreDeps, messages: readonly ScoreMessage[]): Promise<void> {
  const updates: HouseholdUpdates[] = [];
  const households: AssessHouseholds['households'] = [];
  for (const message of messages) {
    switch (message.kind) {
      case 'household-updates':
        updates.push(message);
        break;
      case 'assess-households':
        households.push(...message.households);
        break;
      case 'sweep':
        await sweepPage(deps, message.after);
        break;
    }
  }
  if (updates.length > 0) await announceFileAnswers(deps, updates, await applyUpdates(deps, updates));
  if (households.length > 0) await assessHouseholds(deps, households);
}
