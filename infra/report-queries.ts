import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../shared/reports/sql');
/** A line of a query in whose place what several queries begin with is put, of the folder `with`. */
const BEGINNING = /^-- with: (\w+)$/m;

/** The queries of reports that come with the program, by the report's id. */
export function reportQueries(): ReadonlyMap<string, string> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  return new Map(names.map((name) => [name.slice(0, -'.sql'.length), queryIn(name)]));
}

function queryIn(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8').replace(BEGINNING, (_, shared: string) =>
    readFileSync(join(FOLDER, 'with', `${shared}.sql`), 'utf8').trimEnd(),
  );
}
