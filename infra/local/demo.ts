import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Period, parsePeriod } from '../../shared/calendar/period.ts';
import { stages, stageTitles } from '../../shared/casework/case.ts';
import { INBOX } from '../../shared/intake/normalize-file.ts';
import type { WarningView } from '../../shared/warnings/present-warning.ts';
import { listWarnings } from '../../shared/warnings/read-warnings.ts';
import { DEMO_SEED, demoFiles, lastWholeMonth, monthsUntil } from './commands/simulate.ts';
import { printWarning } from './commands/warnings.ts';
import type { CountyFile } from './demo-county/table.ts';
import { writeCounty } from './demo-county/write-county.ts';
import { announce } from './inbox.ts';
import type { CommonOptions } from './options.ts';
import { pagesOf } from './pages.ts';
import type { Platform } from './platform.ts';
import { print, tell } from './print.ts';
import { operatorAccess, readingOf } from './reading.ts';
import { writeWhole } from './write-whole.ts';

const MONTHS = 3;
const MOST_URGENT = 5;

/** Which demo this directory holds, so that one interrupted is made to the end with the same files. */
const DemoMark = z.object({ seed: z.int(), households: z.int(), months: z.array(z.string()), done: z.boolean() });
type DemoMark = z.infer<typeof DemoMark>;

/** True when the demo county is to be made: the directory is new, or was left in the middle of it. */
export async function demoWanted(platform: Platform): Promise<boolean> {
  const mark = readMark(platform.dataDir);
  if (mark !== undefined) return !mark.done;
  return (
    (await platform.stores.files.list({ limit: 1 })).files.length === 0 &&
    (await firstOf(platform.stores.objects.list(INBOX))) === undefined
  );
}

/**
 * Drops the demo county into the inbox and works it through, with progress and a table at the end. Stopped in the middle,
 * the next start goes on with it.
 */
export async function makeDemo(
  platform: Platform,
  options: CommonOptions,
  households: number,
  stopped: () => boolean,
): Promise<void> {
  const mark = readMark(platform.dataDir) ?? freshMark(platform, households);
  writeMark(platform.dataDir, mark);
  const months = mark.months.map((text) => parsePeriod(text)).filter((period): period is Period => period !== undefined);
  tell(`正在生成演示县：${mark.households} 户，数据期 ${months.join('、')} / making the demo county`);
  const inbox = join(platform.dataDir, INBOX);
  await writeCounty(inbox, notYetWritten(inbox, demoFiles(mark.seed, mark.households, months)));
  const keys: string[] = [];
  for await (const info of platform.stores.objects.list(INBOX)) keys.push(info.key);
  keys.sort((a, b) => (periodOf(a) < periodOf(b) ? -1 : periodOf(a) > periodOf(b) ? 1 : a < b ? -1 : 1));
  await announce(platform.stores.queue, keys);
  const progress = progressLine(platform, keys.length);
  platform.pump.onBatch = progress.step;
  await platform.pump.drain();
  platform.pump.onBatch = () => {};
  progress.end();
  if (stopped()) return;
  writeMark(platform.dataDir, { ...mark, done: true });
  await printTable(platform, options);
}

/** Files are written whole or not at all; written again, one would count as another drop. */
function* notYetWritten(inbox: string, files: Iterable<CountyFile>): Iterable<CountyFile> {
  for (const file of files) if (!existsSync(join(inbox, file.path))) yield file;
}

function freshMark(platform: Platform, households: number): DemoMark {
  return {
    seed: DEMO_SEED,
    households,
    months: monthsUntil(lastWholeMonth(platform.clock), MONTHS),
    done: false,
  };
}

function markPath(dataDir: string): string {
  return join(dataDir, 'demo.json');
}

function readMark(dataDir: string): DemoMark | undefined {
  if (!existsSync(markPath(dataDir))) return undefined;
  return DemoMark.parse(JSON.parse(readFileSync(markPath(dataDir), 'utf8')));
}

function writeMark(dataDir: string, mark: DemoMark): void {
  writeWhole(markPath(dataDir), `${JSON.stringify(mark)}\n`);
}

