import { appendFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { badFiles } from './bad-files.ts';
import { badRows } from './bad-rows.ts';
import { DepartmentDesk, gbk, type IngestLine } from './department-desk.ts';
import { bill, HEADER, lines, NOW, number, PLACE } from './far-county.ts';
import { runCli } from './run-cli.ts';

// Many runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const badInputs = [...badFiles, ...badRows];

describe('a folder of files from people who never saw the catalog', () => {
  let desk: DepartmentDesk;
  let code: number | null;
  let answers: IngestLine[];

  beforeAll(async () => {
    desk = await DepartmentDesk.open();
    const sent = await desk.send(Object.fromEntries(badInputs.map(({ path, content }) => [path, content])), NOW);
    ({ code, lines: answers } = sent);
    expect(sent.stderr).toBe('');
  });

  afterAll(() => desk.close());

  it('ends with a code other than zero and one answer for each file', () => {
    expect(code).toBe(1);
    expect(answers.map(({ file }) => file).sort()).toEqual(badInputs.map(({ path }) => path).sort());
  });

  it.each(badInputs)('answers $what', async ({ path, status, rows, encoding, selfPaid, errors }) => {
    const answer = answers.find(({ file }) => file === path) as IngestLine;
    const { read, accepted, duplicate, rejected } = answer.rows;
    expect([answer.status, answer.errors.map(({ row, column, code: error }) => [row, column, error])]).toEqual([
      status,
      errors ?? [],
    ]);
    expect(read).toBe(accepted + duplicate + rejected);
    if (rows !== undefined) expect([read, accepted, duplicate, rejected]).toEqual(rows);
    if (encoding !== undefined) expect(answer.encoding).toBe(encoding);
    if (selfPaid !== undefined) expect(answer.totals['selfPaid']).toBe(selfPaid);
    for (const { message } of answer.errors) {
      expect(message.zh).toMatch(/[\u4e00-\u9fff]{4}/);
      expect(message.en).toMatch(/[a-z]{3} [a-z]/);
      expect(message.zh + message.en).not.toMatch(/周某|\d{15}/);
    }
    const receipt = JSON.parse((await desk.read(`receipts/${path}.json`)).toString()) as { status: string; rows: object };
    expect(receipt).toMatchObject({ status, rows: answer.rows });
    expect(answer.fixItFile === null).toBe(rejected === 0);
    if (answer.fixItFile !== null) expect((await desk.read(answer.fixItFile)).length).toBeGreaterThan(0);
  });

  it('keeps every accepted bill apart from its neighbours', async () => {
    const answer = await desk.run(['household', number(41), '--json'], NOW);
    const page = JSON.parse(answer.stdout) as { facts: { feed: string; row: number }[] };
    expect(page.facts.map(({ feed, row }) => [feed, row])).toEqual([['medical-insurance/inpatient-settlement', 2]]);
  });

  it('puts a person of two households into the one that began later, and takes a household without a head', async () => {
    const page = async (n: number) =>
      JSON.parse((await desk.run(['household', number(n), '--json'], NOW)).stdout) as {
        id: string;
        members: { head: boolean; relation: string; current: boolean; from: string | null; to: string | null }[];
      };
    const [first, second, headless] = [await page(231), await page(232), await page(233)];
    expect(second.id).not.toBe(first.id);
    expect(first.members).toMatchObject([
      { relation: 'head', current: true },
      { relation: 'spouse', current: false, from: '2024-01-01', to: '2024-01-31' },
    ]);
    expect(second.members).toMatchObject([{ relation: 'head', current: true, from: '2024-02-01' }]);
    expect(headless.members).toMatchObject([{ relation: 'child', head: false, current: true }]);
  });

  it('changes nothing when everything is sent again, and leaves the archive whole', async () => {
    const before = await desk.warnings(NOW);
    const again = await desk.send(Object.fromEntries(badInputs.map(({ path, content }) => [path, content])), NOW);
    for (const { path, status } of badInputs) {
      expect([path, again.of(path).status]).toEqual([path, status === 'refused' ? 'refused' : 'duplicate']);
    }
    expect(await desk.warnings(NOW)).toEqual(before);
    expect((await desk.run(['audit', 'verify'], NOW)).code).toBe(0);
  });
});

describe('the fix-it file', () => {
  let desk: DepartmentDesk;
  beforeAll(async () => {
    desk = await DepartmentDesk.open();
  });
  afterAll(() => desk.close());

  it('comes back in encoding and layout of the sender, and its corrected copy is taken', async () => {
    const path = `${PLACE}/退回.csv`;
    const title = '某县2024年3月住院结算,,,,,,';
    const first = await desk.send(
      { [path]: gbk(lines(title, HEADER, bill(1), bill(2, { 5: '一千' }), bill(3, { 3: '' }), bill(4))) },
      NOW,
    );
    expect(first.of(path)).toMatchObject({ status: 'partly', rows: { read: 4, accepted: 2, duplicate: 0, rejected: 2 } });
    const sentBack = await desk.read(first.of(path).fixItFile ?? '');
    const text = new TextDecoder('gb18030', { fatal: true }).decode(sentBack).split('\r\n');
    expect(text.slice(0, 2)).toEqual([title, `${HEADER},行号,退回原因`]);
    expect(text[2]).toMatch(
      new RegExp(`^JS2,${number(2)},周某2,2024/3/5,3000\\.00,一千,620521,4,个人自付金额\\(元\\)：.*不是数字`),
    );
    expect(text[3]).toContain(',5,医保结算时间：结算日期为空');
    expect(text).toHaveLength(5);

    const fixed = text
      .join('\r\n')
      .replace(',一千,', ',800.00,')
      .replace(`${number(3)},周某3,,`, `${number(3)},周某3,2024/3/9,`);
    const second = await desk.send({ [`${PLACE}/退回-改.csv`]: gbk(fixed) }, NOW);
    expect(second.of(`${PLACE}/退回-改.csv`)).toMatchObject({
      status: 'accepted',
      rows: { read: 2, accepted: 2, duplicate: 0, rejected: 0 },
      totals: { selfPaid: 200_050 },
      fixItFile: null,
    });
    expect(second.code).toBe(0);
  });
});

describe('files that come again', () => {
  let desk: DepartmentDesk;
  const page = async (n: number, now = NOW) =>
    JSON.parse((await desk.run(['household', number(n), '--json'], now)).stdout) as {
      facts: { row: number; file: string; fields: Record<string, unknown> }[];
    };
  beforeAll(async () => {
    desk = await DepartmentDesk.open();
  });
  afterAll(() => desk.close());

  it('have no effect with the same bytes, under the same name and another', async () => {
    const content = lines(HEADER, bill(1), bill(2));
    await desk.send({ [`${PLACE}/a.csv`]: content }, NOW);
    const again = await desk.send({ [`${PLACE}/a.csv`]: content, [`${PLACE}/b.csv`]: content }, NOW);
    for (const line of again.lines) {
      expect(line).toMatchObject({
        status: 'duplicate',
        rows: { read: 0, accepted: 0, duplicate: 0, rejected: 0 },
        errors: [{ row: null, column: null, code: 'SAME_BYTES' }],
      });
    }
    expect(again.code).toBe(0);
    expect((await page(1)).facts).toHaveLength(1);
    expect(JSON.parse((await desk.read(`receipts/${PLACE}/a.csv.json`)).toString())).toMatchObject({ status: 'accepted' });
  });

  it('keep both when the name is the same and the content another, and the later word counts', async () => {
    const corrected = await desk.send({ [`${PLACE}/a.csv`]: lines(HEADER, bill(1, { 5: '900.00' }), bill(2)) }, NOW);
    expect(corrected.of(`${PLACE}/a.csv`)).toMatchObject({ status: 'accepted', storedAs: `${PLACE}/a~2.csv` });
    const { facts } = await page(1);
    expect(facts.map(({ file, fields }) => [file, fields['selfPaid']])).toEqual([[`${PLACE}/a~2.csv`, 90_000]]);
    expect((await page(2)).facts.map(({ file }) => file)).toEqual([`${PLACE}/a.csv`]);
    expect((await desk.read(`inbox/${PLACE}/a.csv`)).toString()).toBe(lines(HEADER, bill(1), bill(2)));
  });

  it('are read after all when the clock stood before the data and was put right', async () => {
    const files = { [`${PLACE}/clock.csv`]: lines(HEADER, bill(9)) };
    const early = await desk.send(files, '2023-12-01T09:00:00+08:00');
    expect(early.code).toBe(1);
    expect(early.of(`${PLACE}/clock.csv`)).toMatchObject({ status: 'refused', errors: [{ code: 'PERIOD_IN_FUTURE' }] });
    expect(early.of(`${PLACE}/clock.csv`).errors[0]?.message).toEqual({
      zh: expect.stringContaining('系统时钟') as string,
      en: expect.stringContaining('clock of this system') as string,
    });
    expect((await desk.send(files, NOW)).of(`${PLACE}/clock.csv`).status).toBe('accepted');
  });
});

describe('what is named on the command line', () => {
  let desk: DepartmentDesk;
  beforeAll(async () => {
    desk = await DepartmentDesk.open();
  });
  afterAll(() => desk.close());

  it('may be one file, placed by its own folders', async () => {
    const folder = await desk.folder({ [`${PLACE}/one.csv`]: lines(HEADER, bill(1)) });
    const { code, stdout } = await desk.run(['ingest', join(folder, PLACE, 'one.csv'), '--json'], NOW);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { file: `${PLACE}/one.csv`, status: 'accepted' }]);
  });

  it('may be a folder of many files, each answered', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`${PLACE}/${n}.csv`, lines(HEADER, bill(300 + n))] as const),
    );
    const sent = await desk.send(files, NOW);
    expect([sent.code, sent.lines.length, sent.lines.every(({ status }) => status === 'accepted')]).toEqual([0, 60, true]);
  });

  it('fails for a path that does not exist, naming it, and takes nothing', async () => {
    const folder = await desk.folder({ [`${PLACE}/x.csv`]: lines(HEADER, bill(400)) });
    const { code, stdout, stderr } = await desk.run(['ingest', folder, join(folder, '没有'), '--json'], NOW);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/没有.{1,2}没有这个文件或目录 \/ no such file or folder/);
    expect((await desk.run(['household', number(400)], NOW)).code).toBe(1);
  });

  it('fails for a folder without files', async () => {
    const folder = await desk.folder({});
    await mkdir(folder, { recursive: true });
    const { code, stderr } = await desk.run(['ingest', folder], NOW);
    expect([code, stderr]).toEqual([2, expect.stringContaining('没有找到文件')]);
  });

  it('leaves what desktops put into folders alone', async () => {
    const folder = await desk.folder({ [`${PLACE}/.DS_Store`]: 'x', [`${PLACE}/ok.csv`]: lines(HEADER, bill(401)) });
    await writeFile(join(folder, PLACE, '.~lock.ok.csv#'), 'x');
    const { code, stdout } = await desk.run(['ingest', folder, '--json'], NOW);
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 1]);
    expect(await readdir(join(desk.dataDir, 'inbox', PLACE))).toContain('ok.csv');
  });

  it('is answered when it cannot be read, and its neighbours are taken', async () => {
    const folder = await desk.folder({
      [`${PLACE}/near.csv`]: lines(HEADER, bill(402)),
      [`${PLACE}/elsewhere.txt`]: lines(HEADER, bill(403)),
    });
    await symlink(join(folder, '没有这个文件'), join(folder, PLACE, 'broken.csv'));
    await symlink(join(folder, PLACE, 'elsewhere.txt'), join(folder, PLACE, 'linked.csv'));
    const { code, stdout } = await desk.run(['ingest', folder, '--json'], NOW);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as IngestLine);
    expect(code).toBe(1);
    expect(answers.map(({ file, status, errors }) => [file.slice(PLACE.length + 1), status, errors[0]?.code])).toEqual([
      ['broken.csv', 'refused', 'UNREADABLE'],
      ['elsewhere.txt', 'accepted', undefined],
      ['linked.csv', 'duplicate', 'SAME_BYTES'],
      ['near.csv', 'accepted', undefined],
    ]);
  });
});

