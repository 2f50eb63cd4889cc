import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, runCli, startCli } from './run-cli.ts';

const NOW = ['--now', '2024-04-20T09:00:00+08:00'];
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aidwatch-pipe-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('a command whose reader leaves before its end (| head) comes to a good end without a complaint', async () => {
  const data = join(root, 'data');
  const files = join(root, 'files');
  expect((await runCli(['simulate', '--out', files, '--households', '300', '--months', '1', '--until', '2024-03'])).code).toBe(0);
  // Not with a good end: one file of the county is broken.
  await runCli(['ingest', files, '--data', data, ...NOW]);
  const { child, finished } = startCli(['warnings', '--data', data, '--json', ...NOW]);
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await finished).toMatchObject({ code: 0, stderr: '' });
});

it.runIf(existsSync('/dev/full'))('an answer that finds no room where it is written fails in words, without a stack', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [CLI, '--help'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  closeSync(full);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^磁盘空间不足.*the disk is full.*\(ENOSPC\)\n$/);
});
