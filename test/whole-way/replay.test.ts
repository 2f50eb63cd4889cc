import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ClockSetting, clockOf } from '../../infra/local/clock.ts';
import { openPlatform } from '../../infra/local/platform.ts';
import { stderrLog } from '../../infra/local/stderr-log.ts';
import { DATABASE_FILE } from '../../shared/adapters/embedded/database.ts';
import { readEntry } from '../../shared/audit/chain.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { type ReplayDeps, replayAssessment } from '../../shared/warnings/replay-assessment.ts';
import { archiveLines } from '../builders/archive.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { type Content, DepartmentDesk } from './department-desk.ts';

// Several runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const AREA = '410322104201';
const INPATIENT = 'medical-insurance/inpatient-settlement';
const REGISTER = 'civil-affairs/low-income-register';
const who = (n: number) => identityNumberOf('410322', '1971-11-02' as PlainDate, n);

function bills(...rows: readonly (readonly [string, number, string, string])[]): string {
  const lines = rows.map(([number, n, day, yuan]) => `${number},${who(n)},${day},${yuan},${AREA}`);
  return ['结算号,有效证件号码,医保结算日期,个人负担金额,所属区划', ...lines, ''].join('\r\n');
}

function register(...rows: readonly (readonly [string, number, string, string, string, string])[]): string {
  const lines = rows.map(([household, n, ...rest]) => [household, who(n), ...rest, AREA].join(','));
  return ['户编号,身份证件号码,与申请人关系,救助类别,享受起始年月,停发日期,所属区划', ...lines, ''].join('\r\n');
}

/** A couple in the police register. */
const couple = [
  '户号,身份证号码,与户主关系,登记日期,户籍地区划',
  `77,${who(5)},户主,2001-05-01,${AREA}`,
  `77,${who(6)},妻,2001-05-01,${AREA}`,
];

/**
 * What was sent, and when: a month each, then a correction, another household for the son, deaths, and a widow listed by herself
 * who is left with her husband's bill, which is then told under her number too.
 */
const sent: readonly (readonly [string, Readonly<Record<string, Content>>])[] = [
  [
    '2024-02-20T09:00:00+08:00',
    {
      [`${INPATIENT}/2024-01/一月.csv`]: bills(['J1', 1, '2024-01-09', '4000'], ['J2', 2, '2024-01-10', '6000']),
      [`${INPATIENT}/2024-01/又.csv`]: bills(['J9', 5, '2024-01-20', '7000']),
      'public-security/household-registration/2024-01/户籍.csv': [...couple, ''].join('\r\n'),
    },
  ],
  [
    '2024-03-20T09:00:00+08:00',
    {
      [`${REGISTER}/2024-02/名册.csv`]: register(
        ['D1', 1, '本人', '低保', '2023-05', ''],
        ['D1', 3, '子', '低保', '2023-05', ''],
      ),
      [`${INPATIENT}/2024-02/二月.csv`]: bills(['J3', 3, '2024-02-10', '3500']),
    },
  ],
  [
    '2024-03-25T09:00:00+08:00',
    { [`${INPATIENT}/2024-01/更正.csv`]: bills(['J1', 1, '2024-01-09', '400'], ['J2', 2, '2024-01-10', '600']) },
  ],
  [
    '2024-04-20T09:00:00+08:00',
    {
      [`${REGISTER}/2024-03/名册.csv`]: register(
        ['D1', 1, '本人', '低保', '2023-05', '2024-02'],
        ['D9', 3, '户主', '低保边缘户', '2024-03', ''],
        ['D8', 6, '本人', '低保', '2024-03', ''],
      ),
      'public-security/death-registration/2024-03/死亡.csv': `死者身份证号,死亡日期\r\n${who(2)},2024-03-30\r\n${who(5)},2024-03-30\r\n`,
    },
  ],
  ['2024-04-20T15:00:00+08:00', { [`${INPATIENT}/2024-03/三月.csv`]: bills(['J9', 6, '2024-01-20', '7000']) }],
];

