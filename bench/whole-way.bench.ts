import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ClockSetting, clockOf } from '../infra/local/clock.ts';
import { ingest } from '../infra/local/commands/ingest.ts';
import { generateCounty } from '../infra/local/demo-county/generate.ts';
import { writeCounty } from '../infra/local/demo-county/write-county.ts';
import { workersOf } from '../infra/local/options.ts';
import { openPlatform, threadsOfMachine } from '../infra/local/platform.ts';
import { stderrLog } from '../infra/local/stderr-log.ts';
import type { Period } from '../shared/calendar/period.ts';
import type { Instant } from '../shared/calendar/plain-date.ts';

/**
 * Times the whole way on one machine: a month's files of an invented county through `ingest`, from bytes to warnings and
 * archived events, in a process of its own. Beside it DuckDB answers the core of the question over the same files: whose
 * household paid 5,000 yuan or more itself in 12 months. DuckDB reads no GB18030, so it gets copies in UTF-8, made outside
 * its time; it does none of the checks, pseudonyms, history, other rules or reasons.
 * Usage: `node bench/whole-way.bench.ts [--households N] [--check]`. `--check` also takes in a quarter of the households and
 * fails when a row costs more in the large county than in the small one by more than expectations.json allows, when memory
 * does, or when warnings fail to appear.
 */
const { values: options } = parseArgs({
  options: {
    households: { type: 'string', default: '100000' },
    check: { type: 'boolean', default: false },
    /** For the process that does the work: the files and where to put the data. */
    files: { type: 'string' },
    data: { type: 'string' },
  },
});

const MONTH = '2024-03' as Period;
const NOW = '2024-04-20T01:00:00.000Z' as Instant;
/** 5,000 yuan of medical cost paid by the household itself. */
const LINE_YUAN = 5_000;
/** The list of everybody insured repeats the police register without its households; with it the county has 7.5 rows a household. */
const LEFT_OUT = 'medical-insurance/enrolment/';

interface Run {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMB: number;
  readonly warnings: number;
  readonly events: number;
  /** From the start to the last batch of each step; the rest is archiving. */
  readonly phases: Readonly<Record<string, number>>;
}

interface Expectation {
  readonly seconds: number;
  readonly households: number;
  readonly maxPeakMB: number;
  /** Processor time per row at N households against N / 4. */
  readonly maxGrowth: number;
  /** Processor time per row that no machine in use should need. */
  readonly maxMicrosecondsPerRow: number;
}

/** The work itself: `ingest` as the command line runs it, measured from the opening of the data directory to its end. */
async function work(files: string, data: string): Promise<void> {
  const started = performance.now();
  const since = () => Number(((performance.now() - started) / 1000).toFixed(2));
  const setting: ClockSetting = { kind: 'stopped', at: NOW };
  const clock = clockOf(setting);
  const workers = workersOf(process.env);
  const platform = openPlatform(data, clock, stderrLog(clock, 'error'), {
    count: workers ?? threadsOfMachine(),
    atOnce: workers !== undefined,
    clock: setting,
    logFrom: 'error',
  });
  const phases: Record<string, number> = {};
  platform.pump.onBatch = (queue) => {
    phases[queue] = since();
  };
  await ingest(platform, { dataDir: data, now: NOW, json: true, args: [files], own: {} });
  const { number: events } = await platform.stores.archive.head();
  const warnings = platform.metrics.of('Warnings.opened');
  await platform.close();
  const seconds = since();
  const { user, system } = process.cpuUsage();
  const measured: Omit<Run, 'rows'> = {
    seconds,
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    rssMB: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings,
    events,
    phases,
  };
  console.error(JSON.stringify(measured));
}

function runApart(files: string, data: string): Run {
  // As the npm scripts run it.
  const args = ['--max-semi-space-size=32', import.meta.filename, '--files', files, '--data', data];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  const told = child.stderr.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0 || !told.startsWith('{')) throw new Error(`the run failed: ${told}`);
  const lines = child.stdout.trim().split('\n');
  const rows = lines.reduce((sum, line) => sum + (JSON.parse(line) as { rows: { read: number } }).rows.read, 0);
  return { rows, ...(JSON.parse(told) as Omit<Run, 'rows'>) };
}

async function makeFiles(folder: string, households: number): Promise<void> {
  function* wanted() {
    for (const file of generateCounty({ seed: 1, households, months: [MONTH] })) {
      if (!file.path.startsWith(LEFT_OUT)) yield file;
    }
  }
  await writeCounty(folder, wanted());
}

