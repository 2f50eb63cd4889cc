import type { Period } from '../../calendar/period.ts';
import type { AreaCounts, NumberedTally, TallyStore } from '../../ports/tally-store.ts';
import { areaAbove, byPlace, type PlaceTallies, withAdded } from '../../reports/tallies.ts';
import { body, type Columns, type EmbeddedDatabase, integer, text } from './database.ts';

/** Counts for dashboards in SQLite: a row for each area and month. */
export class SqliteTallyStore implements TallyStore {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async countedUpTo(): Promise<number> {
    return this.#countedUpTo();
  }

  #countedUpTo(): number {
    const [upTo] = this.#database.get('SELECT up_to FROM tallied') ?? [];
    return upTo === undefined ? 0 : integer(upTo);
  }

  async add(tallies: readonly NumberedTally[], upTo: number): Promise<void> {
    this.#database.write(() => {
      const counted = this.#countedUpTo();
      if (upTo <= counted) return;
      for (const place of byPlace(tallies.filter(({ number }) => number > counted))) this.#addTo(place);
      this.#database.run(
        'INSERT INTO tallied (only, up_to) VALUES (1, ?) ON CONFLICT DO UPDATE SET up_to = excluded.up_to',
        upTo,
      );
    });
  }

  #addTo({ area, month, tallies }: PlaceTallies<NumberedTally>): void {
    const [stored] = this.#database.get('SELECT counts FROM tallies WHERE area = ? AND month = ?', area, month) ?? [];
    this.#database.run(
      'INSERT INTO tallies (area, month, above, counts) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET counts = excluded.counts',
      area,
      month,
      areaAbove(area) ?? null,
      JSON.stringify(withAdded(stored === undefined ? {} : body<Record<string, number>>(stored, []), tallies)),
    );
  }

  async of(areas: readonly string[], months: readonly Period[]): Promise<readonly AreaCounts[]> {
    return this.#database
      .all(
        `SELECT area, month, counts FROM tallies
          WHERE area IN (SELECT value FROM json_each(?)) AND month IN (SELECT value FROM json_each(?))`,
        JSON.stringify(areas),
        JSON.stringify(months),
      )
      .map(countsOf);
  }

  async below(area: string, month: Period): Promise<readonly AreaCounts[]> {
    return this.#database
      .all('SELECT area, month, counts FROM tallies WHERE above = ? AND month = ? ORDER BY area', area, month)
      .map(countsOf);
  }
}

function countsOf([area, month, counts]: Columns): AreaCounts {
  return { area: text(area), month: text(month) as Period, counts: body<Record<string, number>>(counts, []) };
}
