import type { AuditFinding } from '../../audit/finding.ts';
import type { Case } from '../../casework/case.ts';
import type { CorrectionNotice } from '../../corrections/notice.ts';
import type { FactRow, PersonKey } from '../../facts/fact.ts';
import { sealedIn, withSealed } from '../../facts/sealed-fields.ts';
import { PermanentError } from '../../ports/errors.ts';
import type { ResealedRecord, SealedRecord, SealedTexts } from '../../ports/sealed-texts.ts';
import { sealedRecordOf, withSealsAnew, wordedRecords } from '../../privacy/worded-records.ts';
import type { Worded } from '../../registry/sealed-words.ts';
import { body, type Columns, type EmbeddedDatabase, integer, list, text } from './database.ts';

/** How a table is gone through. */
interface SealedTable {
  readonly select: string;
  /** What is sealed in a row: its number, then the columns of `select`. */
  record(row: Columns, place: string): SealedRecord | undefined;
  /** Whether the row still holds what was read and now holds what was made of it. */
  replace(database: EmbeddedDatabase, id: number, anew: ResealedRecord): boolean;
}

const identities: SealedTable = {
  select: 'SELECT id, person, sealed FROM identities WHERE id > ? ORDER BY id LIMIT ?',
  record: ([, person, sealed], place) => ({ place, person: text(person) as PersonKey, texts: [text(sealed)] }),
  replace(database, id, { record, texts }) {
    const [before, after] = [record.texts[0] ?? '', texts[0] ?? ''];
    return database.run('UPDATE identities SET sealed = ? WHERE id = ? AND sealed = ?', after, id, before) === 1;
  },
};

const facts: SealedTable = {
  select: 'SELECT id, person, rows FROM facts WHERE id > ? ORDER BY id LIMIT ?',
  record([, person, rows], place) {
    const texts = sealedInText(text(rows));
    return texts.length === 0 ? undefined : { place, person: text(person) as PersonKey, texts };
  },
  replace(database, id, { record, texts }) {
    const [rows] = database.get('SELECT rows FROM facts WHERE id = ?', id) ?? [];
    if (rows === undefined || sealedInText(text(rows)).join() !== record.texts.join()) return false;
    const resealed = withSealed(list<FactRow>(rows), texts);
    return database.run('UPDATE facts SET rows = ? WHERE id = ?', JSON.stringify(resealed), id) === 1;
  },
};

/**
 * A table of records in which people write. A record sealed anew is a new version of it: whoever works with the one before, its
 * old seals included, must read it again before anything is saved.
 */
function wordedTable<Stored extends { readonly id: string; readonly version: number }>(
  table: 'cases' | 'corrections' | 'audit_findings',
  kind: Worded<Stored>,
): SealedTable {
  const read = (stored: Columns[number] | undefined) => body<Stored>(stored, ['id', 'version']);
  return {
    select: `SELECT row, body FROM ${table} WHERE row > ? ORDER BY row LIMIT ?`,
    record: ([, stored], place) => sealedRecordOf(kind, read(stored), place),
    replace(database, id, anew) {
      const [stored] = database.get(`SELECT body FROM ${table} WHERE row = ?`, id) ?? [];
      if (stored === undefined) return false;
      const resealed = withSealsAnew(kind, read(stored), anew);
      if (resealed === undefined) return false;
      const version = resealed.version + 1;
      const kept = JSON.stringify({ ...resealed, version });
      return database.run(`UPDATE ${table} SET version = ?, body = ? WHERE row = ?`, version, kept, id) === 1;
    },
  };
}

/** The tables with sealed texts, in the order they are gone through. */
const TABLES = {
  identities,
  facts,
  cases: wordedTable<Case>('cases', wordedRecords.case),
  corrections: wordedTable<CorrectionNotice>('corrections', wordedRecords.notice),
  audit_findings: wordedTable<AuditFinding>('audit_findings', wordedRecords.finding),
} as const satisfies Readonly<Record<string, SealedTable>>;
type TableName = keyof typeof TABLES;
const ORDER = Object.keys(TABLES) as TableName[];
/** The first of the tables in which people write. */
const FIRST_WORDS = 'cases 0';

/** Sealed identities, the sealed fields of facts, and the words of cases, notices and findings in SQLite. */
export class SqliteSealedTexts implements SealedTexts {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async page(after: string | undefined, limit: number): ReturnType<SealedTexts['page']> {
    const [name, beyond] = after === undefined ? ([ORDER[0] ?? 'identities', 0] as const) : placeOf(after);
    const { select, record } = TABLES[name];
    const rows = this.#database.all(select, beyond, limit);
    const records = rows.flatMap((row) => record(row, `${name} ${integer(row[0])}`) ?? []);
    const last = rows.at(-1)?.[0];
    if (last !== undefined) return { records, next: `${name} ${integer(last)}` };
    const following = ORDER[ORDER.indexOf(name) + 1];
    return following === undefined ? { records } : { records, next: `${following} 0` };
  }

  async replace(records: readonly ResealedRecord[]): Promise<number> {
    return this.#database.writeWhenFree(() => records.filter((one) => this.#replace(one)).length);
  }

  #replace(anew: ResealedRecord): boolean {
    const [name, id] = placeOf(anew.record.place);
    return TABLES[name].replace(this.#database, id, anew);
  }

  /** The place after which words may lie as a version of before kept them, unsealed; undefined once all are sealed. */
  wordsOfBefore(): string | undefined {
    return this.#database.get('SELECT 1 FROM words_of_before') === undefined ? undefined : FIRST_WORDS;
  }

  /** Keeps in mind that all words are sealed. */
  allWordsSealed(): void {
    this.#database.write(() => this.#database.run('DELETE FROM words_of_before'));
  }
}

function sealedInText(rows: string): readonly string[] {
  // Most rows have nothing sensitive; looking for the word is much cheaper than reading them.
  if (!rows.includes('"sealed"')) return [];
  return sealedIn(list<FactRow>(rows));
}

function placeOf(place: string): readonly [TableName, number] {
  const [name, id] = place.split(' ');
  const table = ORDER.find((one) => one === name);
  if (table === undefined || id === undefined || !/^\d+$/.test(id)) {
    throw new PermanentError('bad-cursor', '位置标记无效 / the place is not one of this store');
  }
  return [table, Number(id)];
}
