import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The queries of reports that come with the program, by the report's id. */
export function reportQueries(): ReadonlyMap<string, string> {
  const folder = join(import.meta.dirname, '../shared/reports/sql');
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return new Map(names.map((name) => [name.slice(0, -'.sql'.length), readFileSync(join(folder, name), 'utf8')]));
}
