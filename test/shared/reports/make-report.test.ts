import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { PermanentError, RetryLaterError } from '../../../shared/ports/errors.ts';
import { MakeReport } from '../../../shared/ports/queue-messages.ts';
import { clearReports } from '../../../shared/reports/clear-reports.ts';
import { giveReportUp, type MakingDeps } from '../../../shared/reports/make-report.ts';
import { ReportOffice } from '../../builders/report-office.ts';
import { done, warned } from '../../builders/reporting.ts';

let office: ReportOffice;

beforeEach(() => {
  office = new ReportOffice();
  office.reporting.archive(
    warned('opened', '2024-03-04 10:00', 1),
    ...[1, 2, 3].map((n) =>
      done('record-visit', `2024-03-0${n + 5} 16:00`, n, { means: 'home', truth: 'T1', visited: '2024-03-06T07:00:00.000Z' }),
    ),
  );
});
afterEach(() => office.close());

const pulledBy = () => office.jobs.events.filter(({ type }) => type === 'report.pulled').map(({ actor }) => actor);
const leftInSpool = () => [...office.stored.keys()].filter((key) => key.startsWith('reports/spool/'));

describe('a report that was asked for', () => {
  it('waits, is made, and is there with its proof, its cover and who pulled it for what', async () => {
    const asked = await office.ask();
    expect(asked).toMatchObject({ state: 'waiting', rows: 0, files: [], cover: null, archive: null, period: null });
    await office.work();
    const report = await office.see(asked);
    expect(report).toMatchObject({
      state: 'ready',
      rows: 3,
      archive: 'whole',
      alarm: null,
      period: 'open',
      notice: { zh: '本期尚未关账，数字可能继续变化。' },
      keptUntil: '2024-06-06',
      cover: { data: { countedUpTo: 4 }, pulled: { by: 'auditor-1', purpose: 'audit' }, archive: { ok: true } },
    });
    expect(report.files.map(({ name, cover }) => [name.slice(name.indexOf('.')), cover])).toEqual([
      ['.csv', false],
      ['.cover.html', true],
      ['.cover.json', true],
    ]);
    for (const { name, bytes, sha256 } of report.files) {
      const stored = office.stored.get(`reports/${report.id}/${name}`) ?? new Uint8Array();
      expect([stored.length, createHash('sha256').update(stored).digest('hex')]).toEqual([bytes, sha256]);
    }
    expect(JSON.parse(office.text(report, '.cover.json'))).toEqual(report.cover);
    expect(pulledBy()).toEqual(['auditor-1']);
    expect(leftInSpool()).toEqual([]);
  });

  it('is, in every form, what the command gives', async () => {
    for (const format of ['csv', 'json', 'xlsx', 'html'] as const) {
      const asked = await office.ask({ format });
      await office.work();
      const report = await office.see(asked);
      const pulled = await office.reporting.pull({ report: 'visit-ledger', format });
      expect(report.cover?.proof).toEqual(pulled.cover.proof);
      if (format === 'html' || format === 'xlsx') continue;
      const [name = ''] = pulled.files;
      expect(office.text(report, `.${format}`)).toBe(office.reporting.text(name));
    }
  });

  it('comes a second time without harm', async () => {
    const asked = await office.ask();
    const [message] = office.jobs.messages;
    await office.work();
    const before = new Map(office.stored);
    office.jobs.messages.push(message ?? { queue: 'reports', body: '' });
    await office.work();
    expect(office.stored).toEqual(before);
    expect(pulledBy()).toEqual(['auditor-1']);
    expect((await office.see(asked)).state).toBe('ready');
  });

  it('is one for one key, however often it is sent', async () => {
    const access = office.reporting.access('auditor');
    const { askReport } = await import('../../../shared/reports/report-desk.ts');
    const march = { report: 'funnel', from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, format: 'csv' as const };
    const first = await askReport(office.desk, access, march, 'the-same');
    await office.work();
    const again = await askReport(office.desk, access, march, 'the-same');
    expect(again).toMatchObject({ id: first.id, state: 'ready' });
    expect(office.computed).toBe(1);
    expect((await askReport(office.desk, access, { ...march, format: 'json' }, 'the-same')).id).not.toBe(first.id);
  });
});

