import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { openPlatform, type Platform } from '../../../infra/local/platform.ts';
import { rotateDataKey } from '../../../infra/local/rotate-keys.ts';
import { stderrLog } from '../../../infra/local/stderr-log.ts';
import { addDataKey, dataKeysIn } from '../../../shared/adapters/embedded/key-file.ts';
import { ATTACHMENTS } from '../../../shared/casework/attachments.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { countByKey, resealAll } from '../../../shared/registry/reseal.ts';
import { keyIdOf, openFields, openIdentity, sealIdentity } from '../../../shared/registry/sealing.ts';
import { caseId } from '../../builders/cases.ts';
import { factChunk, factRow, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const PEOPLE = 1_200;
const NUMBER = '410225198001020011';
const everybody = Array.from({ length: PEOPLE }, (_, n) => personKey(n));
const photo = `${ATTACHMENTS}${caseId(1)}/${'0'.repeat(64)}`;
const ofCase = caseId(1) as string as PersonKey;

function open(dataDir: string): Platform {
  const clock = stoppedClock(instant(1));
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'));
}

/** People with names, a diagnosis each, and a photo of a case. */
async function fill({ stores, sealer }: Platform): Promise<void> {
  await stores.identities.put(
    everybody.map((person, n) => ({
      person,
      nameKey: '',
      sealed: sealIdentity(sealer, person, { number: NUMBER, name: `王${n}` }),
      seq: fileSequence(1),
    })),
  );
  await stores.facts.append(
    everybody.map((person) =>
      factChunk({ person, rows: [factRow({ sealed: sealer.seal(person, '{"diagnosisName":"肺炎"}') })] }),
    ),
  );
  await stores.objects.write(photo, Buffer.from(sealer.seal(ofCase, 'cGhvdG8=')));
}

/** Everything can be read, by somebody who opens the county now. */
async function expectReadable({ stores, sealer }: Platform, persons = everybody): Promise<void> {
  const sealed = await stores.identities.get(persons);
  const facts = await stores.facts.ofPersons(persons);
  for (const [n, person] of persons.entries()) {
    expect(openIdentity(sealer, person, sealed.get(person)?.sealed ?? '').name).toBe(`王${n}`);
    expect(openFields(sealer, person, facts.get(person)?.[0]?.rows[0]?.sealed ?? '')).toEqual({ diagnosisName: '肺炎' });
  }
}

async function withCounty(test: (platform: Platform, keyFile: string, dataDir: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const platform = open(dataDir);
    try {
      await fill(platform);
      await test(platform, join(dataDir, 'keys.json'), dataDir);
    } finally {
      await platform.close();
    }
  });
}

describe('changing the data key', () => {
  it('seals everything anew and takes the old key away, while people read what they always read', () =>
    withCounty(async (platform, keyFile, dataDir) => {
      const reader = open(dataDir);
      let going = true;
      const reading = (async () => {
        while (going) {
          await expectReadable(reader, everybody.slice(0, 50));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      const rotation = await rotateDataKey(platform, keyFile, 'operator:test');
      going = false;
      await reading;
      expect(rotation).toEqual({ state: 'done', current: 2, retired: [1], resealed: 2 * PEOPLE + 1, waiting: 0 });
      expect(dataKeysIn(keyFile)).toEqual({ held: [2], current: 2 });
      expect(await countByKey(platform.stores.sealed)).toEqual(new Map([[2, 2 * PEOPLE]]));
      await expectReadable(reader);
      await reader.close();
      const later = open(dataDir);
      await expectReadable(later);
      const parts: Uint8Array[] = [];
      for await (const part of later.stores.objects.read(photo)) parts.push(part);
      expect(later.sealer.open(ofCase, Buffer.concat(parts).toString())).toBe('cGhvdG8=');
      await later.close();
    }));

  it('goes on where it was broken off, with nothing unreadable in between or after', () =>
    withCounty(async (platform, keyFile, dataDir) => {
      addDataKey(keyFile);
      let pages = 0;
      const dying = {
        page: platform.stores.sealed.page.bind(platform.stores.sealed),
        replace: async (records: Parameters<typeof platform.stores.sealed.replace>[0]) => {
          pages += 1;
          if (pages === 3) throw new Error('killed');
          return platform.stores.sealed.replace(records);
        },
      };
      const reopened = open(dataDir);
      await expect(resealAll(dying, reopened.sealer, 2)).rejects.toThrow('killed');
      expect(await countByKey(reopened.stores.sealed)).toEqual(
        new Map([
          [2, 1_000],
          [1, 2 * PEOPLE - 1_000],
        ]),
      );
      await expectReadable(reopened);
      const rotation = await rotateDataKey(reopened, keyFile, 'operator:test');
      expect(rotation).toMatchObject({ state: 'done', current: 2, retired: [1], resealed: 2 * PEOPLE - 1_000 + 1 });
      await expectReadable(reopened);
      await reopened.close();
    }));

  it('keeps the old key while rows sealed with it are on their way, dead letters too', () =>
    withCounty(async (platform, keyFile) => {
      const { queue } = platform.stores;
      await queue.send('updates', [{ body: '{}' }]);
      expect(await rotateDataKey(platform, keyFile, 'operator:test')).toMatchObject({
        state: 'waiting',
        retired: [],
        waiting: 1,
      });
      const [message] = await queue.receive('updates', 1, 30);
      await queue.remove('updates', [message?.id ?? '']);
      await queue.bury('updates', '{}', 'AW0000: no reason');
      expect(await rotateDataKey(platform, keyFile, 'operator:test')).toMatchObject({ state: 'waiting', waiting: 1 });
      expect(dataKeysIn(keyFile)).toEqual({ held: [1, 2], current: 2 });
      await expectReadable(platform);
    }));

  it('tells what was done in events, and no key', () =>
    withCounty(async (platform, keyFile) => {
      const keyTexts = () =>
        Object.values((JSON.parse(readFileSync(keyFile, 'utf8')) as { dataKeys: object }).dataKeys) as string[];
      await rotateDataKey(platform, keyFile, 'operator:test');
      const texts = (await platform.stores.outbox.pending('', 10_000)).flatMap(({ events }) => events);
      const told = texts.filter(({ type }) => type.startsWith('keys.'));
      expect(told.map(({ type, actor, data }) => [type, actor, data])).toEqual([
        ['keys.rotation-begun', 'operator:test', { from: 1 }],
        ['keys.rotated', 'operator:test', { resealed: 2 * PEOPLE + 1 }],
      ]);
      for (const key of keyTexts()) expect(JSON.stringify(told)).not.toContain(key);
    }));

  it('lets a process that has the county open seal with the new key soon, without being started again', () =>
    withCounty(async (platform, keyFile) => {
      addDataKey(keyFile);
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(keyIdOf(platform.sealer.seal(personKey(1), '王'))).toBe(2);
    }));
});
