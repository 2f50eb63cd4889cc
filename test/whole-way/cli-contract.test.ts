import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { textRow, workbook } from '../shared/intake/make-workbook.ts';
import { DepartmentDesk, gbk } from './department-desk.ts';
import { type Finished, runCli } from './run-cli.ts';

// Many runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const NOW = '2024-04-20T09:00:00+08:00';
const PATH = 'medical-insurance/inpatient-settlement/2024-03/三月.csv';
const head = identityNumberOf('411122', '1966-03-12' as PlainDate, 401);
const son = identityNumberOf('411122', '1999-07-30' as PlainDate, 403);
const NAMES = ['苗德厚', '苗小满'];

const fen = z.number().int();
const text = z.strictObject({ zh: z.string().regex(/[\u4e00-\u9fff]/), en: z.string().regex(/[a-z]/) });

/** `ingest --json` as the contract has it; more fields may follow. */
const ingestLine = z.looseObject({
  file: z.string(),
  feed: z.string(),
  period: z.string(),
  status: z.enum(['accepted', 'partly', 'refused', 'duplicate']),
  encoding: z.string().nullable(),
  rows: z.strictObject({
    read: z.int().min(0),
    accepted: z.int().min(0),
    duplicate: z.int().min(0),
    rejected: z.int().min(0),
  }),
  totals: z.record(z.string(), fen),
  errors: z.array(
    z.strictObject({ row: z.int().min(1).nullable(), column: z.string().nullable(), code: z.string(), message: text }),
  ),
});

/** `warnings --json` as the contract has it. */
const warningLine = z.looseObject({
  id: z.string(),
  household: z.string(),
  area: z.string().regex(/^\d{6,12}$/),
  family: z.enum(['entry', 'reject']),
  grade: z.string(),
  status: z.enum(['open', 'withdrawn', 'handled']),
  openedAt: z.iso.datetime(),
  points: z.strictObject({ low: z.number(), high: z.number() }),
  completeness: z.number().min(0).max(1),
  reasons: z
    .array(
      z.looseObject({
        indicator: z.string(),
        result: z.enum(['hit', 'miss', 'unknown']),
        value: z.number().nullable(),
        line: z.number().nullable(),
        points: z.number(),
        evidence: z.array(
          z.strictObject({
            feed: z.string(),
            file: z.string(),
            row: z.int().min(1),
            date: z.iso.date(),
            amount: fen.nullable(),
          }),
        ),
        text,
      }),
    )
    .min(1),
});

