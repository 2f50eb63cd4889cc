import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clockOf } from '../../infra/local/clock.ts';
import { openPlatform, type Platform } from '../../infra/local/platform.ts';
import { stderrLog } from '../../infra/local/stderr-log.ts';
import { DATABASE_FILE } from '../../shared/adapters/embedded/database.ts';
import { readEntry } from '../../shared/audit/chain.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { foldFacts } from '../../shared/facts/fold.ts';
import type { DeletionCertificate, DeletionPlan } from '../../shared/privacy/delete-expired.ts';
import { membershipOn } from '../../shared/registry/membership.ts';
import { archiveLines } from '../builders/archive.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { DepartmentDesk } from './department-desk.ts';
import { jsonLines } from './run-cli.ts';

// Several runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const AREA = '410322104201';
const INPATIENT = 'medical-insurance/inpatient-settlement';
const REGISTER = 'civil-affairs/low-income-register';
const who = (n: number) => identityNumberOf('410322', '1971-11-02' as PlainDate, n);

function bills(...rows: readonly (readonly [string, number, string, string, string])[]): string {
  const lines = rows.map(([number, n, day, yuan, hospital]) => `${number},${who(n)},${day},${yuan},${hospital},${AREA}`);
  return ['结算号,有效证件号码,医保结算日期,个人负担金额,定点医药机构名称,所属区划', ...lines, ''].join('\r\n');
}

function register(...rows: readonly (readonly [string, number, string, string, string, string])[]): string {
  const lines = rows.map(([household, n, ...rest]) => [household, who(n), ...rest, AREA].join(','));
  return ['户编号,身份证件号码,与申请人关系,救助类别,享受起始年月,停发日期,所属区划', ...lines, ''].join('\r\n');
}

/** A hospital nobody has been to since. */
const LONG_AGO = '旧事医院';
const january = bills(['J1', 1, '2020-01-09', '900', LONG_AGO], ['J2', 2, '2020-01-10', '800', LONG_AGO]);
const begun = register(['D1', 1, '本人', '低保', '2019-05', ''], ['D2', 3, '本人', '低保', '2019-05', '']);
const ended = register(['D1', 1, '本人', '低保', '2019-05', '2020-02'], ['D2', 3, '本人', '低保', '2019-05', '']);

const sent = [
  ['2020-02-20T09:00:00+08:00', { [`${INPATIENT}/2020-01/一月.csv`]: january, [`${REGISTER}/2020-01/名册.csv`]: begun }],
  ['2020-03-20T09:00:00+08:00', { [`${REGISTER}/2020-02/名册.csv`]: ended }],
  ['2024-03-20T09:00:00+08:00', { [`${INPATIENT}/2024-02/二月.csv`]: bills(['J9', 1, '2024-02-09', '700', '今日医院']) }],
] as const;
const NOW = '2024-04-21T09:00:00+08:00';

let desk: DepartmentDesk;
beforeAll(async () => {
  desk = await DepartmentDesk.open();
  for (const [now, files] of sent) expect((await desk.send(files, now)).code).toBe(0);
});
afterAll(() => desk.close());

async function withPlatform<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
  const clock = clockOf({ kind: 'stopped', at: '2024-04-21T01:00:00.000Z' as Instant });
  const platform = openPlatform(desk.dataDir, clock, stderrLog(clock, 'error'));
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}

/** What is known of the n-th person, and the digests of the assessments of the household of today. */
async function known(n: number) {
  return withPlatform(async ({ stores, pseudonyms }) => {
    const person = pseudonyms.person(who(n));
    const chunks = (await stores.facts.ofPersons([person])).get(person) ?? [];
    const registration = (await stores.households.ofPersons([person])).get(person);
    const household = membershipOn(registration?.memberships ?? [], '2024-04-21' as PlainDate)?.household;
    const standings = household === undefined ? [] : ((await stores.standings.load([household])).get(household) ?? []);
    return {
      chunks,
      days: foldFacts(chunks, catalog)
        .map(({ from }) => from)
        .sort(),
      version: registration?.version,
      assessed: standings.map(({ household, assessment }) => `${household} ${assessment.digest}`),
    };
  });
}

async function assessments(): Promise<readonly DomainEvent[]> {
  return withPlatform(async ({ stores }) => {
    const events: DomainEvent[] = [];
    for await (const line of archiveLines(stores.archive)) {
      const event = readEntry(line)?.event;
      if (event?.type === 'household.assessed') events.push(event);
    }
    return events;
  });
}

