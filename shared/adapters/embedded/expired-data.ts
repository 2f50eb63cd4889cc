import type { Instant } from '../../calendar/plain-date.ts';
import { dateInChina } from '../../calendar/plain-date.ts';
import { fileIdOf, INBOX } from '../../intake/normalize-file.ts';
import type { DeletablePurpose, ExpiredData, ExpiredPage, ExpiredThing } from '../../ports/expired-data.ts';
import { type EmbeddedDatabase, integer, shortKey, text } from './database.ts';
import type { FolderObjectStore } from './folder-object-store.ts';

/** Rows deleted in one turn to write. */
const PART = 500;

/** What is past keeping on one machine: files in the exchange folders, rows of the database. */
export class EmbeddedExpiredData implements ExpiredData {
  readonly #database: EmbeddedDatabase;
  readonly #objects: FolderObjectStore;
  constructor(database: EmbeddedDatabase, objects: FolderObjectStore) {
    this.#database = database;
    this.#objects = objects;
  }

  /** Files and people are found in one page, which costs no more than a part of it. */
  async page(purpose: DeletablePurpose, before: Instant, after: string | undefined, limit: number): Promise<ExpiredPage> {
    if (purpose !== 'reads') return { things: await this.#all(purpose, before) };
    const rows = this.#database.all(
      'SELECT id FROM reads WHERE at < ? AND id > ? ORDER BY id LIMIT ?',
      before,
      Number(after ?? 0),
      limit,
    );
    const things = rows.map(([id]) => ({ kind: 'read', key: String(integer(id)) }));
    const last = things.at(-1);
    return things.length < limit || last === undefined ? { things } : { things, next: last.key };
  }

  async #all(purpose: Exclude<DeletablePurpose, 'reads'>, before: Instant): Promise<readonly ExpiredThing[]> {
    switch (purpose) {
      case 'sent-files':
        return [...(await this.#sentFiles(before)), ...(await this.#fixItFiles(before))];
      case 'attachments':
        return this.#attachments(before);
      case 'vault':
        return this.#identities(before);
    }
  }

  async remove(purpose: DeletablePurpose, things: readonly ExpiredThing[], before: Instant): Promise<number> {
    if (purpose === 'sent-files' || purpose === 'attachments') {
      // Found once more: what came under the same name meanwhile is not what was found.
      const still = new Set((await this.#all(purpose, before)).map(({ key }) => key));
      let count = 0;
      for (const { key } of things) if (still.has(key) && (await this.#objects.remove(key))) count += 1;
      return count;
    }
    this.#database.overwriteDeleted();
    let count = 0;
    for (let first = 0; first < things.length; first += PART) {
      const part = things.slice(first, first + PART);
      count += await this.#database.writeWhenFree(
        () => part.filter(({ key }) => (purpose === 'vault' ? this.#forget(key, before) : this.#forgetRead(key))).length,
      );
    }
    // The entries by household have no index by read: all that are past go in one look.
    if (purpose === 'reads') {
      await this.#database.writeWhenFree(() => this.#database.run('DELETE FROM household_reads WHERE at < ?', before));
    }
    return count;
  }

  /** Files that were dealt with: one that nobody has read yet stays however old it is. */
  async #sentFiles(before: Instant): Promise<ExpiredThing[]> {
    const found: ExpiredThing[] = [];
    for await (const { key, version } of this.#objects.list(INBOX)) {
      const path = key.slice(INBOX.length);
      const [arrivedAt, receipt] =
        this.#database.get("SELECT body ->> 'arrivedAt', receipt FROM files WHERE id = ?", fileIdOf(path, version)) ?? [];
      if (typeof arrivedAt === 'string' && typeof receipt === 'string' && arrivedAt < before) {
        found.push({ kind: 'inbox-file', key });
      }
    }
    return found;
  }

  async #fixItFiles(before: Instant): Promise<ExpiredThing[]> {
    const found: ExpiredThing[] = [];
    for await (const { key, lastModified } of this.#objects.list('rejects/')) {
      if (lastModified < before) found.push({ kind: 'fix-it-file', key });
    }
    return found;
  }

  async #attachments(before: Instant): Promise<ExpiredThing[]> {
    const found: ExpiredThing[] = [];
    const closed = this.#database.all("SELECT id FROM cases WHERE open = 0 AND body ->> '$.outcome.at' < ? ORDER BY id", before);
    for (const [id] of closed) {
      for await (const { key } of this.#objects.list(`attachments/${text(id)}/`)) found.push({ kind: 'attachment', key });
    }
    return found;
  }

  #identities(before: Instant): ExpiredThing[] {
    return this.#database
      .all(
        `SELECT DISTINCT identities.person FROM identities
           JOIN persons ON persons.short = identities.short AND persons.person = identities.person
          WHERE ${LEFT_ALL} ORDER BY identities.person`,
        dateInChina(before),
      )
      .map(([person]) => ({ kind: 'identity', key: text(person) }));
  }

  #forget(person: string, before: Instant): boolean {
    const left = this.#database.get(
      `SELECT 1 FROM persons WHERE short = ? AND person = ? AND ${LEFT_ALL}`,
      shortKey(person),
      person,
      dateInChina(before),
    );
    // Somebody who belongs to a household again since is somebody's business again.
    if (left === undefined) return false;
    return this.#database.run('DELETE FROM identities WHERE short = ? AND person = ?', shortKey(person), person) > 0;
  }

  #forgetRead(id: string): boolean {
    return this.#database.run('DELETE FROM reads WHERE id = ?', Number(id)) === 1;
  }
}

/** A person whose every membership (membership-text.ts; the fourth part is its last day) ended before a day. */
const LEFT_ALL = `json_array_length(memberships) > 0
  AND NOT EXISTS (SELECT 1 FROM json_each(memberships) AS m WHERE m.value ->> 3 IS NULL OR m.value ->> 3 >= ?)`;
