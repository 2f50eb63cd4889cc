import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { openPlatform, type Platform } from '../../../infra/local/platform.ts';
import { rotateDataKey } from '../../../infra/local/rotate-keys.ts';
import { stderrLog } from '../../../infra/local/stderr-log.ts';
import { sealIdentity } from '../../../shared/registry/sealing.ts';
import { fileSequence, instant, personKey } from '../../builders/facts.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

function open(dataDir: string): Platform {
  const clock = stoppedClock(instant(1));
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'));
}

async function keep({ stores, sealer }: Platform, people: readonly number[]): Promise<void> {
  await stores.identities.put(
    people.map((n) => {
      const person = personKey(n);
      const sealed = sealIdentity(sealer, person, { number: '410225198001020011', name: '王建国' });
      return { person, nameKey: '', sealed, seq: fileSequence(1) };
    }),
  );
}

/** A county with three people and its key file, both of which the test may spoil. */
function withCounty(test: (dataDir: string, keyFile: string, folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const platform = open(dataDir);
    await keep(platform, [1, 2, 3]);
    await platform.close();
    await test(dataDir, join(dataDir, 'keys.json'), folder);
  });
}

const NOT_OF_A_PIECE = /与数据库不是一套.*are not those of this database.*of the same backup/;

describe('opening a county', () => {
  it('is refused with the key file of another: what came in under it could never be matched again', () =>
    withCounty(async (dataDir, keyFile, folder) => {
      const other = open(join(folder, 'other'));
      await other.close();
      copyFileSync(keyFile, join(folder, 'own.json'));
      copyFileSync(join(folder, 'other', 'keys.json'), keyFile);
      expect(() => open(dataDir)).toThrow(NOT_OF_A_PIECE);
      copyFileSync(join(folder, 'own.json'), keyFile);
      await open(dataDir).close();
    }));

  it('is refused with a key file from before its keys were changed', () =>
    withCounty(async (dataDir, keyFile, folder) => {
      copyFileSync(keyFile, join(folder, 'before.json'));
      const platform = open(dataDir);
      expect(await rotateDataKey(platform, keyFile, 'sysadmin')).toMatchObject({ state: 'done' });
      await platform.close();
      copyFileSync(join(folder, 'before.json'), keyFile);
      expect(() => open(dataDir)).toThrow(NOT_OF_A_PIECE);
    }));

  it('is refused without its database, or with an empty one, beside what it left: it would begin anew and say that nobody needs help', () =>
    withCounty(async (dataDir) => {
      mkdirSync(join(dataDir, 'archive'));
      const database = join(dataDir, 'aidwatch.db');
      writeFileSync(database, '');
      expect(() => open(dataDir)).toThrow(/是空的.*is empty.*restore it from a backup/);
      rmSync(database);
      expect(() => open(dataDir)).toThrow(/不见了.*is gone.*restore it from a backup/);
    }));

  it('goes on with a first start that was killed before its database was filled', () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      await open(dataDir).close();
      mkdirSync(join(dataDir, 'inbox'));
      writeFileSync(join(dataDir, 'aidwatch.db'), '');
      await open(dataDir).close();
    }));

  it('is refused where its path is too long for the database, or unfit for reports, before anything is made', () =>
    withFolder(async (folder) => {
      const long = join(folder, '民政'.repeat(30), '数据'.repeat(40));
      expect(() => open(long)).toThrow(/路径长 \d+ 字节.*where the path is shorter/);
      expect(() => open(join(folder, 'data?'))).toThrow(/改名.*rename it/);
      expect(readdirSync(folder)).toEqual([]);
    }));

  it('goes on with one damaged seal, and with the other key file while nobody is known yet', () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      const platform = open(dataDir);
      await platform.close();
      const other = open(join(folder, 'other'));
      await other.close();
      copyFileSync(join(folder, 'other', 'keys.json'), join(dataDir, 'keys.json'));
      const again = open(dataDir);
      await keep(again, [1, 2]);
      await again.stores.identities.put([
        { person: personKey(1), nameKey: '', sealed: Buffer.alloc(60, 7).toString('base64'), seq: fileSequence(2) },
      ]);
      await again.close();
      await open(dataDir).close();
    }));

  it.each(['keys.json', 'settings.json', 'parameters.json'])(
    'is refused where a pipe stands for %s: it was waited for without end',
    (name) =>
      withCounty(async (dataDir) => {
        rmSync(join(dataDir, name), { force: true });
        execFileSync('/usr/bin/env', ['mkfifo', '-m', '600', join(dataDir, name)]);
        expect(() => open(dataDir)).toThrow(new RegExp(`${name} 应为文件.*${name} must be a file`));
      }),
  );
});
