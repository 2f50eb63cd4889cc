import type { Instant } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FactRow, FileId, FileSequence, PersonKey } from '../facts/fact.ts';
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

/**
 * Sends a file's accepted rows on: identities to the vault first, then the facts, by person, to the queue `updates`.
 * The same rows in the same batches give the same messages, so a file read again after a crash repeats itself exactly.
 */
export class UpdateSender {
  readonly #file: SentFile;
  readonly #vault: IdentityVault;
  readonly #queue: QueueSender;
  readonly #pseudonyms: Pseudonyms;
  readonly #sealer: Sealer;
  readonly #seen = new Map<PersonKey, string>();

  constructor(file: SentFile, vault: IdentityVault, queue: QueueSender, pseudonyms: Pseudonyms, sealer: Sealer) {
    this.#file = file;
    this.#vault = vault;
    this.#queue = queue;
    this.#pseudonyms = pseudonyms;
    this.#sealer = sealer;
  }

  async send(batch: readonly PersonRow[]): Promise<void> {
    if (batch.length === 0) return;
    await this.#keepIdentities(batch);
    await this.#queue.send('updates', this.#messages(batch));
  }

  async #keepIdentities(batch: readonly PersonRow[]): Promise<void> {
    const fresh = new Map<PersonKey, { row: PersonRow; nameKey: string }>();
    for (const row of batch) {
      const before = this.#seen.get(row.person);
      if (before !== undefined && (row.name === undefined || before === row.name)) continue;
      this.#seen.set(row.person, row.name ?? '');
      fresh.set(row.person, { row, nameKey: row.name === undefined ? '' : this.#pseudonyms.name(row.name) });
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

  #messages(batch: readonly PersonRow[]): OutgoingMessage[] {
    const byPerson = new Map<PersonKey, Update & { rows: FactRow[] }>();
    for (const { person, birth, sex, fact } of batch) {
      const update = byPerson.get(person);
      if (update === undefined) byPerson.set(person, { person, birth, sex, rows: [fact] });
      else update.rows.push(fact);
    }
    const { id: file, feed, seq, arrivedAt: recordedAt } = this.#file;
    const head: Omit<HouseholdUpdates, 'updates'> = { v: 1, kind: 'household-updates', file, feed, seq, recordedAt };
    const opening = `${JSON.stringify(head).slice(0, -1)},"updates":[`;
    const room = MESSAGE_BYTES - Buffer.byteLength(opening) - 2;
    const messages: OutgoingMessage[] = [];
    let parts: string[] = [];
    let size = 0;
    const close = () => {
      if (parts.length > 0) messages.push({ body: `${opening}${parts.join(',')}]}` });
      parts = [];
      size = 0;
    };
    for (const text of texts([...byPerson.values()], room)) {
      const bytes = Buffer.byteLength(text) + 1;
      if (size + bytes > room) close();
      parts.push(text);
      size += bytes;
    }
    close();
    return messages;
  }
}

/** One JSON text per update; a person with more rows than a message holds is sent in halves. */
function* texts(updates: readonly Update[], room: number): Iterable<string> {
  for (const update of updates) {
    const text = JSON.stringify(update);
    if (update.rows.length === 1 || Buffer.byteLength(text) <= room) {
      yield text;
      continue;
    }
    const half = Math.ceil(update.rows.length / 2);
    yield* texts(
      [
        { ...update, rows: update.rows.slice(0, half) },
        { ...update, rows: update.rows.slice(half) },
      ],
      room,
    );
  }
}