describe('the same report asked for by two', () => {
  it('is computed once, and each has a cover, a form and an event of their own', async () => {
    const [auditor, supervisor] = [await office.ask({ format: 'json' }), await office.ask({ format: 'csv' }, 'supervisor')];
    expect(office.jobs.messages).toHaveLength(1);
    await office.work();
    expect(office.computed).toBe(1);
    const [first, second] = [await office.see(auditor), await office.see(supervisor, 'supervisor')];
    expect(first.cover?.pulled.by).toBe('auditor-1');
    expect(second.cover?.pulled.by).toBe('supervisor-1');
    expect(first.cover?.proof).toEqual(second.cover?.proof);
    expect(JSON.parse(office.text(first, '.json')).rows).toHaveLength(3);
    expect(office.text(second, '.csv').trim().split('\r\n')).toHaveLength(4);
    expect(pulledBy()).toEqual(['auditor-1', 'supervisor-1']);
  });

  it('is not made without whoever joins while it is written', async () => {
    const asked = await office.ask();
    let late: Awaited<ReturnType<ReportOffice['ask']>> | undefined;
    await office.work({
      files: {
        ...office.files,
        write: async (key, body) => {
          await office.files.write(key, body);
          if (key.endsWith('.csv')) late ??= await office.ask({}, 'supervisor');
        },
      },
    });
    expect(office.computed).toBe(1);
    expect((await office.see(asked)).state).toBe('ready');
    if (late === undefined) throw new Error('nobody joined');
    expect((await office.see(late, 'supervisor')).state).toBe('ready');
    expect(office.jobs.messages).toEqual([]);
  });

  it('is computed anew once it was made, over what was archived since', async () => {
    const first = await office.ask();
    await office.work();
    office.reporting.archive(
      done('record-visit', '2024-03-20 16:00', 4, { means: 'home', truth: 'T1', visited: '2024-03-20T07:00:00.000Z' }),
    );
    const second = await office.ask();
    await office.work();
    expect([(await office.see(first)).rows, (await office.see(second)).rows]).toEqual([3, 4]);
    expect(office.computed).toBe(2);
  });

  it('is two where period, area or seed differ', async () => {
    await office.ask();
    await office.ask({ area: '411122' });
    await office.ask({ to: '2024-04-30' as PlainDate });
    await office.ask({ seed: 'x' });
    expect(office.jobs.messages).toHaveLength(4);
  });
});

describe('making that is broken off', () => {
  /** Every write and save after the n-th fails, as if the process had died there. */
  function dying(after: number): Pick<MakingDeps, 'files' | 'jobs'> {
    let left = after;
    const step = () => {
      left -= 1;
      if (left < 0) throw new RetryLaterError('died');
    };
    return {
      files: {
        ...office.files,
        write: async (key, body) => {
          step();
          await office.files.write(key, body);
        },
        remove: async (key) => {
          step();
          return office.files.remove(key);
        },
      },
      jobs: {
        get: (id) => office.jobs.get(id),
        latest: (question) => office.jobs.latest(question),
        find: (id) => office.jobs.find(id),
        list: (query) => office.jobs.list(query),
        kept: (before, limit) => office.jobs.kept(before, limit),
        save: async (change) => {
          step();
          return office.jobs.save(change);
        },
      },
    };
  }

  it('leaves nothing half that anybody sees, wherever it is, and the message that comes again ends it', async () => {
    for (let at = 0; ; at += 1) {
      const [asked, other] = [await office.ask(), await office.ask({ format: 'json' }, 'supervisor')];
      const [message] = office.jobs.messages.slice();
      const told = pulledBy().length;
      const died = await office.work(dying(at)).then(
        () => false,
        () => true,
      );
      const seen = [await office.see(asked), await office.see(other, 'supervisor')];
      expect(seen.filter(({ state, files }) => state !== 'ready' && files.length > 0)).toEqual([]);
      expect(pulledBy().length - told).toBe(seen.filter(({ state }) => state === 'ready').length);
      office.jobs.messages.splice(0);
      office.jobs.messages.push(message ?? { queue: 'reports', body: '' });
      await office.work();
      for (const one of [await office.see(asked), await office.see(other, 'supervisor')]) {
        expect(one).toMatchObject({ state: 'ready', rows: 3 });
        for (const { name, sha256 } of one.files) {
          const stored = office.stored.get(`reports/${one.id}/${name}`) ?? new Uint8Array();
          expect(createHash('sha256').update(stored).digest('hex')).toBe(sha256);
        }
      }
      expect(pulledBy().length - told).toBe(2);
      expect(leftInSpool()).toEqual([]);
      if (!died) return expect(at).toBeGreaterThan(10);
    }
  });

  it('computes anew where the rows kept are not those that were computed', async () => {
    const asked = await office.ask();
    const [message] = office.jobs.messages.slice();
    await expect(
      office.work({
        files: {
          ...office.files,
          write: async (key, body) => {
            if (key.endsWith('.csv')) throw new RetryLaterError('died');
            await office.files.write(key, body);
          },
        },
      }),
    ).rejects.toThrow('died');
    const rows = leftInSpool().find((key) => key.endsWith('.jsonl')) ?? '';
    office.stored.set(rows, Buffer.from(office.stored.get(rows) ?? []).subarray(0, -20));
    office.jobs.messages.push(message ?? { queue: 'reports', body: '' });
    await expect(office.work()).rejects.toBeInstanceOf(RetryLaterError);
    expect((await office.see(asked)).state).toBe('making');
    office.jobs.messages.push(message ?? { queue: 'reports', body: '' });
    await office.work();
    expect(await office.see(asked)).toMatchObject({ state: 'ready', rows: 3 });
    expect(office.computed).toBe(2);
  });
});