describe('facts past keeping, from the plan to the old file that comes again', () => {
  let certificate: DeletionCertificate | undefined;
  const before = new Map<number, Awaited<ReturnType<typeof known>>>();

  it('are planned by feed and rule: what ended, not what holds', async () => {
    for (const n of [1, 2, 3]) before.set(n, await known(n));
    const run = await desk.run(['retention', 'plan', '--json'], NOW);
    expect(run.code).toBe(0);
    const [plan] = jsonLines<DeletionPlan>(run);
    expect(plan).toMatchObject({
      purpose: 'facts',
      before: '2021-04-21',
      rule: { months: 36 },
      kinds: expect.arrayContaining([
        { kind: INPATIENT, count: 2 },
        { kind: REGISTER, count: 1 },
      ]),
    });
  });

  it('are deleted under a certificate, and leave today’s assessments and the registrations as they were', async () => {
    const run = await desk.run(['retention', 'apply', '--json'], NOW);
    expect(run.code).toBe(0);
    certificate = jsonLines<DeletionCertificate>(run).find(({ purpose }) => purpose === 'facts');
    expect(certificate).toMatchObject({ deleted: 3, purpose: 'facts' });
    const after = await known(1);
    expect(after.days).toEqual(['2024-02-09']);
    expect(after.version).toBe(before.get(1)?.version);
    for (const n of [1, 2, 3]) expect((await known(n)).assessed, String(n)).toEqual(before.get(n)?.assessed);
    expect((await known(2)).days).toEqual([]);
    expect((await known(3)).days).toEqual(before.get(3)?.days);
  });

  it('are gone from the disk, and nothing is past keeping any more', async () => {
    expect(readFileSync(join(desk.dataDir, DATABASE_FILE)).includes(Buffer.from(LONG_AGO))).toBe(false);
    const run = await desk.run(['retention', 'plan', '--json'], NOW);
    expect(jsonLines<DeletionPlan>(run)[0]).toMatchObject({ purpose: 'facts', kinds: [] });
  });

  it('do not come back with the old files, the same or saved anew, nor does what had ended hold again', async () => {
    const same = await desk.send({ [`${INPATIENT}/2020-01/一月.csv`]: january, [`${REGISTER}/2020-01/名册.csv`]: begun }, NOW);
    expect(same.lines.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    const anew = await desk.send(
      { [`${INPATIENT}/2020-01/补报.csv`]: `${january}\r\n`, [`${REGISTER}/2020-01/补报.csv`]: `${begun}\r\n` },
      NOW,
    );
    expect(anew.lines.map(({ rows }) => [rows.accepted, rows.duplicate])).toEqual([
      [0, 2],
      [0, 2],
    ]);
    const after = await known(1);
    expect(after.days).toEqual(['2024-02-09']);
    for (const n of [1, 2, 3]) expect((await known(n)).assessed, String(n)).toEqual(before.get(n)?.assessed);
  });

  it('are named by the replay of a decision that rested on them, with day and certificate; later ones come out', async () => {
    const events = await assessments();
    const verdicts: { asOf: string; code: number | null; outcome: string; obstacle?: string; deleted?: unknown }[] = [];
    for (const { id, data } of events) {
      const { code, stdout } = await desk.run(['audit', 'replay', id, '--json'], NOW);
      const { outcome, obstacle, deleted } = JSON.parse(stdout);
      verdicts.push({ asOf: String(data['asOf']), code, outcome, obstacle, deleted });
    }
    expect(verdicts.filter(({ outcome }) => outcome === 'different')).toEqual([]);
    const gone = verdicts.filter(({ obstacle }) => obstacle === 'facts-deleted');
    expect(gone.length).toBeGreaterThan(0);
    for (const { asOf, code, deleted } of gone) {
      expect(asOf < '2021').toBe(true);
      expect(code).toBe(1);
      expect(deleted).toEqual([{ on: '2024-04-21', before: '2021-04-21', certificate: certificate?.id }]);
    }
    expect(verdicts.filter(({ asOf }) => asOf > '2024').map(({ outcome }) => outcome)).toEqual(
      verdicts.filter(({ asOf }) => asOf > '2024').map(() => 'same'),
    );
    const first = events.find((_, index) => verdicts[index]?.obstacle === 'facts-deleted');
    const { stdout } = await desk.run(['audit', 'replay', first?.id ?? ''], NOW);
    expect(stdout).toContain(`2024-04-21 删除，凭证 / deleted, certificate ${certificate?.id}`);
  });

  it('leave an archive that verifies and tells of them without a word of anybody', async () => {
    expect((await desk.run(['audit', 'verify'], NOW)).code).toBe(0);
    const told = await withPlatform(async ({ stores }) => {
      const lines: string[] = [];
      for await (const line of archiveLines(stores.archive)) if (line.includes('"data.delet')) lines.push(line);
      return lines;
    });
    expect(told.some((line) => line.includes(certificate?.id ?? '?'))).toBe(true);
    for (const secret of [LONG_AGO, who(1)]) expect(told.join('\n')).not.toContain(secret);
  });
});
