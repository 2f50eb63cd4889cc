/**
 * Pulls every report over a province's year of invented events, each in a process of its own as the command does: a million
 * warnings, ten million events, written by the archive's own writer. Measured from asking to the report on the disk; the first
 * pull verifies every event, the others what is not remembered as verified. Beside them the raw limit of the same run: the engine
 * only counting the lines of the same files. A workbook of half the year's warnings (500,000 rows) comes last.
 *
 * Run: node bench/reports.bench.ts [--warnings 1000000] [--check]; --check fails when a report takes longer or holds more than
 * stored. With --keep DIR the archive is made there once and used again; --only <report> pulls that one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ClockSetting, clockOf } from '../infra/local/clock.ts';
import { openPlatform, type Platform } from '../infra/local/platform.ts';
import { reportingOf } from '../infra/local/reports.ts';
import { stderrLog } from '../infra/local/stderr-log.ts';
import type { Purpose } from '../shared/access/purpose.ts';
import { FolderObjectStore } from '../shared/adapters/embedded/folder-object-store.ts';
import { archiveEvents } from '../shared/audit/archive-events.ts';
import { addDays, type Instant, type PlainDate } from '../shared/calendar/plain-date.ts';
import { catalog } from '../shared/catalog/index.ts';
import type { ReportFormat } from '../shared/reports/cover.ts';
import { reportsOf } from '../shared/reports/index.ts';
import { pullReport } from '../shared/reports/pull-report.ts';
import { DAYS, eventsOfDay, YEAR_BEGINS, yearOf } from './province-year.ts';

const { values } = parseArgs({
  options: {
    warnings: { type: 'string', default: '1000000' },
    check: { type: 'boolean', default: false },
    keep: { type: 'string' },
    only: { type: 'string' },
    /** For the process that does the work: data directory, report and form. */
    data: { type: 'string' },
    report: { type: 'string' },
    format: { type: 'string', default: 'csv' },
    to: { type: 'string' },
  },
});

const CLOCK = { kind: 'stopped', at: '2024-06-01T01:00:00.000Z' as Instant } as const satisfies ClockSetting;
/** As many events as the platform archives in one go. */
const BATCH = 40_000;
const YEAR_ENDS = addDays(YEAR_BEGINS, DAYS - 1);
/** Half of the warnings were opened up to then. */
const HALF = addDays(YEAR_BEGINS, DAYS / 2 - 1);

interface Expectation {
  readonly seconds: number;
  readonly maxPeakMB: number;
  /** Processor time no machine in use should need for an event. */
  readonly maxMicrosecondsPerEvent: number;
}

interface Pulled {
  readonly report: string;
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMB: number;
}

function open(dataDir: string): Platform {
  const clock = clockOf(CLOCK);
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'));
}

async function makeArchive(dataDir: string, warnings: number): Promise<void> {
  const platform = open(dataDir);
  const { archive } = platform.stores;
  const year = yearOf(warnings);
  let appends = 0;
  for (let day = 0; day < DAYS; day += 1) {
    const events = eventsOfDay(year, day);
    for (let from = 0; from < events.length; from += BATCH) {
      appends += 1;
      const position = String(appends).padStart(9, '0');
      await archiveEvents(archive, 'outbox', [{ position, events: events.slice(from, from + BATCH) }], addDays(YEAR_BEGINS, day));
    }
  }
  await platform.close();
}

/** The engine counting lines, as the reports are allowed to work. */
async function countLines(dataDir: string): Promise<{ readonly events: number; readonly seconds: number }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '500MB' });
  const connection = await instance.connect();
  const started = performance.now();
  const files = join(dataDir, 'archive', 'day=*', '*.jsonl.zst');
  const counted = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER FROM read_json_objects('${files}', format = 'newline_delimited', maximum_object_size = 1048576)`,
  );
  const seconds = secondsSince(started);
  connection.closeSync();
  instance.closeSync();
  return { events: Number(counted.getRowsJS()[0]?.[0]), seconds };
}

function secondsSince(started: number): number {
  return Number(((performance.now() - started) / 1_000).toFixed(1));
}

async function pull(dataDir: string, report: string, format: ReportFormat, to: PlainDate): Promise<Pulled> {
  const platform = open(dataDir);
  const out = mkdtempSync(join(dataDir, 'out-'));
  try {
    const started = performance.now();
    const deps = reportingOf(platform, new FolderObjectStore(out));
    const principal = { id: 'auditor', roles: ['auditor' as const], areas: [''], departments: [] };
    const access = { principal, purpose: 'audit' as Purpose, request: crypto.randomUUID() };
    const { cover } = await pullReport(deps, access, { report, from: YEAR_BEGINS, to, format, sample: 1_000 });
    if (!cover.archive.ok) throw new Error(`the archive is ${cover.archive.fault}`);
    const seconds = secondsSince(started);
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const cpuSeconds = Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(1));
    return { report, rows: cover.proof.rows, seconds, cpuSeconds, peakMB: Math.round(maxRSS / 1_024) };
  } finally {
    await platform.close();
    rmSync(out, { recursive: true, force: true });
  }
}

function pullApart(dataDir: string, report: string, more: readonly string[] = []): Pulled {
  const args = [import.meta.filename, '--data', dataDir, '--report', report, ...more];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`${report}: ${stderr}`);
  return JSON.parse(stdout) as Pulled;
}

async function measure(dataDir: string, warnings: number): Promise<void> {
  if (!existsSync(join(dataDir, 'archive'))) await makeArchive(dataDir, warnings);
  const stored: unknown = JSON.parse(readFileSync(new URL('expectations.json', import.meta.url), 'utf8'));
  const { reports: expected } = stored as { reports: Expectation };
  const raw = await countLines(dataDir);
  const names = [...reportsOf(catalog).keys()].filter((id) => values.only === undefined || id === values.only);
  const first = pullApart(dataDir, 'warning-ledger');
  const again = names.map((id) => pullApart(dataDir, id));
  const workbook = pullApart(dataDir, 'warning-ledger', ['--format', 'xlsx', '--to', HALF]);
  const all = [first, ...again, workbook];
  const slowest = Math.max(...all.map(({ seconds }) => seconds));
  const result = {
    bench: 'reports',
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}`,
    warnings,
    events: raw.events,
    countingLinesSeconds: raw.seconds,
    first,
    again: Object.fromEntries(again.map(({ report, ...line }) => [report, line])),
    workbook,
    slowest,
    peakMB: Math.max(...all.map(({ peakMB }) => peakMB)),
    budgetMet: raw.events < 10_000_000 ? null : slowest <= expected.seconds,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!values.check) return;
  for (const { report, peakMB, cpuSeconds } of all) {
    const perEvent = (cpuSeconds * 1e6) / raw.events;
    if (peakMB <= expected.maxPeakMB && perEvent <= expected.maxMicrosecondsPerEvent) continue;
    process.stderr.write(`${report}: ${peakMB} MB, ${perEvent.toFixed(1)} µs an event; stored is ${JSON.stringify(expected)}\n`);
    process.exitCode = 1;
  }
}

if (values.data !== undefined && values.report !== undefined) {
  const to = (values.to ?? YEAR_ENDS) as PlainDate;
  process.stdout.write(`${JSON.stringify(await pull(values.data, values.report, values.format as ReportFormat, to))}\n`);
} else {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'aidwatch-bench-'));
  try {
    await measure(folder, Number(values.warnings));
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
