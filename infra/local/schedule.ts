import { INBOX } from '../../shared/intake/normalize-file.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { QueueName, QueueReceiver } from '../../shared/ports/queue.ts';
import { FileDropped } from '../../shared/ports/queue-messages.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { BEFORE_SWEEP, type Task, type WorkQueue } from './work.ts';

/** A message as the schedule sees it; `body` only where it is small. */
interface WaitingMessage {
  readonly id: string;
  readonly share: number;
  readonly bytes: number;
  readonly body: string | undefined;
}

/** The queue as the schedule sees it: it looks and takes nothing. */
export interface QueueView extends Pick<QueueReceiver, 'depth'> {
  waiting(queue: QueueName, max: number, apart?: readonly number[]): Promise<readonly WaitingMessage[]>;
}

/** What the schedule looks at. */
export interface ScheduleParts {
  readonly queue: QueueView;
  readonly exchange: Pick<ObjectStore, 'info'>;
  /** One page of all households to assess, from the first or after a cursor. */
  readonly households: (
    after: string | undefined,
  ) => Promise<{ readonly households: readonly HouseholdId[]; readonly next?: string }>;
  /** Whether a run of the case workflow can go on. */
  readonly runsDue: () => boolean;
  /** How many lists of events wait to be archived. */
  readonly eventsWaiting: () => Promise<number>;
}

/** The steps of the way: the queues, and what is done with their events in the end. */
export type Step = WorkQueue | 'archive' | 'reports';

/** A task with what nobody else may have in hand at the same time. */
export interface Assignment {
  readonly task: Task;
  /** Which step of the way it belongs to. */
  readonly step: Step;
  readonly feed?: string;
  readonly shares?: readonly number[];
}

/** Messages taken at once. Facts and households gain from being written together. Up to 15 MB of facts. */
const BATCH = { updates: 64, assessments: 1_000, cases: 100 } as const;
/** Lists of events, of up to 256 each, from which on they are archived beside a sweep. */
const ARCHIVE_BESIDE = 160;
/** Files looked at to choose one. */
const FILES_SEEN = 64;
const ARCHIVE: Assignment = { step: 'archive', task: { kind: 'archive' } };
/**
 * From here on it pays to start threads, each of which takes about a second of processor time to load and compile the
 * program: bytes of files and messages of facts, pages of households.
 */
const MUCH = { bytes: 8 * 1024 * 1024, pages: 10 } as const;
/** Messages of facts looked at to see how much waits. */
const UPDATES_SEEN = 1_000;

/**
 * Decides what is done next, in the order that does least: files first, then their facts, then each household touched
 * once, then everybody. A step begins when the one before it has nothing waiting and nothing in hand. Within a step several
 * tasks may be in hand, but of one feed never two files, so that its files keep the order they came in, and of one share of
 * people never two batches of facts. Cases follow when everybody was looked at, with several hands beside it. Events are archived beside
 * a sweep, which leaves the database to others most of the time, and when there is nothing else to do.
 */
