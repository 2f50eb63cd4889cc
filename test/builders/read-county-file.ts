import { createHash } from 'node:crypto';
import type { CountyFile } from '../../infra/local/demo-county/table.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { type PlainDate, parsePlainDate } from '../../shared/calendar/plain-date.ts';
import { feedId } from '../../shared/catalog/feed.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { PersonKey } from '../../shared/facts/fact.ts';
import { type PersonRow, type ReadResult, readDepartmentFile } from '../../shared/intake/read-department-file.ts';

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Reads a file of the demo county through intake, with hashes where the platform has keys. */
export async function readCountyFile(file: CountyFile, on: string): Promise<{ result: ReadResult; rows: PersonRow[] }> {
  const [department = '', category = '', period = '', name = ''] = file.path.split('/');
  const feed = catalog.get(feedId(department, category));
  const today: PlainDate | undefined = parsePlainDate(on);
  if (feed === undefined || today === undefined) throw new Error(`no feed or no date for ${file.path}`);
  const rows: PersonRow[] = [];
  const result = await readDepartmentFile({
    feed,
    period: period as Period,
    fileName: name,
    size: file.bytes.length,
    today,
    read: async function* () {
      yield file.bytes;
    },
    pseudonym: (number) => hash(number) as PersonKey,
    keyOf: hash,
    markOf: hash,
    seal: (_, text) => text,
    onRows: (batch) => {
      rows.push(...batch);
    },
    onRejected: () => {},
  });
  return { result, rows };
}