/** `household --json`: members, category over time, facts, latest assessment, open and past warnings. */
const householdPage = z.looseObject({
  id: z.string(),
  category: z.string(),
  members: z
    .array(z.looseObject({ relation: z.string(), head: z.boolean(), from: z.string().nullable(), to: z.string().nullable() }))
    .min(1),
  categories: z.array(z.looseObject({ category: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  facts: z.array(z.looseObject({ feed: z.string(), file: z.string(), row: z.int(), from: z.iso.date() })),
  assessments: z.array(z.looseObject({ family: z.string(), points: z.strictObject({ low: z.number(), high: z.number() }) })),
  warnings: z.strictObject({ open: z.array(warningLine), past: z.array(warningLine) }),
});

function parsedLines(finished: Finished): unknown[] {
  const all = finished.stdout.split('\n');
  expect(all.at(-1)).toBe('');
  return all.slice(0, -1).map((line) => JSON.parse(line) as unknown);
}

function parseOnly(output: string): unknown {
  return JSON.parse(output) as unknown;
}

let desk: DepartmentDesk;
let folder = '';
let first: Finished;

const run = (...args: readonly string[]) => desk.run(args, NOW);

beforeAll(async () => {
  desk = await DepartmentDesk.open();
  folder = await desk.folder({
    [PATH]: gbk(
      [
        '临颍县2024年3月,,,,,',
        '医保结算流水号,身份证件号码,人员姓名,结算日期,个人自付金额（元）,参保地行政区划',
        `S1,${head},${NAMES[0]},2024-03-09,"6,200.05",411122104215`,
        `S2,${son},${NAMES[1]},2024-03-19,三百,411122104215`,
        '',
      ].join('\r\n'),
    ),
    'public-security/household-registration/2024-03/户.csv': `户编号,公民身份号码,姓名,与户主之关系,户籍地区划\nP1,${head},${NAMES[0]},02,411122104215\nP1,${son},${NAMES[1]},子,411122104215\n`,
    'civil-affairs/low-income-register/2024/名册.csv': 'a,b\n1,2\n',
  });
  first = await run('ingest', folder, '--json');
});

afterAll(() => desk.close());

describe('ingest --json', () => {
  it('prints one line for each file in the agreed form and fails when one was refused', () => {
    expect(first.code).toBe(1);
    const lines = parsedLines(first).map((line) => ingestLine.parse(line));
    expect(lines.map(({ feed, period, status }) => [feed, period, status])).toEqual([
      ['civil-affairs/low-income-register', '2024', 'refused'],
      ['medical-insurance/inpatient-settlement', '2024-03', 'partly'],
      ['public-security/household-registration', '2024-03', 'accepted'],
    ]);
    expect(lines[1]).toMatchObject({
      file: PATH,
      encoding: 'gb18030',
      rows: { read: 2, accepted: 1, duplicate: 0, rejected: 1 },
      totals: { selfPaid: 620_005 },
      errors: [{ row: 4, column: '个人自付金额（元）', code: 'MONEY_NOT_A_NUMBER' }],
    });
  });

  it('tells people the same in Chinese, without a name or a number, and progress goes elsewhere', async () => {
    const again = await run('ingest', folder);
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/退回 {2}civil-affairs.*\n.*BAD_PERIOD/);
    expect(again.stdout).toMatch(/重复 {2}medical-insurance/);
    expect(again.stderr).toMatch(/截至 2024-04-20/);
    for (const secret of [...NAMES, head, son]) expect(again.stdout + again.stderr + first.stdout).not.toContain(secret);
  });

  it('names sums of money to people as the department heads them', async () => {
    const elsewhere = join(desk.dataDir, 'elsewhere');
    const finished = await runCli(['ingest', join(folder, PATH), '--data', elsewhere, '--now', NOW]);
    expect(finished.stdout).toMatch(/^部分接收 .*\n {4}合计 个人自付 6,200\.05元$/m);
  });
});

describe('warnings', () => {
  it('come as one line each in the agreed form, amounts in fen, evidence down to the row', async () => {
    const finished = await run('warnings', '--json');
    expect([finished.code, finished.stderr]).toEqual([0, '']);
    const [warning, ...others] = parsedLines(finished).map((line) => warningLine.parse(line));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      area: '411122104215',
      grade: 'general',
      status: 'open',
      openedAt: '2024-04-20T01:00:00.000Z',
    });
    expect(warning?.reasons.find(({ indicator }) => indicator === 'medical-self-paid-12m')).toMatchObject({
      result: 'hit',
      value: 620_005,
      line: 500_000,
      evidence: [{ feed: 'medical-insurance/inpatient-settlement', file: PATH, row: 3, date: '2024-03-09', amount: 620_005 }],
    });
  });

  it('can be narrowed by status, grade and area', async () => {
    const count = async (...args: string[]) => parsedLines(await run('warnings', '--json', ...args)).length;
    expect([await count('--status', 'open'), await count('--status', 'withdrawn')]).toEqual([1, 0]);
    expect([await count('--area', '4111'), await count('--area', '37'), await count('--grade', 'urgent')]).toEqual([1, 0, 0]);
  });

  it('are put into Chinese for people, and explained', async () => {
    const listed = await run('warnings');
    expect(listed.stdout).toMatch(/【一般】.*未纳入救助/);
    expect(listed.stdout).toContain('近12个月医疗自付：1笔合计6,200.05元');
    const id = /W-\S+/.exec(listed.stdout)?.[0] ?? '';
    const explained = await run('explain', id);
    expect(explained.code).toBe(0);
    expect(explained.stdout).toMatch(/截至2024-04-20：“一般”预警/);
    expect(explained.stdout).toContain('减少1,200.06元');
    // Down to the row, and with the data that lack.
    expect(explained.stdout).toContain(`      医保住院结算  2024-03-09  6,200.05元  ${PATH} 第3行\n`);
    expect(explained.stdout).toContain('  - 医保门诊慢特病结算（本县从未报送）\n');
    const structured = await run('explain', id, '--json');
    const evidence = z.array(z.looseObject({ feed: z.string(), file: z.string(), row: z.int(), date: z.string() }));
    const json = z.looseObject({
      id: z.literal(id),
      summary: text,
      reasons: z.array(z.looseObject({ text, evidence })).min(5),
      missing: z.array(z.object({ feed: z.string(), latest: z.string().nullable(), since: z.string().nullable(), text })).min(1),
    });
    expect(() => json.parse(parseOnly(structured.stdout))).not.toThrow();
  });

  it('name the sheet and the row in it where a workbook has lists in several', async () => {
    const townships = await DepartmentDesk.open();
    try {
      const path = 'medical-insurance/inpatient-settlement/2024-03/各乡镇.xlsx';
      const header = ['结算单号', '身份证号', '结算日期', '个人自付', '区划'];
      const list = (name: string, ...cells: string[]) => ({ name, rows: textRow(1, header) + textRow(2, cells) });
      const sheets = [
        list('红庙镇', 'A', son, '2024-03-05', '100', '411122'),
        list('白庙镇', 'B', head, '2024-03-09', '6200', '411122'),
      ];
      await townships.send({ [path]: workbook(sheets) }, NOW);
      const id = (await townships.warnings(NOW))[0]?.id ?? '';
      const explained = await townships.run(['explain', id], NOW);
      expect(explained.stdout).toContain(`      医保住院结算  2024-03-09  6,200.00元  ${path} 工作表“白庙镇”第2行\n`);
    } finally {
      await townships.close();
    }
  });
});

