import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DuckDbReportEngine } from '../../../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { packLines } from '../../../../shared/audit/archive-frames.ts';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../../../shared/audit/chain.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { warned } from '../../../builders/reporting.ts';

const lines = extendChain(
  EMPTY_CHAIN,
  Array.from({ length: 50 }, (_, n) => warned('opened', '2024-03-04', n)),
).map(lineOf);
const frame = Buffer.from(packLines(lines));

it.each([
  ['magic number', 0],
  ['header', 5],
  ['content', Math.floor(frame.length / 2)],
  ['checksum', frame.length - 1],
])('a frame whose %s was changed stops a report in words', async (_, at) => {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-damaged-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'events-000000000001.jsonl.zst');
  const damaged = Buffer.from(frame);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  writeFileSync(file, damaged);
  const engine = new DuckDbReportEngine({ memory: '300MB', threads: 1, tempFolder: join(folder, 'temp') });
  const read = engine.open(
    { head: { number: lines.length, hash: '' }, files: [file], release: async () => {} },
    {
      sql: 'SELECT count(*) AS n FROM warning_events ORDER BY n',
      columns: ['n'],
      reads: ['warning.opened'],
      parameters: { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area: '', seed: '', sample: 1 },
      days: [],
    },
  );
  await expect(read).rejects.toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringMatching(/无法读取.*cannot be read/),
  });
});
