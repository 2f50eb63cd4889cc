import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { openPlatform } from '../../../infra/local/platform.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { normalizeFile } from '../../../shared/intake/normalize-file.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';
import { collect } from '../../contract/subject.ts';
import { silentLog } from '../../whole-way/silent-log.ts';
import { withFolder } from '../adapters/embedded/data-folder.ts';
import { HEADER, person, row } from './read-file.ts';

const PATH = 'medical-insurance/inpatient-settlement/2024-03/住院.csv';

it.each([
  'medical-insurance/inpatient-settlement/张桂兰411122195608190027/名单.csv',
  '张桂兰/411122195608190027/2024-03/名单.csv',
  '张桂兰411122195608190027.csv',
])('tells in events that cannot be taken back nothing of what folders and files are called: %s', (path) =>
  withFolder(async (folder) => {
    const platform = openPlatform(folder, stoppedClock('2024-05-01T01:00:00.000Z' as Instant), silentLog);
    const { stores } = platform;
    await stores.objects.write(`inbox/${path}`, Buffer.from([HEADER, row(1), ''].join('\n')));
    const deps = { ...platform, catalog, exchange: stores.objects, register: stores.files, vault: stores.identities };
    await normalizeFile({ ...deps, queue: stores.queue }, { v: 1, kind: 'file-dropped', key: `inbox/${path}` });
    const told = JSON.stringify(await stores.outbox.pending('', 10));
    expect(told).toContain('file.refused');
    expect(told).not.toMatch(/张桂兰|411122195608190027/);
    await platform.close();
  }),
);

it('leaves nothing half-written when a file cannot be read to its end, and answers it whole the next time', () =>
  withFolder(async (folder) => {
    const platform = openPlatform(folder, stoppedClock('2024-05-01T01:00:00.000Z' as Instant), silentLog);
    const { stores } = platform;
    const refusedRow = row(2, { 7: 'x' });
    const rows = Array.from({ length: 1_500 }, () => refusedRow);
    await stores.objects.write(`inbox/${PATH}`, Buffer.from([HEADER, row(1), ...rows, ''].join('\n')));
    const deps = {
      ...platform,
      catalog,
      exchange: stores.objects,
      register: stores.files,
      vault: stores.identities,
      queue: stores.queue,
    };
    const message = { v: 1, kind: 'file-dropped', key: `inbox/${PATH}` } as const;
    const busy = {
      send: async () => {
        throw new RetryLaterError('throttled');
      },
    };
    await expect(normalizeFile({ ...deps, queue: busy }, message)).rejects.toThrow('throttled');
    expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
    expect(await collect(stores.objects.list('rejects/'))).toEqual([]);

    await normalizeFile(deps, message);
    const [answer] = await collect(stores.objects.list('rejects/'));
    const fixIt = Buffer.concat(await collect(stores.objects.read(answer?.key ?? ''))).toString();
    expect(fixIt.trim().split('\n')).toHaveLength(1 + rows.length);
    await platform.close();
  }));

it('remarks on a complete list that lost half of its people, in the receipt and in its event, and takes it', () =>
  withFolder(async (folder) => {
    const counted: [string, number][] = [];
    const platform = openPlatform(folder, stoppedClock('2024-05-01T01:00:00.000Z' as Instant), silentLog);
    const { stores } = platform;
    const deps = { ...platform, catalog, exchange: stores.objects, register: stores.files, vault: stores.identities };
    const metrics = { count: (name: string, value: number) => counted.push([name, value]) };
    const send = async (period: string, people: number) => {
      const key = `inbox/medical-insurance/enrolment/${period}/名册.csv`;
      const rows = Array.from({ length: people }, (_, n) => `${person(n + 1)},居民医保,410225`);
      await stores.objects.write(key, Buffer.from(['身份证号,险种,区划', ...rows, ''].join('\n')));
      await normalizeFile({ ...deps, metrics, queue: stores.queue }, { v: 1, kind: 'file-dropped', key });
    };
    await send('2024-02', 60);
    await send('2024-03', 30);
    const { files } = await stores.files.list({ limit: 10 });
    expect(
      files.map(({ receipt }) => [receipt?.status, receipt?.counties, receipt?.notes?.map(({ row, code }) => [row, code])]),
    ).toEqual([
      ['accepted', ['410225'], [[null, 'LIST_SHORTER']]],
      ['accepted', ['410225'], undefined],
    ]);
    const events = await stores.outbox.pending('', 10);
    expect(events.filter((event) => /linesBefore\W+60/.test(JSON.stringify(event)))).toHaveLength(1);
    expect(counted.filter(([name]) => name === 'ListsShorter')).toEqual([['ListsShorter', 1]]);
    await platform.close();
  }));
