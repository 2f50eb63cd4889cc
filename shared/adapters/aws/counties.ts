import type { Table } from './table.ts';
import { countyOf, NO_COUNTY } from './worklist-keys.ts';

/** The counties that have anything in a worklist: lists of a wider area are asked for county by county. */
export function countyList(table: Table) {
  const written = new Set<string>();
  return {
    async announce(area: string): Promise<void> {
      const county = countyOf(area);
      if (county === NO_COUNTY || written.has(county)) return;
      await table.put({ pk: 'COUNTIES', sk: county });
      written.add(county);
    },
    /** Nothing when every area is a county or less: then nobody needs to know. */
    async knownFor(areas: readonly string[]): Promise<string[]> {
      const counties: string[] = [];
      if (areas.every((area) => area.length >= 6)) return counties;
      for await (const item of table.query({ partition: 'COUNTIES' })) counties.push(String(item['sk']));
      return counties;
    },
  };
}
