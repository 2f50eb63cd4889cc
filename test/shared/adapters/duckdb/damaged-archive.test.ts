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
  await stops(folder, file);
});

it.each([
  ['time is none', (line: string) => line.replace(/"at":"[^"]*"/, '"at":"soon"')],
  ['time is beyond the calendar', (line: string) => line.replace(/"at":"[^"]*"/, '"at":"999999-01-01T00:00:00.000Z"')],
  ['data are a text', (line: string) => line.replace(/"data":\{.*?\},"id"/, '"data":"x","id"')],
  ['subject is a list', (line: string) => line.replace(/"subject":\{[^}]*\}/, '"subject":[]')],
  ['number is a word', (line: string) => line.replace('"number":7}', '"number":"seven"}')],
  ['event is a number', (line: string) => line.replace(/"event":\{.*\},"hash"/, '"event":5,"hash"')],
])('a line whose %s stops a report in words, which tell nothing of the line', async (_, change) => {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-damaged-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'events-000000000001.jsonl.zst');
  const changed = lines.map((line, index) => (index === 6 ? change(line) : line));
  expect(changed).not.toEqual(lines);
  writeFileSync(file, packLines(changed));
  await stops(folder, file);
});

async function stops(folder: string, file: string): Promise<void> {
  const engine = new DuckDbReportEngine({ memory: '300MB', threads: 1, tempFolder: join(folder, 'temp') });
  const read = engine.open(
    { head: { number: lines.length, hash: '' }, files: [file], release: async () => {} },
    {
      sql: 'SELECT household AS n FROM warning_events ORDER BY n',
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
}
