import { rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { type Check, dataChecks } from '../../../infra/local/data-checks.ts';
import { openPlatform } from '../../../infra/local/platform.ts';
import { type Instant, parseInstant } from '../../../shared/calendar/plain-date.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';
import { silentLog } from '../../whole-way/silent-log.ts';

const PAGE = 8192;
const TODAY = '2026-03-02T09:00:00+08:00';

/** Works a county on one day, lets the test spoil it, and looks it over at another time. */
async function found(spoil: (dataDir: string) => Promise<unknown> | unknown, at = TODAY): Promise<readonly Check[]> {
  const openAt = (dataDir: string, text: string) => openPlatform(dataDir, stoppedClock(parseInstant(text) as Instant), silentLog);
  let faults: readonly Check[] = [];
  await withFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    const worked = openAt(dataDir, TODAY);
    await worked.stores.objects.write('inbox/housing/dilapidated-housing/2026-02/a.csv', Buffer.from('x'));
    await worked.stores.queue.send('files', [{ body: JSON.stringify({ v: 1, kind: 'file-dropped', key: FILE }) }]);
    await worked.pump.drain();
    await worked.close();
    await spoil(dataDir);
    const platform = openAt(dataDir, at);
    faults = (await dataChecks(platform)).filter(({ ok }) => !ok);
    await platform.close();
  });
  return faults;
}

const FILE = 'inbox/housing/dilapidated-housing/2026-02/a.csv';

describe('looking over a data directory', () => {
  it('finds nothing wrong with one that is well, nor on a later day', async () => {
    expect(await found(() => {})).toEqual([]);
    expect(await found(() => {}, '2027-03-02T09:00:00+08:00')).toEqual([]);
  });

  it('finds a page of the database that is damaged before somebody needs what was on it', async () => {
    const faults = await found(async (dataDir) => {
      const path = join(dataDir, 'aidwatch.db');
      const file = await open(path, 'r+');
      await file.write(Buffer.alloc(PAGE, 7), 0, PAGE, statSync(path).size - PAGE);
      await file.close();
    });
    expect(faults).toMatchObject([
      { check: 'database', zh: expect.stringMatching(/已损坏.*从备份恢复/), en: expect.stringMatching(/restore a backup/) },
    ]);
  });

  it('finds what stands where a folder must be, without which no file is answered', async () => {
    const faults = await found((dataDir) => {
      rmSync(join(dataDir, 'receipts'), { recursive: true });
      writeFileSync(join(dataDir, 'receipts'), '');
    });
    expect(faults).toMatchObject([{ check: 'folders', zh: expect.stringMatching(/^receipts .*检查所有者和权限/) }]);
  });

  it('finds a clock behind what is on record', async () => {
    expect(await found(() => {}, '2026-03-01T09:00:00+08:00')).toMatchObject([
      { check: 'clock', en: expect.stringMatching(/2026-03-01, is before 2026-03-02.*put the clock/) },
    ]);
  });
});
