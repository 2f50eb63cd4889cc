import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { BACKUP } from '../../../infra/local/commands/backup.ts';
import { announce } from '../../../infra/local/inbox.ts';
import type { CommonOptions } from '../../../infra/local/options.ts';
import { openPlatform, type Platform } from '../../../infra/local/platform.ts';
import { stderrLog } from '../../../infra/local/stderr-log.ts';
import { archiveAll } from '../../../infra/local/work.ts';
import { verifyArchive } from '../../../shared/audit/verify-archive.ts';
import { type Instant, parseInstant } from '../../../shared/calendar/plain-date.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const NOW = parseInstant('2024-04-20T09:00:00+08:00') as Instant;
const HEADER = '姓名,身份证号,参保地区划,结算单号,结算日期,总费用,个人自付';

function open(dataDir: string): Platform {
  const clock = stoppedClock(NOW);
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'));
}

const optionsOf = (...args: readonly string[]): CommonOptions => ({
  args,
  dataDir: '',
  json: true,
  now: undefined,
  own: {},
});

/** Takes a bill in and works until nothing is left to do. */
async function takeIn(platform: Platform, bill: string): Promise<void> {
  const folder = 'inbox/medical-insurance/inpatient-settlement/2024-03';
  mkdirSync(join(platform.dataDir, folder), { recursive: true });
  const row = `王秀英,11010519491231002X,411122100201,${bill},2024-03-10,9000.00,6300.00`;
  writeFileSync(join(platform.dataDir, folder, `${bill}.csv`), `${HEADER}\n${row}\n`);
  await announce(platform.stores.queue, [`${folder}/${bill}.csv`]);
  await platform.pump.drain();
  await archiveAll(platform);
}

const verdictOf = async ({ stores: { archive } }: Platform) => verifyArchive(archive.files(), { head: await archive.head() });

describe('a backup made while the host works', () => {
  it('is the county at that moment, with an archive that proves, and goes on as one', () =>
    withFolder(async (folder) => {
      const host = open(join(folder, 'data'));
      await takeIn(host, 'JS1');
      const other = open(join(folder, 'data'));
      await BACKUP.run(other, optionsOf(join(folder, 'backup')));
      await other.close();
      await takeIn(host, 'JS2');
      await host.close();
      const restored = open(join(folder, 'backup'));
      const before = await verdictOf(restored);
      expect(before).toMatchObject({ ok: true });
      expect(await restored.stores.archive.putAsideBeyond()).toBeUndefined();
      expect((await restored.stores.files.list({ limit: 10 })).files).toHaveLength(1);
      await takeIn(restored, 'JS3');
      expect(await verdictOf(restored)).toMatchObject({ ok: true });
      await restored.close();
    }));

  it('is for nobody else to read, and leaves out what belongs to running processes', () =>
    withFolder(async (folder) => {
      const host = open(join(folder, 'data'));
      await takeIn(host, 'JS1');
      await BACKUP.run(host, optionsOf(join(folder, 'backup')));
      await host.close();
      const names = readdirSync(join(folder, 'backup'));
      expect(names.toSorted()).toEqual(['aidwatch.db', 'archive', 'inbox', 'keys.json', 'receipts', 'settings.json']);
      for (const name of ['.', 'aidwatch.db', 'keys.json']) {
        expect(statSync(join(folder, 'backup', name)).mode & 0o077, name).toBe(0);
      }
    }));

  it('is refused in a folder that holds something, and within the data directory', () =>
    withFolder(async (folder) => {
      const host = open(join(folder, 'data'));
      await expect(BACKUP.run(host, optionsOf(folder))).rejects.toThrow('not empty');
      await expect(BACKUP.run(host, optionsOf(join(folder, 'data', 'backup')))).rejects.toThrow(
        'cannot lie in the data directory',
      );
      await expect(BACKUP.run(host, optionsOf())).rejects.toThrow('into which folder');
      await host.close();
    }));
});