describe('household', () => {
  it('is found by its id and by the identity number of any member, also in lower case and with blanks', async () => {
    const pages = [];
    for (const reference of [head, son.toLowerCase(), `${head.slice(0, 6)} ${head.slice(6)}`]) {
      const finished = await run('household', reference, '--json');
      expect(finished.code).toBe(0);
      pages.push(householdPage.parse(parseOnly(finished.stdout)));
    }
    const [page] = pages;
    expect(new Set(pages.map(({ id }) => id)).size).toBe(1);
    expect(page?.members.map(({ relation }) => relation)).toEqual(['head', 'child']);
    expect(page?.warnings.open).toHaveLength(1);
    expect(page?.warnings.past).toEqual([]);
    expect(page?.facts).toHaveLength(3);
    expect(householdPage.parse(parseOnly((await run('household', page?.id ?? '', '--json')).stdout))).toEqual(page);
  });

  it('that is not there is said in both languages, without repeating the number', async () => {
    const unknown = identityNumberOf('411122', '1950-01-01' as PlainDate, 9);
    const finished = await run('household', unknown, '--json');
    expect([finished.code, finished.stdout]).toEqual([1, '']);
    expect(finished.stderr).toMatch(/没有这一户.*no such household/);
    expect(finished.stderr).not.toContain(unknown);
  });
});