export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #inHand = new Set<Assignment>();
  #sweepDue = true;
  /** The cursor of the sweep under way; every start begins with a sweep, so it need not be kept. */
  #sweep: { readonly after: string | undefined; readonly pages: number } | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Makes the next pause a time to look at every household again. */
  requestSweep(): void {
    this.#sweepDue = true;
  }

  /** What to do next, in hand from now on; undefined when nothing may be begun now. `hands` is how many work in all. */
  async next(hands: number): Promise<Assignment | undefined> {
    const assignment = await this.#choose(hands);
    if (assignment !== undefined) this.#inHand.add(assignment);
    return assignment;
  }

  /** No longer in hand, done or not. */
  ended(assignment: Assignment): void {
    this.#inHand.delete(assignment);
    if (assignment.step === 'files') this.#sweepDue = true;
  }

  /** Whether there is so much to do that more hands pay. */
  async muchWaits(): Promise<boolean> {
    if ((this.#sweep?.pages ?? 0) >= MUCH.pages) return true;
    let bytes = 0;
    for (const message of await this.#parts.queue.waiting('updates', UPDATES_SEEN)) bytes += message.bytes;
    for (const { body } of await this.#parts.queue.waiting('files', FILES_SEEN)) bytes += await this.#sizeOf(body);
    return bytes >= MUCH.bytes;
  }

  async #choose(hands: number): Promise<Assignment | undefined> {
    const file = await this.#file(hands);
    if (file !== undefined || this.#isBusyWith('files')) return file;
    const updates = await this.#updates();
    if (updates !== undefined || this.#isBusyWith('updates')) return updates;
    // One more call for everybody waits for the sweep under way, or the last households would never have their turn.
    if (this.#sweepDue && this.#sweep === undefined && (await this.#mayNowSweep())) {
      this.#sweepDue = false;
      this.#sweep = { after: undefined, pages: 0 };
    }
    if (this.#sweep !== undefined && (await this.#mayArchive(ARCHIVE_BESIDE))) return ARCHIVE;
    return (
      (await this.#assessments()) ??
      (await this.#casesBeside()) ??
      (await this.#page()) ??
      (await this.#cases()) ??
      ((await this.#mayArchive(1)) ? ARCHIVE : undefined)
    );
  }

  /** While others assess, one sees to the cases there are already: as the last step of all they would leave the others idle. */
  async #casesBeside(): Promise<Assignment | undefined> {
    return this.#isBusyWith('assessments') ? this.#cases() : undefined;
  }

  /**
   * Runs of the casework, then its messages; one task at a time, so that a case is not changed by two at once. Runs first:
   * what a wait's time brings is the run's to do, and tending is for what runs have left undone.
   */
  async #cases(): Promise<Assignment | undefined> {
    if (this.#isBusyWith('cases')) return undefined;
    if (this.#parts.runsDue()) return { step: 'cases', task: { kind: 'runs' } };
    const found = await this.#parts.queue.waiting('cases', BATCH.cases);
    const ids = found.map(({ id }) => id);
    return ids.length === 0 ? undefined : this.#messages('cases', ids);
  }

  /** One archives at a time: the chain of events has one end. */
  async #mayArchive(lists: number): Promise<boolean> {
    return !this.#isBusyWith('archive') && (await this.#parts.eventsWaiting()) >= lists;
  }

  /** The first file in the queue; with several hands, the largest that may be read now, so that none is left to the end. */
  async #file(hands: number): Promise<Assignment | undefined> {
    const busy = new Set([...this.#inHand].map((one) => one.feed));
    const seen = await this.#parts.queue.waiting('files', FILES_SEEN + this.#inHand.size);
    let chosen: { readonly id: string; readonly feed: string; readonly size: number } | undefined;
    for (const { id, body } of seen) {
      if (this.#holds(id)) continue;
      const feed = feedOf(body);
      if (busy.has(feed)) continue;
      // Later files of the feed wait for this one.
      busy.add(feed);
      const size = hands === 1 ? 0 : await this.#sizeOf(body);
      if (chosen === undefined || size > chosen.size) chosen = { id, feed, size };
      if (hands === 1) break;
    }
    return chosen && { ...this.#messages('files', [chosen.id]), feed: chosen.feed };
  }

  /** Whole shares, as many as go together; a share larger than that comes in several batches, one after the other. */
  async #updates(): Promise<Assignment | undefined> {
    const apart = [...this.#inHand].flatMap((one) => one.shares ?? []);
    const found = await this.#parts.queue.waiting('updates', BATCH.updates, apart);
    const [first] = found;
    if (first === undefined) return undefined;
    const cut = found.length < BATCH.updates || found.at(-1)?.share === first.share ? undefined : found.at(-1)?.share;
    const fits = found.filter((message) => message.share !== cut);
    const ids = fits.map((message) => message.id);
    return { ...this.#messages('updates', ids), shares: [...new Set(fits.map((message) => message.share))] };
  }

  async #assessments(): Promise<Assignment | undefined> {
    const inHand = [...this.#inHand].reduce((sum, { task }) => sum + (task.kind === 'messages' ? task.ids.length : 0), 0);
    const found = await this.#parts.queue.waiting('assessments', BATCH.assessments + inHand);
    const ids = found.map((message) => message.id).filter((id) => !this.#holds(id));
    return ids.length === 0 ? undefined : this.#messages('assessments', ids.slice(0, BATCH.assessments));
  }

  async #page(): Promise<Assignment | undefined> {
    while (this.#sweep !== undefined) {
      const { after, pages } = this.#sweep;
      const { households, next } = await this.#parts.households(after);
      this.#sweep = next === undefined ? undefined : { after: next, pages: pages + 1 };
      if (households.length > 0) return { step: 'assessments', task: { kind: 'households', households } };
    }
    return undefined;
  }

  #messages(queue: WorkQueue, ids: readonly string[]): Assignment {
    return { step: queue, task: { kind: 'messages', queue, ids, sweepDue: this.#sweepDue } };
  }

  async #mayNowSweep(): Promise<boolean> {
    const waiting = await this.#parts.queue.depth('assessments');
    return waiting === 0 || waiting > BEFORE_SWEEP;
  }

  #isBusyWith(step: Step): boolean {
    return [...this.#inHand].some((one) => one.step === step);
  }

  /** A message in hand may still look as if it waited, until whoever has it has said so to the queue. */
  #holds(id: string): boolean {
    return [...this.#inHand].some(({ task }) => task.kind === 'messages' && task.ids.includes(id));
  }

  async #sizeOf(body: string | undefined): Promise<number> {
    const key = keyOf(body);
    return key === undefined ? 0 : ((await this.#parts.exchange.info(key))?.size ?? 0);
  }
}

/** Department and category as the folders name them. */
function feedOf(body: string | undefined): string {
  const [department = '', category = ''] = (keyOf(body) ?? '').slice(INBOX.length).split('/');
  return `${department}/${category}`;
}

/** The key of the file a message is about; of a message nobody understands, none: it fails by itself where it is read. */
function keyOf(body: string | undefined): string | undefined {
  try {
    return body === undefined ? undefined : FileDropped.parse(JSON.parse(body)).key;
  } catch {
    return undefined;
  }
}
