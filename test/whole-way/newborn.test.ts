import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { DepartmentDesk, gbk, type WarningLine } from './department-desk.ts';
import { jsonLines, runCli } from './run-cli.ts';

// Several runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** The acceptance case of Jiangxi: two children, one born a day before the rule, one on its first day. */
const AREA = '360602001003';
const mother = identityNumberOf('360602', '1996-05-02' as PlainDate, 2);
const ofJanuary = identityNumberOf('360602', '2024-01-01' as PlainDate, 4);
const ofDecember = identityNumberOf('360602', '2023-12-31' as PlainDate, 6);

function births(): Uint8Array {
  return gbk(
    [
      '鹰潭市月湖区出生医学证明签发名单,,,,,',
      '序号,出生证编号,新生儿身份证号,出生时间,母亲证件号码,母亲居住地区划',
      `1,X360000001,${ofJanuary},2024年1月1日,${mother},${AREA}`,
      `2,X360000002,${ofDecember},2023年12月31日,${mother},${AREA}`,
      '',
    ].join('\r\n'),
  );
}

function insured(...numbers: readonly string[]): string {
  return ['证件号码,参保险种,参保年度,参保地行政区划', ...numbers.map((number) => `${number},居民医保,2024,${AREA}`), ''].join(
    '\n',
  );
}

describe('a newborn of Jiangxi, from the birth certificate to the enrolment list', () => {
  let desk: DepartmentDesk;
  beforeAll(async () => {
    desk = await DepartmentDesk.open();
  });
  afterAll(() => desk.close());

  async function tasks(now: string): Promise<WarningLine[]> {
    return (await desk.warnings(now)).filter(({ family }) => family === 'entitlement');
  }

  /** The share of this year's newborns enrolled, county by county. */
  async function share(now: string): Promise<unknown[]> {
    return jsonLines(await runCli(['newborns', '--data', desk.dataDir, '--now', now, '--area', '36', '--json']));
  }

  it('waits while no enrolment list has come', async () => {
    const now = '2024-02-08T09:00:00+08:00';
    const { of } = await desk.send({ 'health/birth-certificate/2024-01/名单.csv': births() }, now);
    expect(of('health/birth-certificate/2024-01/名单.csv').rows).toMatchObject({ read: 2, accepted: 2 });
    expect(await tasks(now)).toEqual([]);
  });

  it('becomes a task when the list does not show the child born on 2024-01-01, and none for the one born the day before', async () => {
    const now = '2024-02-09T09:00:00+08:00';
    await desk.send({ 'medical-insurance/enrolment/2024-01/参保.csv': insured(mother) }, now);
    const [task, ...more] = await tasks(now);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ status: 'open', grade: 'task', area: AREA });
    expect(task?.reasons[0]).toMatchObject({ indicator: 'newborn-not-enrolled', result: 'hit' });
    expect(task?.reasons[0]?.evidence.map(({ feed, date }) => [feed, date])).toEqual([
      ['health/birth-certificate', '2024-01-01'],
    ]);
  });

  it('closes itself when the next list shows the child', async () => {
    const now = '2024-03-09T09:00:00+08:00';
    expect(await share('2024-02-10T09:00:00+08:00')).toEqual([
      { area: '360602', born: 1, enrolled: 0, notEnrolled: 1, open: 0, share: 0 },
    ]);
    await desk.send({ 'medical-insurance/enrolment/2024-02/参保.csv': insured(mother, ofJanuary) }, now);
    expect(await share(now)).toEqual([{ area: '360602', born: 1, enrolled: 1, notEnrolled: 0, open: 0, share: 1 }]);
    expect((await tasks(now)).map(({ status, withdrawal }) => [status, withdrawal])).toEqual([
      ['withdrawn', 'entitlement-delivered'],
    ]);
  });
});