/** Copies in UTF-8 without what stands above the header. */
function convert(folder: string, households: number): Readonly<Record<string, string>> {
  const wanted = ['household-registration', 'inpatient-settlement', 'outpatient-chronic-settlement'];
  const copies: Record<string, string> = {};
  for (const { path, bytes } of generateCounty({ seed: 1, households, months: [MONTH] })) {
    const feed = path.split('/')[1] ?? '';
    if (!wanted.includes(feed) || path.includes('导出失败')) continue;
    const text = decoded(bytes);
    const copy = join(folder, `${feed}.csv`);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text.slice(text.lastIndexOf('\n', text.search(/个人自付|个人负担|户号/)) + 1));
    copies[feed] = copy;
  }
  return copies;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

async function askDuckDb(copies: Readonly<Record<string, string>>): Promise<{ seconds: number; households: number }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const started = performance.now();
  const read = (feed: string) =>
    `read_csv('${copies[feed]}', delim = ',', quote = '"', header = true, all_varchar = true, strict_mode = false, ignore_errors = true)`;
  const answer = await connection.runAndReadAll(`
    WITH paid AS (
      SELECT 证件号码 AS person, try_cast(结算时间 AS DATE) AS day, try_cast(个人自付 AS DECIMAL(12, 2)) AS amount
        FROM ${read('inpatient-settlement')}
      UNION ALL
      SELECT 身份证号码, try_strptime(结算日期, '%Y/%m/%d')::DATE, try_cast(个人负担 AS DECIMAL(12, 2))
        FROM ${read('outpatient-chronic-settlement')}
    )
    SELECT count(*) FROM (
      SELECT register.户号 FROM ${read('household-registration')} AS register JOIN paid ON paid.person = register.公民身份号码
       WHERE paid.day > DATE '2023-04-20' AND paid.day <= DATE '2024-04-20'
       GROUP BY register.户号 HAVING sum(paid.amount) >= ${LINE_YUAN}
    )`);
  const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
  const households = Number(answer.getRows()[0]?.[0] ?? 0);
  connection.closeSync();
  return { seconds, households };
}

async function measure(root: string, households: number): Promise<Run> {
  const files = join(root, `files-${households}`);
  const data = join(root, `data-${households}`);
  await makeFiles(files, households);
  const run = runApart(files, data);
  rmSync(data, { recursive: true, force: true });
  rmSync(files, { recursive: true, force: true });
  return run;
}

async function report(households: number, check: boolean): Promise<void> {
  const stored: unknown = JSON.parse(readFileSync(new URL('expectations.json', import.meta.url), 'utf8'));
  const { 'whole-way': expected } = stored as { 'whole-way': Expectation };
  const root = mkdtempSync(join(tmpdir(), 'aidwatch-bench-'));
  try {
    const small = check ? await measure(root, Math.ceil(households / 4)) : undefined;
    const run = await measure(root, households);
    const duckDb = await askDuckDb(convert(join(root, 'utf8'), households));
    const perRow = ({ cpuSeconds, rows }: Run) => (cpuSeconds / rows) * 1e6;
    const growth = small === undefined ? undefined : Number((perRow(run) / perRow(small)).toFixed(2));
    console.log(
      JSON.stringify({
        bench: 'whole-way',
        machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}`,
        households,
        ...run,
        rowsPerSecond: Math.round(run.rows / run.seconds),
        duckDbSeconds: duckDb.seconds,
        duckDbHouseholds: duckDb.households,
        timesDuckDb: Number((run.seconds / duckDb.seconds).toFixed(1)),
        ...(growth === undefined ? undefined : { growth }),
        budgetMet: households < expected.households ? null : run.seconds <= expected.seconds,
      }),
    );
    const failures = [
      ...(run.rssMB > expected.maxPeakMB ? [`${run.rssMB} MB, expected at most ${expected.maxPeakMB}`] : []),
      ...(run.warnings === 0 ? ['no household was warned of'] : []),
      ...(perRow(run) > expected.maxMicrosecondsPerRow ? [`${Math.round(perRow(run))} µs of processor time per row`] : []),
      ...(growth !== undefined && growth > expected.maxGrowth
        ? [`a row costs ${growth} times as much in the larger county`]
        : []),
    ];
    if (!check) return;
    for (const failure of failures) console.error(`the whole way is not as stored: ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (options.files !== undefined && options.data !== undefined) await work(options.files, options.data);
else await report(Number(options.households), options.check);
