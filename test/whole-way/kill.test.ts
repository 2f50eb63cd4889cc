import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateCounty } from '../../infra/local/demo-county/generate.ts';
import { writeCounty } from '../../infra/local/demo-county/write-county.ts';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import { openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { chunksArchived } from './chunks-archived.ts';
import { type CountyState, countyState } from './county-state.ts';
import { runCli, startCli } from './run-cli.ts';

const NOW = '2024-04-20T09:00:00+08:00';
const MONTHS = ['2024-01', '2024-02', '2024-03'] as Period[];
const MOMENTS = 20;

let root = '';
let files = '';
let undisturbed: CountyState;
/** Log lines of the undisturbed run: one for every file, batch of facts and batch of households. */
let steps = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aidwatch-kill-'));
  files = join(root, 'files');
  await writeCounty(files, generateCounty({ seed: 7, households: 120, months: MONTHS, area: '411122' }));
  loadOrCreateKeys(join(root, 'keys.json'));
  const dataDir = await freshDataDir('undisturbed');
  const { stderr } = await ingest(dataDir);
  steps = stderr.split('\n').length - 1;
  undisturbed = await stateOf(dataDir);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** All runs share their keys, so that pseudonyms and ids can be compared. */
async function freshDataDir(name: string): Promise<string> {
  const dataDir = join(root, name);
  await mkdir(dataDir, { recursive: true });
  await cp(join(root, 'keys.json'), join(dataDir, 'keys.json'), { preserveTimestamps: true });
  return dataDir;
}

function ingest(dataDir: string) {
  return runCli(['ingest', files, '--data', dataDir, '--now', NOW, '--json'], { LOG_LEVEL: 'info', WORKERS: '0' });
}

/** Kills an ingest a few milliseconds after its n-th step, however fast the machine is; true when it was still running. */
async function ingestKilledAfter(dataDir: string, step: number, workers = 0): Promise<boolean> {
  const settings = { LOG_LEVEL: 'info', WORKERS: String(workers) };
  const { child, finished } = startCli(['ingest', files, '--data', dataDir, '--now', NOW, '--json'], settings);
  let seen = 0;
  child.stderr?.on('data', (text: string) => {
    seen += text.split('\n').length - 1;
    if (seen >= step) setTimeout(() => child.kill('SIGKILL'), step % 5);
  });
  return (await finished).code === null;
}

async function stateOf(dataDir: string): Promise<CountyState> {
  const stores = openEmbedded(dataDir);
  try {
    return await countyState(stores);
  } finally {
    stores.close();
  }
}

async function factsArchived(dataDir: string): Promise<string[]> {
  const stores = openEmbedded(dataDir);
  try {
    expect(await verifyArchive(stores.archive, { head: await stores.archive.head() })).toMatchObject({ ok: true });
    return await chunksArchived(stores.archive);
  } finally {
    stores.close();
  }
}

describe('an ingest killed in the middle and started again', () => {
  it('took something in when left alone', () => {
    expect(Object.keys(undisturbed.rowsTaken).length).toBeGreaterThan(20);
    expect(undisturbed.standings.length).toBeGreaterThan(100);
  });

  it(`comes to the same end at ${MOMENTS} different moments, with one thread or three, with every fact in the archive exactly once`, async () => {
    const expectedChunks = await factsArchived(join(root, 'undisturbed'));
    let killed = 0;
    for (let moment = 1; moment <= MOMENTS; moment += 1) {
      const dataDir = await freshDataDir(`killed-${moment}`);
      if (await ingestKilledAfter(dataDir, Math.ceil((steps * moment) / (MOMENTS + 1)), moment % 2 === 0 ? 2 : 0)) killed += 1;
      await ingest(dataDir);
      expect(await stateOf(dataDir), `moment ${moment}`).toEqual(undisturbed);
      expect(await factsArchived(dataDir), `moment ${moment}`).toEqual(expectedChunks);
      await rm(dataDir, { recursive: true });
    }
    // A run that happened to be over before its moment proves nothing.
    expect(killed).toBeGreaterThanOrEqual(MOMENTS / 2);
  }, 600_000);

  it('comes to the same end when it is killed again and again', async () => {
    const dataDir = await freshDataDir('killed-often');
    for (let moment = 1; moment <= 8; moment += 1) {
      await ingestKilledAfter(dataDir, 2 + moment, moment % 2 === 0 ? 2 : 0);
    }
    await ingest(dataDir);
    expect(await stateOf(dataDir)).toEqual(undisturbed);
  }, 300_000);
});
