import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DuckDbReportEngine } from '../../../../shared/adapters/duckdb/duckdb-report-engine.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { collect } from '../../../contract/subject.ts';

/** A list is held whole, so that this one is more than the engine may have. */
const TOO_LARGE = 'SELECT len(list(n)) AS n FROM range(30000000) AS numbers(n)';

it.each([
  ['its rows', 'rows'],
  ['what came late', 'adjustments'],
] as const)('a report whose engine cannot hold %s says so in words', async (_, what) => {
  const tempFolder = mkdtempSync(join(tmpdir(), 'aidwatch-large-'));
  onTestFinished(() => rmSync(tempFolder, { recursive: true }));
  const run = await new DuckDbReportEngine({ memory: '100MB', threads: 1, tempFolder }).open(
    { head: { number: 0, hash: '' }, files: [], release: async () => {} },
    {
      sql: TOO_LARGE,
      columns: ['n'],
      reads: [],
      parameters: { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area: '', seed: '', sample: 1 },
      days: [],
    },
  );
  await expect(collect<unknown>(run[what]({ upTo: 0, lateUpTo: 1 }))).rejects.toMatchObject({ code: 'report-too-large' });
  await run.close();
});
