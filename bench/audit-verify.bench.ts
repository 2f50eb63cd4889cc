/**
 * Verifies a copy of an archive as an auditor does: events like those of a county, a day's worth to a partition, with the roots of
 * its days and roots kept elsewhere. The archive is made before the clock starts.
 *
 * Run: node bench/audit-verify.bench.ts [--events 10000000] [--check]; --check fails when the rate or memory is not as expected.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ArchiveFolder } from '../shared/adapters/embedded/archive-folder.ts';
import { packLines } from '../shared/audit/archive-frames.ts';
import { dayFolder, eventsFile, ROOTS_FOLDER, rootFile } from '../shared/audit/archive-layout.ts';
import { EMPTY_CHAIN, eventText, extendChainByTexts, lineOf } from '../shared/audit/chain.ts';
import { type DailyRoot, dayAfter, readRoot, rootOf, rootText } from '../shared/audit/daily-root.ts';
import { makeEvent } from '../shared/audit/make-event.ts';
import { verifyArchive } from '../shared/audit/verify-archive.ts';
import { addDays, type Instant, type PlainDate } from '../shared/calendar/plain-date.ts';
import type { ChainHead } from '../shared/ports/event-log.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    check: { type: 'boolean', default: false },
    /** For the process that does the work: the archive. */
    folder: { type: 'string' },
  },
});
const wanted = Number(values.events);
/** Events of one append, and appends of one day. */
const [BATCH, APPENDS] = [20_000, 5];

function eventsFrom(first: number): string[] {
  return Array.from({ length: BATCH }, (_, n) => {
    const number = first + n;
    const at = new Date(1_710_000_000_000 + number * 100).toISOString() as Instant;
    const household = `H${number.toString(16).padStart(24, '0')}`;
    if (number % 40 === 0) {
      const chunks = Array.from({ length: 40 }, (_, row) => [`${(number + row).toString(16).padStart(32, '0')}`, row + 2, 1]);
      return eventText(
        makeEvent(
          'facts.recorded',
          at,
          { file: household.slice(1) },
          { chunks, digest: household, feed: 'medical-insurance/inpatient-settlement' },
          String(number),
        ),
      );
    }
    const data = {
      asOf: '2024-03-20',
      completeness: 0.8235294117647058,
      digest: household.repeat(2),
      family: 'entry',
      grade: number % 9 === 0 ? 'general' : null,
      high: number % 140,
      low: number % 90,
      pack: 'henan-low-income',
      packVersion: '1',
    };
    return eventText(makeEvent('household.assessed', at, { household }, data, `entry\n${number}`));
  });
}

function makeArchive(folder: string): DailyRoot[] {
  mkdirSync(join(folder, ROOTS_FOLDER), { recursive: true });
  const roots: DailyRoot[] = [];
  let head: ChainHead = { ...EMPTY_CHAIN, open: dayAfter(EMPTY_CHAIN, '2024-01-01' as PlainDate) };
  let frames: Buffer[] = [];
  const endDay = () => {
    const { open } = head;
    if (open === undefined || frames.length === 0) return;
    mkdirSync(join(folder, dayFolder(open.day)));
    writeFileSync(join(folder, dayFolder(open.day), eventsFile(open.first)), Buffer.concat(frames));
    frames = [];
    const root = rootOf(head);
    if (root === undefined) return;
    writeFileSync(join(folder, ROOTS_FOLDER, rootFile(root.day)), rootText(root));
    roots.push(root);
    head = { ...head, open: dayAfter(head, addDays(open.day, 1)) };
  };
  for (let first = 1; first <= wanted; first += BATCH) {
    const entries = extendChainByTexts(head, eventsFrom(first));
    frames.push(packLines(entries.map(lineOf)));
    const end = entries.at(-1);
    if (end !== undefined) head = { ...head, number: end.number, hash: end.hash };
    if (frames.length === APPENDS) endDay();
  }
  endDay();
  return roots;
}

interface Line {
  readonly events: number;
  readonly days: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly eventsPerSecond: number;
  readonly peakMB: number;
}

async function verify(folder: string): Promise<Line> {
  const roots = readFileSync(join(folder, 'kept.jsonl'), 'utf8').trimEnd().split('\n');
  const kept = roots.flatMap((text) => readRoot(text) ?? []);
  const start = performance.now();
  const verdict = await verifyArchive(new ArchiveFolder(folder), { kept });
  const seconds = (performance.now() - start) / 1_000;
  if (!verdict.ok) throw new Error(`the archive is ${verdict.fault} at ${verdict.number}`);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return {
    events: verdict.events,
    days: verdict.roots,
    seconds: Number(seconds.toFixed(2)),
    cpuSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(2)),
    eventsPerSecond: Math.round(verdict.events / seconds),
    peakMB: Math.round(maxRSS / 1024),
  };
}

if (values.folder !== undefined) process.stdout.write(`${JSON.stringify(await verify(values.folder))}\n`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-audit-'));
  try {
    writeFileSync(join(folder, 'kept.jsonl'), makeArchive(folder).map(rootText).join(''));
    // In a process of its own, so that its memory is what verifying takes.
    const { stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, '--folder', folder], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    process.stdout.write(stdout);
    if (values.check) check(JSON.parse(stdout) as Line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check({ eventsPerSecond: rate, peakMB }: Line): void {
  const { 'audit-verify': expected } = JSON.parse(readFileSync(join(import.meta.dirname, 'expectations.json'), 'utf8')) as {
    'audit-verify': { eventsPerSecond: number; minShareOnBusyMachine: number; maxPeakMB: number };
  };
  const least = expected.eventsPerSecond * expected.minShareOnBusyMachine;
  if (rate < least) throw new Error(`${rate} events/s, expected at least ${least} on a busy machine`);
  if (peakMB > expected.maxPeakMB) throw new Error(`${peakMB} MB, expected at most ${expected.maxPeakMB}`);
}
