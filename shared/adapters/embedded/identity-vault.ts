import type { FileSequence, PersonKey } from '../../facts/fact.ts';
import type { IdentityVault, SealedIdentity } from '../../ports/identity-vault.ts';
import { type EmbeddedDatabase, integer, shortKey, text } from './database.ts';

/** What is stored of a person, without what is sealed. */
interface Held {
  readonly id: number;
  readonly nameKey: string;
  readonly seq: FileSequence;
}

/** Sealed identities in SQLite. */
export class SqliteIdentityVault implements IdentityVault {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async known(
    persons: readonly PersonKey[],
  ): Promise<ReadonlyMap<PersonKey, { readonly nameKey: string; readonly seq: FileSequence }>> {
    return new Map(Array.from(this.#heldOf(persons), ([person, { nameKey, seq }]) => [person, { nameKey, seq }]));
  }

  #heldOf(persons: readonly PersonKey[]): Map<PersonKey, Held> {
    const found = new Map<PersonKey, Held>();
    if (persons.length === 0) return found;
    const rows = this.#database.all(
      `SELECT identities.person, identities.id, name_key, seq
         FROM json_each(?) AS asked CROSS JOIN identities ON identities.short = asked.value`,
      JSON.stringify(persons.map(shortKey)),
    );
    if (rows.length === 0) return found;
    const asked = new Set(persons);
    for (const [column, id, nameKey, seq] of rows) {
      const person = text(column) as PersonKey;
      if (asked.has(person)) found.set(person, { id: integer(id), nameKey: text(nameKey), seq: text(seq) as FileSequence });
    }
    return found;
  }

  async put(identities: readonly SealedIdentity[]): Promise<void> {
    if (identities.length === 0) return;
    this.#database.write(() => {
      const held = this.#heldOf(identities.map((identity) => identity.person));
      for (const identity of identities) {
        const before = held.get(identity.person);
        if (before === undefined || before.seq <= identity.seq) held.set(identity.person, this.#keep(identity, before?.id));
      }
    });
  }

  #keep({ person, nameKey, seq, sealed }: SealedIdentity, there: number | undefined): Held {
    if (there === undefined) {
      this.#database.run(
        'INSERT INTO identities (short, person, name_key, seq, sealed) VALUES (?, ?, ?, ?, ?)',
        shortKey(person),
        person,
        nameKey,
        seq,
        sealed,
      );
      return { id: this.#database.lastId(), nameKey, seq };
    }
    this.#database.run('UPDATE identities SET name_key = ?, seq = ?, sealed = ? WHERE id = ?', nameKey, seq, sealed, there);
    return { id: there, nameKey, seq };
  }

  async get(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, SealedIdentity>> {
    const found = new Map<PersonKey, SealedIdentity>();
    if (persons.length === 0) return found;
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    const rows = this.#database.all(
      `SELECT identities.person, name_key, seq, sealed
         FROM json_each(?) AS asked CROSS JOIN identities ON identities.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [column, nameKey, seq, sealed] of rows) {
      const person = asked.get(text(column));
      if (person !== undefined) {
        found.set(person, { person, nameKey: text(nameKey), seq: text(seq) as FileSequence, sealed: text(sealed) });
      }
    }
    return found;
  }

  /** The seals that were kept first, to try keys on. */
  oldest(limit: number): readonly Pick<SealedIdentity, 'person' | 'sealed'>[] {
    const rows = this.#database.all('SELECT person, sealed FROM identities ORDER BY id LIMIT ?', limit);
    return rows.map(([person, sealed]) => ({ person: text(person) as PersonKey, sealed: text(sealed) }));
  }

  async byName(nameKey: string, limit: number, after: string = ''): Promise<readonly PersonKey[]> {
    const rows = this.#database.all(
      'SELECT person FROM identities WHERE name_key = ? AND person > ? ORDER BY person LIMIT ?',
      nameKey,
      after,
      limit,
    );
    return rows.map(([person]) => text(person) as PersonKey);
  }
}