/** A line of `cases --json`; `cases show` and `cases act` begin with the same. */
const caseLine = z.looseObject({
  id: z.string().regex(/^C-H[0-9a-f]{24}-\d+$/),
  version: z.int().positive(),
  household: z.string(),
  area: z.string(),
  source: z.enum(['warning', 'application', 'cadre-report', 'hotline', 'entitlement']),
  grade: z.string(),
  gradeTitle: text,
  stage: z.string(),
  stageTitle: text,
  assignee: z.string().nullable(),
  dueAt: z.iso.datetime().nullable(),
  light: z.enum(['green', 'yellow', 'red', 'county']),
  warnings: z.array(z.string()),
  outcome: z.string().nullable(),
});

describe('cases', () => {
  it('are listed one line each, shown with what may be done, and acted on only in the name of somebody', async () => {
    const [line, ...others] = parsedLines(await run('cases', '--json')).map((one) => caseLine.parse(one));
    expect(others).toEqual([]);
    expect(line).toMatchObject({ stage: 'visit', light: 'green', assignee: null, source: 'warning' });
    const id = line?.id ?? '';
    const page = caseLine.parse(parseOnly((await run('cases', 'show', id, '--json')).stdout));
    expect(page).toMatchObject({ id, history: [{ what: 'open' }, { what: 'desk-check' }, { what: 'assign-visit' }] });
    expect(parsedLines(await run('cases', '--stage', 'closed', '--json'))).toEqual([]);
    const nobody = await run('cases', 'act', id, 'claim');
    expect([nobody.code, nobody.stderr.includes('--as')]).toEqual([2, true]);
    const stranger = await run('cases', 'act', id, 'claim', '--as', 'stranger');
    expect([stranger.code, stranger.stderr.includes('stranger')]).toEqual([2, true]);
  });
});

/** A line of `scorecard --json`. */
const scorecardLine = z.strictObject({
  department: z.string(),
  departmentTitle: text,
  feed: z.string(),
  feedTitle: text,
  files: z.strictObject({ onTime: z.int(), late: z.int(), missing: z.int(), refused: z.int() }),
  rows: z.strictObject({
    read: z.int(),
    accepted: z.int(),
    duplicate: z.int(),
    rejected: z.int(),
    rejectedShare: z.number().nullable(),
  }),
  notices: z.strictObject({
    sent: z.int(),
    answered: z.int(),
    overdue: z.int(),
    corrected: z.int(),
    upheld: z.int(),
    unknownRow: z.int(),
  }),
  wrongPer10000: z.number().nullable(),
});

describe('dashboard', () => {
  it('shows an area at a glance as one line of JSON, or in Chinese', async () => {
    const [line] = parsedLines(await run('dashboard', '--json'));
    expect(line).toMatchObject({ area: '', month: '2024-04', now: { byStage: {} }, rules: [] });
    const months = (line as { months: { month: string; rows: { read: number } }[] }).months;
    expect(months.map(({ month }) => month)).toEqual(expect.arrayContaining(['2023-05', '2024-04']));
    expect(months.at(-1)?.rows.read).toBe(4);
    expect((await run('dashboard', '--area', '4111')).stdout).toMatch(/^4111 {2}在办 \d+ {2}超期 0\n/);
    expect((await run('dashboard', '--month', '2024')).stderr).toMatch(/应为/);
    expect((await run('dashboard', '--month', '1850-03')).stderr).toMatch(/^--month 1850-03：应为 2000 至 2099 年的月份/);
    expect((await run('dashboard', '--area', '411')).stderr).toMatch(/统计到省、市、县、乡镇为止/);
  });
});

