import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import papaparse from 'papaparse';
import type { Period } from '../shared/calendar/period.ts';
import type { PlainDate } from '../shared/calendar/plain-date.ts';
import { feedId } from '../shared/catalog/feed.ts';
import { catalog } from '../shared/catalog/index.ts';
import { encodeGb18030 } from '../shared/intake/gb18030-encoder.ts';
import { readDepartmentFile } from '../shared/intake/read-department-file.ts';
import { checkCharacter } from '../shared/registry/identity-number.ts';
import { pseudonymsOf } from '../shared/registry/pseudonym.ts';
import { sealerOf } from '../shared/registry/sealing.ts';

/**
 * Times the reading of one 20-column GBK file of inpatient settlements with every check and pseudonyms, once without and
 * once with the sealing of the sensitive fields (AES-256-GCM, one cipher per row), beside csv-parse and papaparse which only
 * cut the same decoded text into cells. Usage: `node bench/normalize.bench.ts [--rows N] [--check]`; `--check` fails when
 * memory or the speed against csv-parse in the same run miss what expectations.json says. The speed in rows/s is reported
 * against the budget but does not fail the check, since it depends on the machine.
 */
const args = process.argv.slice(2);
const rows = Number(option('--rows') ?? 1_000_000);

function option(name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

const secret = new Uint8Array(32).fill(7);

/** Title, unit line and header come before the data. */
const HEADER_LINES = 3;

const COLUMNS = [
  '序号',
  '姓名',
  '身份证号码',
  '参保地区划代码',
  '结算单号',
  '医疗机构',
  '就诊类别',
  '入院日期',
  '出院日期',
  '结算日期',
  '诊断编码',
  '诊断名称',
  '总费用',
  '统筹支付',
  '大病保险支付',
  '医疗救助支付',
  '个人账户支付',
  '个人自付',
  '异地就医标志',
  '冲销标志',
];

/** Small deterministic generator (mulberry32), so that every run reads the same bytes. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function line(n: number, random: () => number): string {
  const pick = (size: number): number => Math.floor(random() * size);
  const first17 = `41022${1 + pick(5)}${1940 + pick(75)}${two(1 + pick(12))}${two(1 + pick(28))}${String(pick(1000)).padStart(3, '0')}`;
  const day = 1 + pick(20);
  const total = 300_000 + pick(3_000_000);
  const self = Math.floor(total * (0.2 + random() * 0.3));
  const fund = Math.floor((total - self) * 0.7);
  const yuan = (fen: number): string => (fen / 100).toFixed(2);
  return [
    n,
    `${'王李张刘陈杨赵黄'[pick(8)]}${'建国秀英志强桂兰'[pick(8)]}${'华明芳伟'[pick(4)]}`,
    first17 + checkCharacter(first17),
    `41022${1 + pick(5)}${two(1 + pick(20))}0${two(pick(30))}0`,
    `JS2024${String(n).padStart(10, '0')}`,
    ['兰考县人民医院', '通许县中医院', '河南省人民医院', '杞县第二人民医院'][pick(4)],
    '普通住院',
    `2024-03-${two(day)}`,
    `2024-03-${two(day + 3)}`,
    `2024/3/${day + 4}`,
    ['I50.900', 'I63.900', 'C34.900', 'J18.900'][pick(4)],
    ['心力衰竭', '脑梗死', '支气管或肺恶性肿瘤', '肺炎'][pick(4)],
    yuan(total),
    yuan(fund),
    '0.00',
    yuan(total - self - fund),
    '0',
    yuan(self),
    random() < 0.1 ? '是' : '否',
    '否',
  ].join(',');
}

async function makeFile(path: string): Promise<void> {
  const out = createWriteStream(path);
  const random = randomOf(2024);
  let block = `住院结算明细表\n单位：元\n${COLUMNS.join(',')}\n`;
  for (let n = 1; n <= rows; n++) {
    block += `${line(n, random)}\n`;
    if (block.length > 1 << 18 || n === rows) {
      if (!out.write(encodeGb18030(block))) await once(out, 'drain');
      block = '';
    }
  }
  out.end();
  await once(out, 'finish');
}

async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('gb18030');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    yield decoder.decode(chunk as Uint8Array, { stream: true });
  }
  yield decoder.decode();
}

interface Speed {
  readonly rowsPerSecond: number;
  /** By processor time of the whole process, which other work on the machine hardly touches. */
  readonly rowsPerCpuSecond: number;
}

async function timed(run: () => Promise<number>): Promise<Speed> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const count = await run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    rowsPerSecond: Math.round((count / (performance.now() - start)) * 1000),
    rowsPerCpuSecond: Math.round((count / (user + system)) * 1_000_000),
  };
}

