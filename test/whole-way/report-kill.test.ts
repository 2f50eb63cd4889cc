import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stoppedClock } from '../../infra/local/clock.ts';
import { openPlatform } from '../../infra/local/platform.ts';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { warned } from '../builders/reporting.ts';
import { jsonLines, runCli, startCli } from './run-cli.ts';
import { silentLog } from './silent-log.ts';

/** So many that loading them and writing them out each take their time. */
const WARNINGS = 60_000;
const ELEVEN_MINUTES = 11 * 60;

let root = '';
const data = () => join(root, 'data');
const scratch = () => join(data(), '.reports');

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function report(out: string): readonly string[] {
  const stretch = ['--from', '2024-03-01', '--to', '2024-03-31'];
  return ['report', 'warning-ledger', '--data', data(), '--out', out, '--json', ...stretch];
}

/** Starts the command and kills it as soon as something is the case. */
async function killedWhen(out: string, isSo: () => boolean): Promise<void> {
  const { child } = startCli(report(out));
  const gone = once(child, 'exit');
  const watch = setInterval(() => {
    if (isSo()) child.kill('SIGKILL');
  }, 1);
  const [, signal] = (await gone) as [number | null, string | null];
  clearInterval(watch);
  expect(signal).toBe('SIGKILL');
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'aidwatch-report-kill-'));
  const platform = openPlatform(data(), stoppedClock('2024-04-20T01:00:00.000Z' as Instant), silentLog);
  const events = Array.from({ length: WARNINGS }, (_, n) => warned('opened', '2024-03-04', n));
  await archiveEvents(platform.stores.archive, 'outbox', [{ position: '1', events }], '2024-03-04' as PlainDate);
  await platform.close();
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a report command that is killed', () => {
  it('while the engine is at work leaves no report, and its files are cleared by the next', { timeout: 120_000 }, async () => {
    const out = join(root, 'engine');
    await killedWhen(out, () => namesIn(scratch()).some((name) => existsSync(join(scratch(), name, 'events.duckdb'))));
    expect(namesIn(out).filter((name) => name !== '.unfinished')).toEqual([]);
    expect(namesIn(scratch())).not.toEqual([]);

    const [made] = jsonLines<{ files: string[]; cover: { proof: { rows: number } } }>(await runCli(report(out)));
    expect(made?.cover.proof.rows).toBe(WARNINGS);
    expect(namesIn(out).toSorted()).toEqual(made?.files.map((file) => file.slice(out.length + 1)).sort());
    expect(namesIn(scratch())).toEqual([]);
  });

  it('while the rows are written leaves no half report, and what it wrote is cleared later', { timeout: 120_000 }, async () => {
    const out = join(root, 'rows');
    const unfinished = join(out, '.unfinished');
    await killedWhen(out, () => namesIn(unfinished).length > 0);
    expect(namesIn(out)).toEqual(['.unfinished']);
    const long = (Date.now() - 1_000 * ELEVEN_MINUTES) / 1_000;
    for (const name of namesIn(unfinished)) utimesSync(join(unfinished, name), long, long);

    const [made] = jsonLines<{ files: string[] }>(await runCli(report(out)));
    expect(namesIn(out).toSorted()).toEqual(made?.files.map((file) => file.slice(out.length + 1)).sort());
    expect(namesIn(scratch())).toEqual([]);
  });
});