describe('corrections and scorecard', () => {
  it('count each feed in a line, and say in Chinese when there is nothing', async () => {
    const lines = parsedLines(await run('scorecard', '--json')).map((line) => scorecardLine.parse(line));
    expect(lines.find(({ feed }) => feed === 'medical-insurance/inpatient-settlement')).toMatchObject({
      files: { onTime: 0, late: 1, missing: 0 },
      rows: { read: 2, accepted: 1, rejected: 1, rejectedShare: 0.5 },
      notices: { sent: 0 },
      wrongPer10000: 0,
    });
    expect((await run('scorecard')).stdout).toMatch(/医保 住院结算 {2}按时 0 逾期 1 缺报 0/);
    expect((await run('scorecard', '--to', '2023-12-31', '--from', '2023-01-01')).stdout).toMatch(/^该时段没有/);
    expect(parsedLines(await run('scorecard', '--department', 'education', '--json'))).toEqual([]);
    expect([(await run('corrections')).stdout, (await run('corrections', '--json')).stdout]).toEqual([
      '没有更正通知 / no correction notices\n',
      '',
    ]);
    const unknown = await run('corrections', 'show', `N-H${'0'.repeat(24)}-1-${'0'.repeat(12)}`);
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
  });
});

describe('audit verify and doctor', () => {
  it('end well with JSON for programs and Chinese for people', async () => {
    expect(parseOnly((await run('audit', 'verify', '--json')).stdout)).toMatchObject({ ok: true });
    expect((await run('audit', 'verify')).stdout).toMatch(/^完好/);
    const checks = parsedLines(await run('doctor', '--json'));
    for (const check of checks)
      z.strictObject({ check: z.string(), ok: z.literal(true), zh: z.string(), en: z.string() }).parse(check);
  });
});

describe('lists with nothing in them', () => {
  it.each([
    [['period', 'list'], '还没有关过账的月份'],
    [['dead-letters'], '没有死信'],
    [['audit', 'findings'], '没有审计发现'],
    [['corrections'], '没有更正通知'],
  ])('%j says so to people, and gives programs no line', async (command, words) => {
    const told = await run(...command);
    expect([told.code, told.stdout]).toEqual([0, expect.stringContaining(words)]);
    expect((await run(...command, '--json')).stdout).toBe('');
  });
});

describe('report and period', () => {
  it('make files with a cover where --out says, and say what they lack', async () => {
    const out = join(folder, 'ledgers');
    const stretch = ['--from', '2024-03-01', '--to', '2024-03-31', '--out', out];
    const [made] = parsedLines(await run('report', 'data-exchange-ledger', ...stretch, '--format', 'xlsx', '--json'));
    const { files, cover } = z
      .looseObject({ files: z.array(z.string()), cover: z.looseObject({ period: z.unknown() }) })
      .parse(made);
    expect(files.map((file) => [file.startsWith(out), existsSync(file)])).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    expect(cover).toMatchObject({ archive: { ok: true }, period: { state: 'open' }, proof: { rows: 2 } });
    expect(existsSync(join(out, '.unfinished'))).toBe(false);
    const nobody = await run('period', 'close', '2024-03');
    expect([nobody.code, nobody.stderr.includes('--as')]).toEqual([2, true]);
    expect((await run('report', 'league-table', ...stretch)).code).toBe(2);
    expect((await run('report', 'access-log', ...stretch)).code).toBe(1);
    expect(parsedLines(await run('report', '--json')).length).toBeGreaterThan(12);
  });

  it('print the query of a report for Athena, which needs nobody to sign in for it reads nothing', async () => {
    const asked = ['report', 'funnel', '--from', '2024-03-01', '--to', '2024-03-31', '--area', '411122', '--athena'];
    const plain = await run(...asked, '--up-to', '4711');
    expect([plain.code, plain.stdout.trimStart().slice(0, 5)]).toEqual([0, 'WITH ']);
    expect(plain.stdout).toContain('number <= 4711');
    expect(plain.stdout).toContain("'411122' AS area");
    const [answer] = parsedLines(await run(...asked, '--json'));
    expect(answer).toEqual({ statement: expect.stringContaining(`number <= ${Number.MAX_SAFE_INTEGER}`) });
    expect((await run(...asked, '--up-to', 'yesterday')).code).toBe(2);
  });
});

