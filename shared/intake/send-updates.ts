import type { Instant } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId, FileSequence, PersonKey } from '../facts/fact.ts';
import type { IdentityVault, SealedIdentity } from '../ports/identity-vault.ts';
import { MESSAGE_BYTES, type OutgoingMessage, type QueueSender } from '../ports/queue.ts';
import type { HouseholdUpdates } from '../ports/queue-messages.ts';
import type { Pseudonyms } from '../registry/pseudonym.ts';
import { type Sealer, sealIdentity } from '../registry/sealing.ts';
import type { PersonRow } from './read-department-file.ts';

/** The file whose rows are sent. */
export interface SentFile {
  readonly id: FileId;
  readonly feed: FeedId;
  readonly seq: FileSequence;
  readonly arrivedAt: Instant;
}

type Update = HouseholdUpdates['updates'][number];

/** People remembered within one file, so that one who has many rows is looked up once. */
const REMEMBERED = 100_000;
/** Rows sent at a time. */
const WINDOW_ROWS = 20_000;

/**
 * Sends a file's accepted rows on: identities to the vault first, then the facts, by person, to the queue `updates`.
 * People are sorted within windows of rows and each message stays within one of 64 shares of all people, so that a store meets
 * neighbours together. The same rows in the same batches give the same messages, so a file read again after a crash repeats
 * itself exactly. Nothing is sure to be sent before `finish`.
 */
export class UpdateSender {
  readonly #file: SentFile;
  readonly #vault: IdentityVault;
  readonly #queue: QueueSender;
  readonly #pseudonyms: Pseudonyms;
  readonly #sealer: Sealer;
  readonly #seen = new Map<PersonKey, string>();
  #window: PersonRow[] = [];

  constructor(file: SentFile, vault: IdentityVault, queue: QueueSender, pseudonyms: Pseudonyms, sealer: Sealer) {
    this.#file = file;
    this.#vault = vault;
    this.#queue = queue;
    this.#pseudonyms = pseudonyms;
    this.#sealer = sealer;
  }

  async send(batch: readonly PersonRow[]): Promise<void> {
    this.#window.push(...batch);
    if (this.#window.length >= WINDOW_ROWS) await this.finish();
  }

  /** Sends what is still held back. */
  async finish(): Promise<void> {
    const people = byPerson(this.#window);
    this.#window = [];
    if (people.length === 0) return;
    await this.#keepIdentities(people);
    await this.#queue.send('updates', this.#messages(people));
  }

  async #keepIdentities(people: readonly PersonRows[]): Promise<void> {
    const fresh = new Map<PersonKey, { row: PersonRow; nameKey: string }>();
    for (const { person, rows } of people) {
      for (const row of rows) {
        const before = this.#seen.get(person);
        if (before !== undefined && (row.name === undefined || before === row.name)) continue;
        this.#seen.set(person, row.name ?? '');
        fresh.set(person, { row, nameKey: row.name === undefined ? '' : this.#pseudonyms.name(row.name) });
      }
    }
    if (this.#seen.size > REMEMBERED) this.#seen.clear();
    if (fresh.size === 0) return;
    const known = await this.#vault.known([...fresh.keys()]);
    const sealed: SealedIdentity[] = [];
    for (const [person, { row, nameKey }] of fresh) {
      const there = known.get(person);
      // A row without a name must not wipe out the one we have.
      if (there !== undefined && (nameKey === '' || there.nameKey === nameKey || there.seq > this.#file.seq)) continue;
      sealed.push({
        person,
        nameKey,
        sealed: sealIdentity(this.#sealer, person, { number: row.number, name: row.name ?? '' }),
        seq: this.#file.seq,
      });
    }
    if (sealed.length > 0) await this.#vault.put(sealed);
  }

  #messages(people: readonly PersonRows[]): OutgoingMessage[] {
    const { id: file, feed, seq, arrivedAt: recordedAt } = this.#file;
    const head: Omit<HouseholdUpdates, 'updates'> = { v: 1, kind: 'household-updates', file, feed, seq, recordedAt };
    const opening = `${JSON.stringify(head).slice(0, -1)},"updates":[`;
    const room = MESSAGE_BYTES - Buffer.byteLength(opening) - 2;
    const messages: OutgoingMessage[] = [];
    let parts: string[] = [];
    let size = 0;
    let share = 0;
    const close = () => {
      if (parts.length > 0) messages.push({ body: `${opening}${parts.join(',')}]}`, share });
      parts = [];
      size = 0;
    };
    for (const { person, rows } of people) {
      const [{ birth, sex }] = rows;
      if (shareOf(person) !== share) close();
      share = shareOf(person);
      for (const text of texts({ person, birth, sex, rows: rows.map((row) => row.fact) }, room)) {
        const bytes = Buffer.byteLength(text) + 1;
        if (size + bytes > room) close();
        parts.push(text);
        size += bytes;
      }
    }
    close();
    return messages;
  }
}

/** A person's rows within a window, in file order. */
interface PersonRows {
  readonly person: PersonKey;
  readonly rows: [PersonRow, ...PersonRow[]];
}

function byPerson(window: readonly PersonRow[]): PersonRows[] {
  const people = new Map<PersonKey, PersonRows>();
  for (const row of window) {
    const there = people.get(row.person);
    if (there === undefined) people.set(row.person, { person: row.person, rows: [row] });
    else there.rows.push(row);
  }
  // Sorted as plain texts, which needs no function called for every comparison.
  const persons = [...people.keys()].sort();
  return persons.flatMap((person) => people.get(person) ?? []);
}

/** 64 shares of all people, by the first two digits of the pseudonym. */
function shareOf(person: PersonKey): number {
  return Number.parseInt(person.slice(0, 2), 16) >> 2;
}

/** The update's JSON text; of a person with more rows than a message holds, that of each half. */
function* texts(update: Update, room: number): Iterable<string> {
  const text = JSON.stringify(update);
  if (update.rows.length === 1 || Buffer.byteLength(text) <= room) {
    yield text;
    return;
  }
  const half = Math.ceil(update.rows.length / 2);
  yield* texts({ ...update, rows: update.rows.slice(0, half) }, room);
  yield* texts({ ...update, rows: update.rows.slice(half) }, room);
}
