import type { FileSequence, PersonKey } from '../../facts/fact.ts';
import type { IdentityVault, SealedIdentity } from '../../ports/identity-vault.ts';
import { type EmbeddedDatabase, integer, shortKey, text } from './database.ts';

/** Sealed identities in SQLite. */
export class SqliteIdentityVault implements IdentityVault {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async known(
    persons: readonly PersonKey[],
  ): Promise<ReadonlyMap<PersonKey, { readonly nameKey: string; readonly seq: FileSequence }>> {
    const held = await this.get(persons);
    return new Map([...held].map(([person, { nameKey, seq }]) => [person, { nameKey, seq }]));
  }

  async put(identities: readonly SealedIdentity[]): Promise<void> {
    if (identities.length === 0) return;
    this.#database.write(() => {
      for (const identity of identities) this.#keep(identity);
    });
  }

  #keep({ person, nameKey, seq, sealed }: SealedIdentity): void {
    const short = shortKey(person);
    const held = this.#database.get('SELECT id, seq FROM identities WHERE short = ? AND person = ?', short, person);
    if (held === undefined) {
      this.#database.run(
        'INSERT INTO identities (short, person, name_key, seq, sealed) VALUES (?, ?, ?, ?, ?)',
        short,
        person,
        nameKey,
        seq,
        sealed,
      );
    } else if (text(held[1]) <= seq) {
      const id = integer(held[0]);
      this.#database.run('UPDATE identities SET name_key = ?, seq = ?, sealed = ? WHERE id = ?', nameKey, seq, sealed, id);
    }
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

  async byName(nameKey: string, limit: number): Promise<readonly PersonKey[]> {
    const rows = this.#database.all('SELECT person FROM identities WHERE name_key = ? ORDER BY person LIMIT ?', nameKey, limit);
    return rows.map(([person]) => text(person) as PersonKey);
  }
}
