import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ArchiveFolder } from '../../../shared/adapters/embedded/archive-folder.ts';
import { type DailyRoot, readRoot, rootHolds } from '../../../shared/audit/daily-root.ts';
import { finishedRoots } from '../../../shared/audit/finished-roots.ts';
import {
  type ArchiveFault,
  type ArchiveVerdict,
  type VerifyOptions,
  verifyArchive,
} from '../../../shared/audit/verify-archive.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { type CommonOptions, type OwnOptions, stretchOption, textOption, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';

/** Options of the commands over the archive. */
export const ARCHIVE_OPTIONS = {
  archive: { type: 'string', value: 'FOLDER', about: 'verify：档案副本，无需本机数据 / a copy of an archive, without a county' },
  roots: { type: 'string', value: 'FILE', about: 'verify：另行保存的日根 / roots kept elsewhere, to compare with' },
  from: {
    type: 'string',
    value: 'DATE',
    about: 'verify、roots、reads：首日，缺省最早 / first day; from the beginning unless given',
  },
  to: { type: 'string', value: 'DATE', about: 'verify、roots、reads：末日，缺省最近 / last day; to the end unless given' },
} as const satisfies OwnOptions;

/** What is wrong at an event, in Chinese. */
export const FAULT_ZH: Readonly<Record<ArchiveFault, string>> = {
  unreadable: '无法读取',
  altered: '被改动',
  missing: '缺失',
  added: '是后加的',
  reordered: '次序被打乱',
  'cut-off': '起末尾被截去',
  rewritten: '起的这一天被整体改写',
  'root-altered': '起的这一天日根被改动',
  'root-missing': '起的这一天缺少日根',
};

/** Whether the command works on a copy of an archive and wants no platform. */
export function worksOnCopy(options: CommonOptions): boolean {
  return options.args[0] === 'verify' && textOption(options, 'archive') !== undefined;
}

/** `audit verify --archive DIR`: the same over a copy of the archive's files alone, on any machine. */
export async function verifyCopy(options: CommonOptions): Promise<boolean> {
  const folder = archiveIn(resolve(textOption(options, 'archive') ?? ''));
  const verdict = await verifyArchive(new ArchiveFolder(folder), rangeAndRoots(options));
  tellVerdict(verdict, options, {});
  return verdict.ok;
}

/** `audit verify`: proves the platform's archive whole and in order, or names the first event that is not. Fails when it is not. */
export async function verifyOwn(platform: Platform, options: CommonOptions): Promise<boolean> {
  const { archive, outbox } = platform.stores;
  const head = await archive.head();
  const verdict = await verifyArchive(archive.files(), { ...rangeAndRoots(options), head });
  // What is written between two rounds of the pump lies in the database until the next.
  const waiting = (await outbox.pending(head.positions['outbox'] ?? '', 1)).length > 0;
  tellVerdict(verdict, options, { waiting });
  if (waiting && verdict.ok && !options.json) {
    print('另有事件待归档，主机运行时自动完成 / more events wait to be archived while the host runs');
  }
  return verdict.ok;
}

function tellVerdict(verdict: ArchiveVerdict, { json }: CommonOptions, more: { readonly waiting?: boolean }): void {
  if (json) {
    print(JSON.stringify({ ...verdict, ...more }));
    return;
  }
  if (verdict.ok) {
    const { events, roots, head } = verdict;
    print(`完好：${events} 个事件，次序与内容未被改动，${roots} 天与日根相符`);
    print(`whole: ${events} events, ${roots} days agree with their roots, head ${head.slice(0, 16)}…`);
    if (verdict.unfinished) {
      print('末尾有一次写入未完，复制时主机正在写 / the last append is incomplete: the copy was made while the host wrote');
    }
    return;
  }
  const { number, until, fault, day, where, events } = verdict;
  const zhUntil = until === undefined || until <= number ? '' : `（至第 ${until} 个）`;
  const enUntil = until === undefined || until <= number ? '' : ` (up to ${until})`;
  print(
    `第 ${number} 个事件${zhUntil}${FAULT_ZH[fault]}，位于 ${where}${day === undefined ? '' : `，${day}`}；此前 ${events} 个事件完好`,
  );
  print(
    `event ${number}${enUntil} is ${fault} at ${where}${day === undefined ? '' : `, day ${day}`}; the ${events} before it are whole`,
  );
}

function rangeAndRoots(options: CommonOptions): VerifyOptions {
  const roots = textOption(options, 'roots');
  return { ...stretchOption(options), ...(roots === undefined ? {} : { kept: keptRoots(roots) }) };
}

/** Roots that somebody kept: one JSON object a line, as `audit roots --json` gives them. */
function keptRoots(path: string): DailyRoot[] {
  if (!existsSync(path)) throw new UsageError(`--roots ${path}：没有这个文件 / no such file`);
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const root = readRoot(line);
    if (root !== undefined && rootHolds(root)) return root;
    throw new UsageError(`--roots ${path}:${index + 1}：不是完整的日根 / not a whole root`);
  });
}

/** The folder of an archive; a copy of a bucket or a data directory holds it as `archive/`. */
function archiveIn(folder: string): string {
  const looksLike = (path: string) => existsSync(path) && readdirSync(path).some((name) => /^(day=|events-)/.test(name));
  const found = [folder, join(folder, 'archive')].find(looksLike);
  if (found === undefined) throw new UsageError(`--archive ${folder}：没有找到事件档案 / no archive there`);
  return found;
}

/** `audit roots`: the roots of finished days, for whoever keeps them elsewhere. */
export async function giveRoots(platform: Platform, options: CommonOptions): Promise<boolean> {
  const { from, to } = rangeAndRoots(options);
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  let given = 0;
  for await (const root of finishedRoots(platform.stores.archive, dateInChina(platform.clock.now()), range)) {
    given += 1;
    print(options.json ? JSON.stringify(root) : `${root.day}  ${root.first}–${root.last}  ${root.count}  ${root.root}`);
  }
  if (given === 0 && !options.json) print('还没有结束的一天 / no finished day yet');
  return true;
}
