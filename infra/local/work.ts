import { stepsOf } from '../../functions/casework-parts.ts';
import { createHandler as normalizeHandler } from '../../functions/normalize-file/handler.ts';
import type { BatchAnswer, QueueEvent } from '../../functions/process-batch.ts';
import { queueFinder } from '../../functions/queue-of.ts';
import { createHandler as scoreHandler } from '../../functions/score-households/handler.ts';
import { answerCall, createQueueHandler as casesHandler } from '../../functions/work-cases/handler.ts';
import type { Embedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { LogCode } from '../../shared/ports/log.ts';
import type { QueueName, ReceivedMessage } from '../../shared/ports/queue.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { countArchived } from '../../shared/reports/count-archived.ts';
import { assessPage } from '../../shared/warnings/assess-households.ts';
import type { County } from './county.ts';

/** The queues of the way from a file to a case; reports are made beside it. */
export type WorkQueue = Exclude<QueueName, 'reports'>;

/** A piece of work that one thread does from beginning to end. */
export type Task =
  | {
      readonly kind: 'messages';
      readonly queue: WorkQueue;
      readonly ids: readonly string[];
      /** Whether everybody is assessed once all facts that wait are taken in, whatever comes of this task. */
      readonly sweepDue: boolean;
    }
  /** A page of a sweep. */
  | { readonly kind: 'households'; readonly households: readonly HouseholdId[] }
  /** A message about reports, over everything that has happened until now. */
  | { readonly kind: 'reports'; readonly ids: readonly string[] }
  /** Going on with runs of the case workflow: woken, out of time, or to be tried again. By one thread at a time. */
  | { readonly kind: 'runs' }
  /** Moving events from the outbox to the archive. */
  | { readonly kind: 'archive' };

/** Does a task; answers how many messages, households or events are done with. */
export type Work = (task: Task) => Promise<number>;

/** Longest a batch may take before its messages are given to somebody else, seconds. */
const VISIBILITY = 900;
/** How long a message that failed waits before it comes again. */
const RETRY_SECONDS = 2;
/** Up to so many waiting households are assessed before a sweep adds all others, so that a small file shows at once. */
export const BEFORE_SWEEP = 2_000;
/** Runs of the case workflow gone on with in one go, and in one transaction where the thread does nothing else. */
const RUNS = 32;
/** Events archived in one go. */
const ARCHIVE_BATCH = 40_000;
const SOURCE = 'outbox';

/**
 * The functions of the platform over the stores of one thread, for one task after the other. Where the thread does nothing
 * else (`alone`), the many small changes of casework share transactions.
 */
export function workOf(county: County, { alone }: { readonly alone: boolean }): Work {
  const { stores, clock, log, metrics } = county;
  const keepCasework = alone ? stores.together : asItComes;
  let sweepDue = false;
  const deps = {
    catalog,
    pseudonyms: county.pseudonyms,
    sealer: county.sealer,
    exchange: stores.objects,
    register: stores.files,
    vault: stores.identities,
    facts: stores.facts,
    registry: stores.households,
    standings: stores.standings,
    cases: stores.cases,
    queue: stores.queue,
    deadLetters: stores.queue,
    clock,
    log,
    metrics,
    packsFor: county.packsFor,
    queueOf: queueFinder({ files: 'files', updates: 'updates', assessments: 'assessments', cases: 'cases' }),
    pause: (attempt: number) => new Promise<void>((resolve) => setTimeout(resolve, 5 * attempt)),
    // One household a message: the queue then merges those that wait already.
    householdsPerMessage: 1,
    // A few are asked for even so: they have their turn before all others.
    sweepCovers: async (households: number) => sweepDue && (await stores.queue.depth('assessments')) + households > BEFORE_SWEEP,
  };
  const casework = {
    ...deps,
    corrections: stores.corrections,
    staff: stores.staff,
    workflow: stores.workflow,
    rules: county.casework.rules,
    ...stepsOf({ ...deps, staff: stores.staff }),
  };
  const score = scoreHandler(deps);
  const handlers = {
    files: normalizeHandler(deps),
    updates: score,
    assessments: score,
    cases: casesHandler(casework),
  };
  let reports: ((event: QueueEvent) => Promise<BatchAnswer>) | undefined;
  return async (task) => {
    switch (task.kind) {
      case 'messages':
        sweepDue = task.sweepDue;
        return workMessages(
          stores,
          handlers[task.queue],
          task.queue,
          task.ids,
          task.queue === 'cases' ? keepCasework : asItComes,
        );
      case 'households':
        await assessPage(deps, task.households);
        return task.households.length;
      case 'reports':
        // Loaded with the first report: most threads make none.
        reports ??= (await import('./reports.ts')).reportsHandler(county);
        await archiveAll(county);
        return workMessages(stores, reports, 'reports', task.ids, asItComes);
      case 'runs':
        return keepCasework(() => stores.workflow.work((call) => answerCall(casework, call), RUNS));
      case 'archive':
        return archiveOutbox(county);
    }
  };
}

/** How what comes of a piece of work is kept: change by change, or together. */
type Keeping = Embedded['together'];
const asItComes: Keeping = (work) => work();

async function workMessages(
  { queue }: Embedded,
  handle: (event: QueueEvent) => Promise<BatchAnswer>,
  name: QueueName,
  ids: readonly string[],
  keep: Keeping,
): Promise<number> {
  // Kept at once in any case: a message that kills the process must be known to have been in hand.
  const messages = await queue.take(name, ids, VISIBILITY);
  if (messages.length === 0) return 0;
  return keep(async () => {
    const answer = await handle(eventOf(name, messages));
    const again = new Set(answer.batchItemFailures.map((failure) => failure.itemIdentifier));
    const done = messages.map((message) => message.id).filter((id) => !again.has(id));
    await queue.remove(name, done);
    if (again.size > 0) await queue.retry([...again], RETRY_SECONDS, LogCode.MessageRetried);
    return done.length;
  });
}

/** The queue event as the cloud would make it. */
function eventOf(name: QueueName, messages: readonly ReceivedMessage[]): QueueEvent {
  return {
    Records: messages.map(({ id, body, attempt }) => ({
      messageId: id,
      body,
      eventSourceARN: `embedded:${name}`,
      attributes: { ApproximateReceiveCount: String(attempt) },
    })),
  };
}

/** How many lists of events wait to be archived. */
export async function eventsWaiting({ archive, outbox }: Embedded): Promise<number> {
  return outbox.waiting((await archive.head()).positions[SOURCE] ?? '');
}

/** Moves every event that waits to the archive, so that what is read of it is all that has happened. */
export async function archiveAll(county: County): Promise<void> {
  while ((await eventsWaiting(county.stores)) > 0) await archiveOutbox(county);
}

/** Moves one batch of waiting events to the archive; answers how many it moved. */
async function archiveOutbox({ stores, clock }: County): Promise<number> {
  const { positions } = await stores.archive.head();
  const taken = positions[SOURCE] ?? '';
  const batch = await stores.outbox.pending(taken, ARCHIVE_BATCH);
  const last = batch.at(-1);
  if (last === undefined) return 0;
  const archived = await archiveEvents(stores.archive, SOURCE, batch, dateInChina(clock.now()));
  await stores.outbox.discard(last.position);
  await countArchived(stores, archived);
  return archived.length;
}