let desk: DepartmentDesk;

beforeAll(async () => {
  desk = await DepartmentDesk.open();
  for (const [now, files] of sent) expect((await desk.send(files, now)).code).toBe(0);
});
afterAll(() => desk.close());

/** Every assessment of the archive, and what replaying needs. */
async function withAssessments<T>(work: (events: readonly DomainEvent[], deps: ReplayDeps) => Promise<T>): Promise<T> {
  const setting = { kind: 'stopped', at: '2024-04-21T01:00:00.000Z' as Instant } as const satisfies ClockSetting;
  const clock = clockOf(setting);
  const platform = openPlatform(desk.dataDir, clock, stderrLog(clock, 'error'));
  try {
    const { stores, packsFor, pseudonyms } = platform;
    const events: DomainEvent[] = [];
    for await (const line of archiveLines(stores.archive)) {
      const event = readEntry(line)?.event;
      if (event?.type === 'household.assessed') events.push(event);
    }
    const { archive, facts, files: register } = stores;
    return await work(events, { archive, facts, register, catalog, packsFor, pseudonyms });
  } finally {
    await platform.close();
  }
}

describe('replaying decisions after later files and corrections came', () => {
  it('gives every one of them bit for bit, from what was known then', () =>
    withAssessments(async (events, deps) => {
      const households = new Set(events.map(({ subject }) => subject['household']));
      expect(events.length).toBeGreaterThan(households.size + 3);
      for (const { id, data } of events) {
        expect(await replayAssessment(deps, id), String(data['asOf'])).toMatchObject({
          outcome: 'same',
          digest: data['digest'],
          recomputed: data['digest'],
        });
      }
    }));

  it('knows no assessment that the archive does not tell of', () =>
    withAssessments(async (_, deps) => expect(await replayAssessment(deps, 'f'.repeat(32))).toBeUndefined()));

  it('says when the rules of then are not here', () =>
    withAssessments(async ([first], deps) => {
      const newer = (area: string) =>
        deps.packsFor(area).map((one) => ({ ...one, pack: { ...one.pack, version: `${one.pack.version}-later` } }));
      expect(await replayAssessment({ ...deps, packsFor: newer }, first?.id ?? '')).toMatchObject({ obstacle: 'rules-not-here' });
    }));

  it('says when files that were known are no longer on record', () =>
    withAssessments(async (events, deps) => {
      const register = { deliveries: async () => (await deps.register.deliveries()).slice(1) };
      expect(await replayAssessment({ ...deps, register }, events.at(-1)?.id ?? '')).toMatchObject({
        obstacle: 'deliveries-differ',
      });
    }));

  it('is told on the command line, and names a decision whose facts somebody changed or removed', async () => {
    const now = '2024-04-21T09:00:00+08:00';
    const first = await withAssessments(async ([event]) => event?.id ?? '');
    const replayed = await desk.run(['audit', 'replay', first, '--json'], now);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ event: first, outcome: 'same' });
    expect(replayed.code).toBe(0);

    const tamper = (sql: string) => {
      const database = new DatabaseSync(join(desk.dataDir, DATABASE_FILE));
      database.exec(sql);
      database.close();
    };
    // Whichever household was assessed first, its bill is among these.
    tamper(`UPDATE facts SET rows = replace(replace(replace(rows, '400000', '410000'), '600000', '610000'), '700000', '710000')`);
    const altered = await desk.run(['audit', 'replay', first, '--json'], now);
    expect(JSON.parse(altered.stdout)).toMatchObject({ event: first, outcome: 'different' });
    expect(altered.code).toBe(1);

    tamper('DELETE FROM facts');
    const removed = await desk.run(['audit', 'replay', first], now);
    expect(removed.stdout).toContain('档案所记的数据行有的已不在库中');
    expect(removed.code).toBe(1);
  });
});
