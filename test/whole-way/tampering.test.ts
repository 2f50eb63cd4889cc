import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFamilyFiles } from '../../infra/local/demo-county/case-families.ts';
import { packLines } from '../../shared/audit/archive-frames.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { archiveText } from '../builders/archive.ts';
import { type Finished, jsonLines, runCli } from './run-cli.ts';
import { scratch } from './running-host.ts';

const NOW = '2024-04-05T09:00:00+08:00';

interface Verdict {
  readonly ok: boolean;
  readonly number?: number;
  readonly fault?: string;
}

let root = '';
let remove = async () => {};
let untouched = '';

beforeAll(async () => {
  ({ root, remove } = await scratch('tampering'));
  untouched = join(root, 'untouched');
  const files = join(root, 'files');
  for (const { path, bytes } of caseFamilyFiles('henan', '2024-03' as Period)) {
    await mkdir(dirname(join(files, path)), { recursive: true });
    await writeFile(join(files, path), bytes);
  }
  expect(await runCli(['ingest', files, '--data', untouched, '--now', NOW])).toMatchObject({ code: 0 });
});

afterAll(() => remove());

/** A copy of the data directory whose only archive file went through `change`. */
async function verifyAfter(name: string, change: (path: string, lines: readonly string[]) => Promise<void>): Promise<Finished> {
  const dataDir = join(root, name);
  await cp(untouched, dataDir, { recursive: true, preserveTimestamps: true });
  const path = await onlyFile(dataDir);
  const lines = (await archiveText(join(dataDir, 'archive'))).split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThan(10);
  await change(path, lines);
  const told = await runCli(['audit', 'verify', '--data', dataDir]);
  const finished = await runCli(['audit', 'verify', '--data', dataDir, '--json']);
  expect(told.code).toBe(finished.code);
  if (!['cut-off', 'deleted'].includes(name)) {
    // The same on a copy of the archive alone, as an auditor would on another machine.
    const copy = join(root, `${name}-copy`);
    await cp(join(dataDir, 'archive'), join(copy, 'archive'), { recursive: true });
    const alone = await runCli(['audit', 'verify', '--archive', copy, '--json']);
    expect({ ...verdictOf(alone), waiting: false }).toEqual(verdictOf(finished));
  }
  return { ...finished, stderr: told.stdout };
}

/** The archive's only file of events. */
async function onlyFile(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'archive', 'day=2024-04-05');
  const [file = '', ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return join(folder, file);
}

/** Puts lines in place of the file's. */
function write(path: string, lines: readonly string[]): Promise<void> {
  return writeFile(path, packLines(lines));
}

function verdictOf(finished: Finished): Verdict {
  const [verdict] = jsonLines<Verdict & Record<string, unknown>>(finished);
  if (verdict === undefined) throw new Error('audit verify said nothing');
  return verdict;
}

describe('audit verify over an archive somebody has been at', () => {
  it('proves the archive nobody touched', async () => {
    const finished = await runCli(['audit', 'verify', '--data', untouched, '--json']);
    expect(finished.code).toBe(0);
    expect(verdictOf(finished)).toMatchObject({ ok: true });
  });

  it('names the event of which one byte was changed', async () => {
    const finished = await verifyAfter('altered', async (path, lines) => {
      const line = lines[7] ?? '';
      const digit = line.search(/\d/);
      const other = line[digit] === '9' ? '8' : '9';
      await write(path, lines.with(7, line.slice(0, digit) + other + line.slice(digit + 1)));
    });
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ ok: false, number: 8, fault: 'altered' });
    expect(finished.stderr).toContain('第 8 个事件被改动');
    expect(finished.stderr).toContain('event 8 is altered at day=2024-04-05/events-000000000001.jsonl.zst:8, day 2024-04-05');
  });

  it('names the first missing event', async () => {
    const finished = await verifyAfter('missing', (path, lines) => write(path, lines.toSpliced(4, 1)));
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ number: 5, fault: 'missing' });
  });

  it('names the first of two events that changed places', async () => {
    const finished = await verifyAfter('swapped', (path, lines) =>
      write(path, lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')),
    );
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ ok: false, number: 3 });
  });

  it('misses events cut off the end', async () => {
    let whole = 0;
    const finished = await verifyAfter('cut-off', (path, lines) => {
      whole = lines.length - 3;
      return write(path, lines.slice(0, whole));
    });
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ ok: false, number: whole + 1, fault: 'cut-off' });
  });

  it('misses an archive file that was deleted', async () => {
    const finished = await verifyAfter('deleted', (path) => rm(path));
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ ok: false, number: 1 });
  });

  it('names a line that is no longer an event', async () => {
    const finished = await verifyAfter('unreadable', (path, lines) => write(path, lines.with(5, '{"event":')));
    expect(finished.code).toBe(1);
    expect(verdictOf(finished)).toMatchObject({ ok: false, number: 6, fault: 'unreadable' });
  });
});

describe('doctor over the same', () => {
  it('fails and names the event', async () => {
    const dataDir = join(root, 'doctor');
    await cp(untouched, dataDir, { recursive: true, preserveTimestamps: true });
    expect(await runCli(['doctor', '--data', dataDir, '--now', NOW])).toMatchObject({ code: 0 });
    const text = await archiveText(join(dataDir, 'archive'));
    await write(await onlyFile(dataDir), text.replace('"system"', '"sYstem"').split('\n').slice(0, -1));
    const finished = await runCli(['doctor', '--data', dataDir, '--now', NOW]);
    expect(finished.code).toBe(1);
    expect(finished.stdout).toContain('✗ 事件档案第 1 个事件有误');
  });
});