function periodOf(key: string): string {
  return key.split('/')[3] ?? '';
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

function progressLine(platform: Platform, files: number) {
  const live = process.stderr.isTTY === true;
  let taken = 0;
  let shownAt = 0;
  const show = () => {
    // A household is assessed again whenever something about it becomes known, so these are more than there are households.
    const assessments = platform.metrics.of('HouseholdsAssessed');
    const rows = platform.metrics.of('RowsAccepted');
    const text = `文件 ${taken}/${files}  收行 ${rows}  评估 ${assessments} 户次 / files, rows, assessments`;
    process.stderr.write(live ? `\r${text}   ` : `${text}\n`);
  };
  return {
    step: (queue: string, messages: number) => {
      if (queue === 'files') taken += messages;
      const now = performance.now();
      if (now - shownAt < (live ? 150 : 2_000)) return;
      shownAt = now;
      show();
    },
    end: () => {
      show();
      if (live) process.stderr.write('\n');
    },
  };
}

async function printTable(platform: Platform, options: CommonOptions): Promise<void> {
  const files = await allFiles(platform);
  const sum = (name: 'accepted' | 'rejected' | 'duplicate') =>
    files.reduce((total, file) => total + (file.receipt?.rows[name] ?? 0), 0);
  const byStatus = (status: string) => files.filter((file) => file.receipt?.status === status).length;
  const access = operatorAccess(options);
  const grades = new Map<string, number>();
  const urgent: WarningView[] = [];
  const query = { status: 'open', limit: 200 } as const;
  for await (const { warnings } of pagesOf(access, (one, from) =>
    listWarnings(readingOf(platform), one, { ...query, ...from }),
  )) {
    urgent.push(...warnings.slice(0, MOST_URGENT - urgent.length));
    for (const { gradeTitle } of warnings) grades.set(gradeTitle.zh, (grades.get(gradeTitle.zh) ?? 0) + 1);
  }
  const households = await countHouseholds(platform);
  print('');
  printRow(
    '文件 / files',
    `${byStatus('accepted')} 接收，${byStatus('partly')} 部分接收，${byStatus('refused')} 退回，${byStatus('duplicate')} 重复`,
  );
  printRow('行 / rows', `${sum('accepted')} 接收，${sum('rejected')} 退回待改，${sum('duplicate')} 重复`);
  printRow('已评估户 / households assessed', `${households}`);
  printRow('预警 / warnings', [...grades].map(([grade, count]) => `${grade} ${count}`).join('，') || '无');
  printRow('办件 / cases', await casesText(platform));
  print('');
  print(`  最紧急的 ${urgent.length} 户 / most urgent：`);
  for (const view of urgent) printWarning(view);
  print('');
}

/** Where the cases stand and how many wait for somebody to take them. */
async function casesText({ stores }: Platform): Promise<string> {
  const { byStage, byAssignee } = await stores.cases.counts(['']);
  const inHand = Object.values(byAssignee).reduce((sum, count) => sum + count, 0);
  const counted = stages.flatMap((stage) => (byStage[stage] === undefined ? [] : [`${stageTitles[stage].zh} ${byStage[stage]}`]));
  return counted.length === 0 ? '无' : `${counted.join('，')}；已派到人 ${inHand} 件`;
}

const LABEL_WIDTH = 32;

/** A line of the table. A Chinese character is two columns wide in a terminal. */
function printRow(label: string, value: string): void {
  const width = [...label].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0);
  print(`  ${label}${' '.repeat(Math.max(1, LABEL_WIDTH - width))}${value}`);
}

async function allFiles(platform: Platform) {
  const files = [];
  let after: string | undefined;
  do {
    const page = await platform.stores.files.list({ limit: 500, ...(after && { after }) });
    files.push(...page.files);
    after = page.next;
  } while (after !== undefined);
  return files;
}

async function countHouseholds(platform: Platform): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await platform.stores.households.households({ limit: 2_000, ...(after && { after }) });
    const standings = await platform.stores.standings.load(page.households);
    count += standings.size;
    after = page.next;
  } while (after !== undefined);
  return count;
}