const COMMANDS = [
  'serve',
  'ingest',
  'simulate',
  'warnings',
  'household',
  'explain',
  'cases',
  'corrections',
  'scorecard',
  'dashboard',
  'report',
  'period',
  'newborns',
  'demo',
  'audit',
  'pia',
  'retention',
  'keys',
  'doctor',
  'dead-letters',
] as const;

describe('every command', () => {
  it.each(COMMANDS)('%s has --help and refuses an option it does not know with code 2, touching nothing', async (command) => {
    const other = join(folder, 'untouched');
    const help = await run(command, '--help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain(`aidwatch ${command}`);
    expect(help.stdout).toMatch(/--data DIR.*--now.*--json.*--help/);
    const wrong = await desk.run([command, '--colour', '--data', other], NOW);
    expect([wrong.code, wrong.stdout, wrong.stderr.includes('--colour'), existsSync(other)]).toEqual([2, '', true, false]);
  });

  it('tells of each of its options, what may be given and what holds without it', async () => {
    const { stdout } = await run('cases', '--help');
    expect(stdout).toContain('  --as ACCOUNT           以谁的名义');
    expect(stdout).toContain(
      '  --light LIGHT          时限灯，缺省全部 / light of the clock: green, yellow, red, county; all unless given\n',
    );
  });

  it('is listed by --help alone, and an unknown one or none ends with code 2', async () => {
    const help = await runCli(['--help']);
    expect(help.code).toBe(0);
    for (const command of COMMANDS) expect(help.stdout).toContain(`  ${command}`);
    expect([(await runCli([])).code, (await runCli(['waarschuwing'])).code, (await runCli(['constructor'])).code]).toEqual([
      2, 2, 2,
    ]);
    expect((await runCli(['waarschuwing'])).stderr).toMatch(/^没有“waarschuwing”这个命令/);
  });

  it.each([
    [['warnings', 'open']],
    [['warnings', '--status', 'gone']],
    [['warnings', '--purpose', 'curious']],
    [['household']],
    [['household', 'a', 'b']],
    [['explain']],
    [['audit']],
    [['cases', 'act']],
    [['cases', '--stage', 'nowhere']],
    [['corrections', 'answer']],
    [['corrections', '--status', 'gone']],
    [['corrections', '--department', 'medical-insurence']],
    [['warnings', '--area', '4111x2']],
    [['scorecard', '--from', 'March']],
    [['demo', 'nobody']],
    [['ingest']],
    [['simulate']],
  ])('refuses %j with code 2 and a word of Chinese', async (args) => {
    const finished = await run(...args);
    expect([finished.code, finished.stdout]).toEqual([2, '']);
    expect(finished.stderr).toMatch(/[\u4e00-\u9fff]|aidwatch audit verify/);
  });

  it('reads no county into being: a mistyped data directory is an error', async () => {
    const other = join(desk.dataDir, 'nowhere');
    const finished = await runCli(['warnings', '--data', other]);
    expect([finished.code, finished.stdout, existsSync(other)]).toEqual([1, '', false]);
    expect(finished.stderr).toContain('其中没有数据');
  });

  it('refuses a clock that is none', async () => {
    const finished = await desk.run(['warnings'], 'yesterday');
    expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining('ISO')]);
  });
});

describe('--now', () => {
  it('is the clock of the run: an old file is tried as of its own time', async () => {
    const old = await DepartmentDesk.open();
    try {
      const then = '2013-02-10T23:30:00+08:00';
      const path = 'medical-insurance/inpatient-settlement/2013-01/旧.csv';
      const sent = await old.send(
        { [path]: `结算单号,身份证号,结算日期,个人自付,区划\nA,${head},2013-01-05,7000,411122\n` },
        then,
      );
      expect(sent.of(path).status).toBe('accepted');
      expect((await old.warnings(then))[0]?.openedAt).toBe('2013-02-10T15:30:00.000Z');
    } finally {
      await old.close();
    }
  });
});
