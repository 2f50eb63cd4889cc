import { expect, it } from 'vitest';
import { stoppedClock } from '../../infra/local/clock.ts';
import { openPlatform } from '../../infra/local/platform.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { normalizeFile } from '../../shared/intake/normalize-file.ts';
import { instant } from '../builders/facts.ts';
import { withFolder } from '../shared/adapters/embedded/data-folder.ts';
import { HEADER, row } from '../shared/intake/read-file.ts';
import { silentLog } from '../whole-way/silent-log.ts';
import { startTableServer } from './local-services.ts';

const FOLDER = 'inbox/medical-insurance/inpatient-settlement/2024-03';

it('lets the file win that was dropped later, although its announcement came before the other', () =>
  withFolder(async (folder) => {
    const server = await startTableServer();
    const { table, client } = await server.newTable();
    const platform = openPlatform(folder, stoppedClock('2024-05-01T01:00:00.000Z' as Instant), silentLog);
    const { objects, identities, queue } = platform.stores;
    const droppedAt = new Map([
      [`${FOLDER}/三月.csv`, instant(0)],
      [`${FOLDER}/三月 更正.csv`, instant(5)],
    ]);
    const exchange = {
      read: (key: string) => objects.read(key),
      write: objects.write.bind(objects),
      list: (prefix: string) => objects.list(prefix),
      info: async (key: string) => {
        const info = await objects.info(key);
        const lastModified = droppedAt.get(key);
        return info && lastModified ? { ...info, lastModified } : info;
      },
    };
    const register = dynamoFileRegister(table);
    const read = async (key: string, selfPaid: string, at: Instant) => {
      const clock = stoppedClock(at);
      await objects.write(key, Buffer.from([HEADER, row(1, { 7: selfPaid }), ''].join('\n')));
      await normalizeFile(
        { ...platform, clock, catalog, exchange, register, vault: identities, queue },
        { v: 1, kind: 'file-dropped', key },
      );
    };
    const [first = '', correction = ''] = droppedAt.keys();
    // The first reading of the earlier file broke off before it was on record; an hour later it is announced again.
    await read(correction, '2000.00', instant(6));
    await read(first, '1000.00', instant(60));
    const { files } = await register.list({ limit: 2 });
    const bySequence = [...files].sort((a, b) => (a.seq < b.seq ? -1 : 1)).map(({ path }) => `inbox/${path}`);
    expect(bySequence).toEqual([first, correction]);
    await platform.close();
    client.destroy();
    await server.stop();
  }));