describe('a report that cannot be made', () => {
  it('says why and what to do, to everybody who waits, and is asked for anew afterwards', async () => {
    const asked = await office.ask();
    const tooLarge = new PermanentError('report-too-large', '数据量超出上限；请缩短期间 / too much; ask for a shorter period');
    await office.work({ engine: { open: () => Promise.reject(tooLarge) } });
    expect(await office.see(asked)).toMatchObject({
      state: 'failed',
      files: [],
      failure: { code: 'report-too-large', zh: '数据量超出上限；请缩短期间', en: 'too much; ask for a shorter period' },
    });
    expect(pulledBy()).toEqual([]);
    const again = await office.ask();
    await office.work();
    expect((await office.see(again)).state).toBe('ready');
  });

  it('is given up where it was tried too often', async () => {
    const asked = await office.ask();
    const [message] = office.jobs.messages;
    await giveReportUp(office.making, MakeReport.parse(JSON.parse(message?.body ?? '')));
    expect((await office.see(asked)).failure).toMatchObject({ code: 'report-given-up' });
  });

  it('is given up where making it killed its worker each time', async () => {
    const asked = await office.ask();
    const [message] = office.jobs.messages.slice();
    let died = 0;
    for (let n = 0; n < 20 && (await office.see(asked)).state !== 'failed'; n += 1) {
      office.jobs.messages.splice(0, 1, message ?? { queue: 'reports', body: '' });
      // As a killed process: nothing is said of it.
      const killing = { open: () => Promise.reject(new RetryLaterError('killed')) };
      await office.work({ engine: killing }).catch(() => {
        died += 1;
      });
    }
    expect(died).toBe(10);
    expect((await office.see(asked)).failure).toMatchObject({ code: 'report-given-up' });
  });

  it('is told of where making it gave no sign of life for hours, and nobody joins it', async () => {
    const asked = await office.ask();
    office.reporting.now = '2024-05-06T09:00:00.000Z' as Instant;
    expect(await office.see(asked)).toMatchObject({ state: 'failed', failure: { code: 'report-given-up' } });
    office.jobs.messages.splice(0);
    const again = await office.ask();
    await office.work();
    expect((await office.see(again)).state).toBe('ready');
    expect((await office.see(asked)).state).toBe('failed');
  });
});

describe('a report of an archive that was tampered with', () => {
  it('has a red cover and says so in its state', async () => {
    office.reporting.tamper((text) => text.replace('"low":65', '"low":66'));
    const asked = await office.ask();
    await office.work();
    const report = await office.see(asked);
    expect(report).toMatchObject({ state: 'ready', archive: 'altered', cover: { archive: { ok: false, number: 1 } } });
    expect(report.alarm?.zh).toContain('不可采信');
    expect(office.text(report, '.cover.html')).toContain('class="cover alarm"');
  });
});

describe('reports past keeping', () => {
  it('are shown as such, and their files are deleted', async () => {
    const asked = await office.ask();
    await office.work();
    const clear = () => clearReports({ jobs: office.jobs, files: office.files, clock: office.desk.clock, retention: [] });
    office.reporting.now = '2024-06-06T02:00:00.000Z' as Instant;
    expect(await clear()).toBe(0);
    expect((await office.see(asked)).state).toBe('ready');
    office.reporting.now = '2024-06-07T02:00:00.000Z' as Instant;
    expect(await office.see(asked)).toMatchObject({ state: 'expired', files: [], keptUntil: '2024-06-06' });
    expect(await clear()).toBe(1);
    expect([...office.stored.keys()]).toEqual([]);
    expect(await clear()).toBe(0);
    expect((await office.see(asked)).state).toBe('expired');
  });
});
