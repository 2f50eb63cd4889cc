import type { FactRow, PersonKey } from '../../facts/fact.ts';
import { sealedIn, withSealed } from '../../facts/sealed-fields.ts';
import { PermanentError } from '../../ports/errors.ts';
import type { ResealedRecord, SealedRecord, SealedTexts } from '../../ports/sealed-texts.ts';
import { type EmbeddedDatabase, integer, list, text } from './database.ts';

/** The two tables with sealed texts, in the order they are gone through. */
const TABLES = ['identities', 'facts'] as const;
type TableName = (typeof TABLES)[number];

/** Sealed identities and the sealed fields of facts in SQLite. */
export class SqliteSealedTexts implements SealedTexts {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async page(after: string | undefined, limit: number): ReturnType<SealedTexts['page']> {
    const [table, beyond] = after === undefined ? (['identities', 0] as const) : placeOf(after);
    const rows = this.#database.all(
      table === 'identities'
        ? 'SELECT id, person, sealed FROM identities WHERE id > ? ORDER BY id LIMIT ?'
        : 'SELECT id, person, rows FROM facts WHERE id > ? ORDER BY id LIMIT ?',
      beyond,
      limit,
    );
    const records = rows.flatMap(([id, person, stored]): SealedRecord[] => {
      const kept = text(stored);
      const texts = table === 'identities' ? [kept] : sealedInText(kept);
      const place = `${table} ${integer(id)}`;
      return texts.length === 0 ? [] : [{ place, person: text(person) as PersonKey, texts }];
    });
    const last = rows.at(-1)?.[0];
    if (last !== undefined) return { records, next: `${table} ${integer(last)}` };
    return table === 'facts' ? { records } : { records, next: 'facts 0' };
  }

  async replace(records: readonly ResealedRecord[]): Promise<number> {
    return this.#database.writeWhenFree(() => records.filter((one) => this.#replace(one)).length);
  }

  #replace({ record, texts }: ResealedRecord): boolean {
    const [table, id] = placeOf(record.place);
    if (table === 'identities') {
      const [before, after] = [record.texts[0] ?? '', texts[0] ?? ''];
      return this.#database.run('UPDATE identities SET sealed = ? WHERE id = ? AND sealed = ?', after, id, before) === 1;
    }
    const [rows] = this.#database.get('SELECT rows FROM facts WHERE id = ?', id) ?? [];
    if (rows === undefined || sealedInText(text(rows)).join() !== record.texts.join()) return false;
    const resealed = withSealed(list<FactRow>(rows), texts);
    return this.#database.run('UPDATE facts SET rows = ? WHERE id = ?', JSON.stringify(resealed), id) === 1;
  }
}

function sealedInText(rows: string): readonly string[] {
  // Most rows have nothing sensitive; looking for the word is much cheaper than reading them.
  if (!rows.includes('"sealed"')) return [];
  return sealedIn(list<FactRow>(rows));
}

function placeOf(place: string): readonly [TableName, number] {
  const [name, id] = place.split(' ');
  const table = TABLES.find((one) => one === name);
  if (table === undefined || id === undefined || !/^\d+$/.test(id)) {
    throw new PermanentError('bad-cursor', '位置标记无效 / the place is not one of this store');
  }
  return [table, Number(id)];
}
