import type { Catalog } from '../catalog/feed.ts';
import type { FactChunk, PersonKey } from '../facts/fact.ts';
import { countKnownRows, foldFacts } from '../facts/fold.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError } from '../ports/errors.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import { type Log, LogCode, type Metrics } from '../ports/log.ts';
import type { OutgoingMessage, QueueSender } from '../ports/queue.ts';
import type { AssessHouseholds, HouseholdUpdates } from '../ports/queue-messages.ts';
import type { HouseholdId } from './household.ts';
import { membershipsOf } from './membership.ts';
import type { Pseudonyms } from './pseudonym.ts';

/** What applying updates needs. */
export interface ApplyDeps {
  readonly catalog: Catalog;
  readonly pseudonyms: Pseudonyms;
  readonly facts: FactStore;
  readonly registry: HouseholdRegistry;
  readonly register: FileRegister;
  readonly queue: QueueSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Households per `assess-households` message: 1 where the queue merges waiting messages by key, more where each message costs. */
  readonly householdsPerMessage: number;
  /** True when everybody is sure to be assessed after these updates anyway, so that so many households need not be asked for. */
  readonly sweepCovers?: (households: number) => Promise<boolean>;
}

/**
 * Takes in the facts of some messages: keeps them, places the people in households again, and asks for every household
 * touched to be assessed. Safe to repeat and to run in any order: facts have keys, placements follow from all facts of a
 * person, and every household the person was ever in is looked at again. Answers with those households of each person. Throws
 * PermanentError when there are people whom nobody can place, once all others are.
 */
export async function applyUpdates(
  deps: ApplyDeps,
  messages: readonly HouseholdUpdates[],
): Promise<ReadonlyMap<PersonKey, readonly HouseholdId[]>> {
  const chunksOfMessage = messages.map((message) => chunksOf(message, deps.catalog));
  const chunks = chunksOfMessage.flat();
  if (chunks.length === 0) return new Map();
  const stored = await deps.facts.append(chunks);
  for (const added of chunksOfMessage) await countKnown(deps, added, stored);

  const { registrations, failed } = placedBy(deps, stored);
  const placed = await deps.registry.register(registrations, deps.clock.now());
  const households = new Set<HouseholdId>();
  for (const ever of placed.values()) for (const household of ever) households.add(household);
  const covered = await deps.sweepCovers?.(households.size);
  if (covered !== true) await requestAssessment(deps, [...households]);

  deps.metrics.count(
    'FactsRecorded',
    chunks.reduce((sum, chunk) => sum + chunk.rows.length, 0),
  );
  deps.log.info(LogCode.UpdatesApplied, { messages: messages.length, persons: stored.size, households: households.size });
  if (failed.length === 0) return placed;
  const errors = [...new Set(failed)].join(', ');
  throw new PermanentError('NOT_PLACED', `${failed.length} of ${stored.size} people could not be placed: ${errors}`);
}

/** Where people belong; the names of the errors of those who cannot be placed, so that they do not hold up the others. */
function placedBy(deps: ApplyDeps, stored: ReadonlyMap<PersonKey, readonly FactChunk[]>) {
  const registrations: PersonRegistration[] = [];
  const failed: string[] = [];
  for (const [person, all] of stored) {
    try {
      registrations.push(registrationOf(deps, person, all));
    } catch (error) {
      failed.push(error instanceof Error ? error.name : 'unknown');
    }
  }
  return { registrations, failed };
}

/** Sends households to be assessed, packed as the queue likes it. */
export async function requestAssessment(
  deps: { readonly queue: QueueSender; readonly householdsPerMessage: number },
  households: readonly HouseholdId[],
): Promise<void> {
  const messages: OutgoingMessage[] = [];
  for (let start = 0; start < households.length; start += deps.householdsPerMessage) {
    const some = households.slice(start, start + deps.householdsPerMessage);
    const message: AssessHouseholds = { v: 1, kind: 'assess-households', households: some };
    const [only] = some;
    messages.push({ body: JSON.stringify(message), ...(some.length === 1 && only !== undefined ? { key: only } : undefined) });
  }
  if (messages.length > 0) await deps.queue.send('assessments', messages);
}

function chunksOf({ feed, file, seq, recordedAt, updates }: HouseholdUpdates, catalog: Catalog): FactChunk[] {
  if (!catalog.has(feed)) throw new PermanentError('UNKNOWN_FEED', `no feed ${feed} in the catalog of this version`);
  return updates.map(({ person, birth, sex, rows }) => ({ person, birth, sex, feed, file, seq, recordedAt, rows }));
}

async function countKnown(deps: ApplyDeps, added: readonly FactChunk[], stored: ReadonlyMap<PersonKey, readonly FactChunk[]>) {
  const [first] = added;
  // A list told anew is news about who is still on it, not a repetition.
  if (first === undefined || deps.catalog.get(first.feed)?.kind === 'snapshot') return;
  const known = added.reduce((sum, chunk) => sum + countKnownRows(chunk, stored.get(chunk.person) ?? [], deps.catalog), 0);
  if (known > 0) await deps.register.recordKnownRows(first.file, String(first.rows[0]?.row ?? 0), known);
}

/** Where a person belongs by these chunks of facts. */
export function registrationOf(
  deps: Pick<ApplyDeps, 'catalog' | 'pseudonyms'>,
  person: PersonKey,
  chunks: readonly FactChunk[],
): PersonRegistration {
  const [any] = chunks;
  if (any === undefined) throw new PermanentError('NO_FACTS', 'a person was to be placed whose facts are not stored');
  // Only these feeds place people; rows of the others need not even be read.
  const placing = chunks.filter(({ feed }) => {
    const spec = deps.catalog.get(feed);
    return spec?.household !== undefined || spec?.death !== undefined;
  });
  const memberships = membershipsOf(person, foldFacts(placing, deps.catalog), deps.catalog, deps.pseudonyms);
  return { person, birth: any.birth, sex: any.sex, memberships, version: chunks.length };
}