describe('a file whose name is not in UTF-8', () => {
  it('is answered with that reason, and its neighbours are taken', async () => {
    const desk = await DepartmentDesk.open();
    try {
      const folder = await desk.folder({ [`${PLACE}/near.csv`]: lines(HEADER, bill(411)) });
      const name = Buffer.concat([
        Buffer.from(`${join(folder, PLACE)}/`),
        Buffer.from([0xc8, 0xfd, 0xd4, 0xc2]),
        Buffer.from('.csv'),
      ]);
      await writeFile(name, lines(HEADER, bill(412)));
      const { stdout } = await desk.run(['ingest', folder, '--json'], NOW);
      const answers = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as IngestLine);
      expect(answers.map(({ status, errors }) => [status, errors[0]?.code]).sort()).toEqual([
        ['accepted', undefined],
        ['refused', 'BAD_FILE_NAME'],
      ]);
    } finally {
      await desk.close();
    }
  });
});

describe('a line of hundreds of megabytes', () => {
  it.each([
    ['of digits', '9'],
    ['of quotation marks', '"'],
  ])('%s is refused alone, and memory stays flat', async (_, filling) => {
    const desk = await DepartmentDesk.open();
    try {
      const folder = await desk.folder({ [`${PLACE}/long.csv`]: lines(HEADER, bill(1)) });
      const block = Buffer.alloc(2 ** 20, filling);
      const path = join(folder, PLACE, 'long.csv');
      for (let n = 0; n < 250; n += 1) await appendFile(path, block);
      await appendFile(path, `\r\n${lines(bill(2), bill(3))}`);
      const tellMemory =
        "import{writeSync}from'node:fs';process.on('exit',()=>writeSync(2,'maxRSS='+process.resourceUsage().maxRSS))";
      const { code, stdout, stderr } = await runCli(['ingest', folder, '--json', '--data', desk.dataDir, '--now', NOW], {
        // Threads have memory of their own; what is asked here is what reading takes.
        WORKERS: '0',
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellMemory)}`,
      });
      const answer = JSON.parse(stdout) as IngestLine;
      expect([code, answer.status, answer.rows]).toEqual([0, 'partly', { read: 4, accepted: 3, duplicate: 0, rejected: 1 }]);
      expect(answer.errors.map(({ row, code: error }) => [row, error])).toEqual([[3, 'ROW_TOO_LONG']]);
      // Kilobytes; the file alone, held as bytes, would take 250 MB beside the program's own 150 and what collecting lags behind.
      expect(Number(/maxRSS=(\d+)/.exec(stderr)?.[1])).toBeLessThan(390_000);
      expect((await desk.read(answer.fixItFile ?? '')).length).toBeLessThan(10_000);
    } finally {
      await desk.close();
    }
  });
});