async function ours(path: string, sealing: boolean): Promise<number> {
  const feed = catalog.get(feedId('medical-insurance', 'inpatient-settlement'));
  if (feed === undefined) throw new Error('the feed is not in the catalog');
  const pseudonyms = pseudonymsOf(secret);
  const sealer = sealerOf(secret);
  const result = await readDepartmentFile({
    feed,
    period: '2024-03' as Period,
    fileName: 'a.csv',
    size: statSync(path).size,
    today: '2024-05-01' as PlainDate,
    read: () => createReadStream(path, { highWaterMark: 1 << 18 }),
    pseudonym: pseudonyms.person,
    keyOf: pseudonyms.naturalKeysOf(feed.id),
    markOf: pseudonyms.maskedText,
    seal: sealing ? sealer.seal : (_, text) => text,
    onRows: () => {},
    onRejected: (refused) => {
      throw new Error(`the file of the benchmark was made wrong: ${JSON.stringify(refused[0]?.errors)}`);
    },
  });
  if (result.outcome !== 'read' || result.rows.accepted !== rows) throw new Error('not every row was accepted');
  return result.rows.read;
}

async function csvParse(path: string): Promise<number> {
  const parser = parse({ delimiter: ',', from_line: HEADER_LINES });
  let count = 0;
  parser.on('data', () => {
    count += 1;
  });
  const ended = once(parser, 'end');
  for await (const text of decoded(path)) if (!parser.write(text)) await once(parser, 'drain');
  parser.end();
  await ended;
  return count;
}

async function papa(path: string): Promise<number> {
  const stream = papaparse.parse(papaparse.NODE_STREAM_INPUT, { delimiter: ',', newline: '\n' });
  let count = 0;
  stream.on('data', () => {
    count += 1;
  });
  const ended = once(stream, 'end');
  for await (const text of decoded(path)) if (!stream.write(text)) await once(stream, 'drain');
  stream.end();
  await ended;
  return count;
}

interface Measured extends Speed {
  readonly peakMB: number;
}

/** Runs this script again for one reader only: its own process, so that neither memory nor compiled code is shared. */
function apart(reader: string, path: string): Measured {
  const args = [import.meta.filename, '--rows', String(rows), '--reader', reader, '--file', path];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.status !== 0) throw new Error(`the run of ${reader} failed`);
  return JSON.parse(child.stdout) as Measured;
}

/** The readers in turn, so that other work on the machine falls on all of them. */
const ROUNDS = 3;

/** What each reader measured in its least disturbed round, with the most memory of any. */
function inTurn(path: string): Record<string, Measured> {
  const best: Record<string, Measured> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(READERS)) {
      const now = apart(name, path);
      const before = best[name] ?? now;
      best[name] = {
        rowsPerSecond: Math.max(before.rowsPerSecond, now.rowsPerSecond),
        rowsPerCpuSecond: Math.max(before.rowsPerCpuSecond, now.rowsPerCpuSecond),
        peakMB: Math.max(before.peakMB, now.peakMB),
      };
    }
  }
  return best;
}

const CHECKS = 'aidwatch, all checks';
const SEALING = 'aidwatch, all checks and sealing';
const CSV_PARSE = 'csv-parse, splitting only';
const PAPAPARSE = 'papaparse, splitting only';

const READERS: Readonly<Record<string, (path: string) => Promise<number>>> = {
  [CHECKS]: (path) => ours(path, false),
  [SEALING]: (path) => ours(path, true),
  [CSV_PARSE]: csvParse,
  [PAPAPARSE]: papa,
};

interface Expectation {
  /** The budget, on a machine that does nothing else. */
  readonly rowsPerSecond: number;
  /** Holds on any machine: speed against csv-parse in the same run, by processor time. */
  readonly minShareOfCsvParse: { readonly checks: number; readonly sealing: number };
  readonly maxPeakMB: number;
}

const reader = option('--reader');
if (reader !== undefined) {
  const run = READERS[reader];
  if (run === undefined) throw new Error(`no reader ${reader}`);
  const speed = await timed(() => run(option('--file') ?? ''));
  console.log(JSON.stringify({ ...speed, peakMB: Math.round(process.resourceUsage().maxRSS / 1024) }));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-bench-'));
  try {
    const path = join(folder, 'inpatient.csv');
    await makeFile(path);
    const measured = inTurn(path);
    const of = (name: string): Measured => measured[name] as Measured;
    const share = (name: string, peer: string): number =>
      Number((of(name).rowsPerCpuSecond / of(peer).rowsPerCpuSecond).toFixed(2));
    const summary = (name: string) => ({
      ...of(name),
      shareOfCsvParse: share(name, CSV_PARSE),
      shareOfPapaparse: share(name, PAPAPARSE),
    });
    const checks = summary(CHECKS);
    const sealing = summary(SEALING);
    const text = readFileSync(new URL('expectations.json', import.meta.url), 'utf8');
    const { normalize: expected } = JSON.parse(text) as { normalize: Expectation };
    const asExpected =
      checks.shareOfCsvParse >= expected.minShareOfCsvParse.checks &&
      sealing.shareOfCsvParse >= expected.minShareOfCsvParse.sealing &&
      Math.max(checks.peakMB, sealing.peakMB) <= expected.maxPeakMB;
    console.log(
      JSON.stringify({
        bench: 'normalize',
        rows,
        bytes: statSync(path).size,
        checks,
        checksAndSealing: sealing,
        budgetMet: checks.rowsPerSecond >= expected.rowsPerSecond,
        asExpected,
        peers: { [CSV_PARSE]: of(CSV_PARSE), [PAPAPARSE]: of(PAPAPARSE) },
      }),
    );
    if (args.includes('--check') && !asExpected) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
