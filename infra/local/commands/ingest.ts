import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import type { Bilingual, FeedId } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { fileIdOf, INBOX } from '../../../shared/intake/normalize-file.ts';
import type { IntakeError, Receipt, SheetUse } from '../../../shared/intake/receipt.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import { tellOfArchiveBeyond } from '../archive-beyond.ts';
import type { Command } from '../command.ts';
import { dropFile, type FileToDrop, filesToDrop, isReadable } from '../drop-files.ts';
import { announce } from '../inbox.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import { ownDataDir } from '../owner.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';

/** One file's line of `ingest --json`. */
interface IngestLine
  extends Pick<
    Receipt,
    'file' | 'feed' | 'period' | 'status' | 'encoding' | 'sheets' | 'totals' | 'errors' | 'notes' | 'noteCount' | 'nothingFor'
  > {
  readonly rows: Omit<Receipt['rows'], 'skipped'>;
  readonly skipped: number;
  readonly errorCount: number;
  /** Path below the inbox, when another file of the same name was there. */
  readonly storedAs: string;
  readonly fixItFile: string | null;
}

/** The command `ingest`. */
export const INGEST: Command = {
  usage: 'ingest <file|folder>…',
  purpose: '接收文件并评估 / take files in and assess',
  options: {},
  words: Number.POSITIVE_INFINITY,
  makesCounty: true,
  run: ingest,
};

interface Dropped {
  readonly file: FileToDrop;
  readonly key: string;
}

/** Takes files in and returns when all households they touch are assessed. Fails when any file was refused. */
export async function ingest(platform: Platform, options: CommonOptions): Promise<boolean> {
  if (options.args.length === 0) throw new UsageError('要接收哪些文件？ / which files? aidwatch ingest <file|folder>…');
  const files = await filesToDrop(options.args);
  if (files.length === 0) throw new UsageError('没有找到文件 / no files found');
  const dropped: Dropped[] = [];
  const unreadable: FileToDrop[] = [];
  for (const file of files) {
    if (!(await isReadable(file.source))) {
      unreadable.push(file);
      continue;
    }
    const key = await dropFile(platform.stores.objects, platform.stores.files, file);
    await announce(platform.stores.queue, [key]);
    dropped.push({ file, key });
  }
  await workUntilDone(platform);
  let refused = 0;
  const lines = unreadable.map((file) =>
    file.path.includes(LOST_CHARACTER)
      ? untaken(file, file.path, 'BAD_FILE_NAME', BAD_FILE_NAME)
      : untaken(file, file.path, 'UNREADABLE', UNREADABLE),
  );
  for (const one of dropped) lines.push(lineOf(one.file, one.key, await receiptOf(platform, one.key)));
  for (const line of lines) {
    if (line.status === 'refused') refused += 1;
    if (options.json) print(JSON.stringify(line));
    else printLine(line);
  }
  if (!options.json) {
    const warnings = platform.metrics.of('Warnings.opened');
    tell(
      `截至 ${dateInChina(platform.clock.now())}：共 ${files.length} 个文件，新预警 ${warnings} 条 / ${files.length} files, ${warnings} new warnings`,
    );
  }
  return refused === 0;
}

/** Works until nothing waits, or waits for whoever works already; when that one ends before, goes on in its place. */
async function workUntilDone(platform: Platform): Promise<void> {
  if (await workAlone(platform)) return;
  tell('另一进程正在运行，由其处理；等待完成 / another process is running and does the work; waiting for it');
  const { queue } = platform.stores;
  for (;;) {
    // A file leaves its queue with a receipt or for the dead letters, after what it brought has entered the next.
    const depths = await Promise.all([queue.depth('files'), queue.depth('updates'), queue.depth('assessments')]);
    if (depths.every((depth) => depth === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (await workAlone(platform)) return;
  }
}

/** False while another process works. */
async function workAlone(platform: Platform): Promise<boolean> {
  const owner = ownDataDir(platform.dataDir);
  if (owner === undefined) return false;
  try {
    await tellOfArchiveBeyond(platform);
    await platform.stores.followClock();
    await platform.stores.queue.takeBackAll();
    await platform.pump.drain();
  } finally {
    owner.release();
  }
  return true;
}

async function receiptOf(platform: Platform, key: string): Promise<Receipt | undefined> {
  const path = key.slice(INBOX.length);
  const info = await platform.stores.objects.info(key);
  const record = info === undefined ? undefined : await platform.stores.files.get(fileIdOf(path, info.version));
  return record?.receipt;
}

function lineOf(file: FileToDrop, key: string, receipt: Receipt | undefined): IngestLine {
  const storedAs = key.slice(INBOX.length);
  if (receipt === undefined) return untaken(file, storedAs, 'NOT_PROCESSED', NOT_PROCESSED);
  const { skipped, ...rows } = receipt.rows;
  const { feed, period, status, encoding, sheets, totals, errors, errorCount, notes, noteCount, fixItFile, nothingFor } = receipt;
  const line = {
    file: file.path,
    feed,
    period,
    status,
    encoding,
    rows,
    ...(sheets === undefined ? {} : { sheets }),
    totals,
    errors,
    errorCount,
    ...(notes === undefined ? {} : { notes, noteCount }),
    skipped,
    storedAs,
    fixItFile,
  };
  return nothingFor === undefined ? line : { ...line, nothingFor };
}

const NOT_PROCESSED = {
  zh: '文件未能处理完，已转入死信；用 aidwatch doctor 查看原因，排除后用 aidwatch dead-letters --put-back 重试',
  en: 'the file could not be processed and is among the dead letters: see aidwatch doctor, then aidwatch dead-letters --put-back',
};
/** What stands in a name for bytes that are no UTF-8; by such a name the file is not found. */
const LOST_CHARACTER = '\ufffd';
const BAD_FILE_NAME = {
  zh: '文件名不是 UTF-8 编码（多为在 Windows 下压缩、在本机解压所致），按此名称打不开，未接收；请改名后重新报送',
  en: 'the name of the file is not in UTF-8 (often from an archive packed on Windows), so it cannot be opened and was not taken: rename it and send it again',
};
const UNREADABLE = {
  zh: '文件（或文件夹）无法读取，未接收；请检查读取权限、链接和磁盘后重新报送',
  en: 'the file or folder cannot be read and was not taken: check access, links and disk, then send it again',
};

/** The line of a file that nothing is known of beyond its path. */
function untaken(file: FileToDrop, storedAs: string, code: string, message: Bilingual): IngestLine {
  const [department = '', category = '', period = ''] = storedAs.split('/');
  return {
    file: file.path,
    feed: `${department}/${category}`,
    period,
    status: 'refused',
    encoding: null,
    rows: { read: 0, accepted: 0, duplicate: 0, rejected: 0 },
    totals: {},
    errors: [{ row: null, column: null, code, message }],
    errorCount: 1,
    skipped: 0,
    storedAs,
    fixItFile: null,
  };
}

const STATUS_ZH: Readonly<Record<Receipt['status'], string>> = {
  accepted: '接收',
  partly: '部分接收',
  refused: '退回',
  duplicate: '重复',
};
const USE_ZH: Readonly<Record<Exclude<SheetUse, 'read'>, string>> = {
  unfit: '表头不符，已退回',
  empty: '空表',
  example: '填写示例',
  other: '不是名单',
  hidden: '隐藏',
};
const ERRORS_SHOWN = 5;

function printLine(line: IngestLine): void {
  const { rows } = line;
  print(
    `${STATUS_ZH[line.status]}  ${line.file}  ${line.encoding ?? '-'}  读 ${rows.read} 收 ${rows.accepted} 重 ${rows.duplicate} 退 ${rows.rejected}`,
  );
  if (line.nothingFor !== undefined) print(`    零报告 ${line.nothingFor.join('、')} / nothing to report`);
  const unread = (line.sheets ?? []).flatMap(({ name, use }) => (use === 'read' ? [] : [`“${name}”（${USE_ZH[use]}）`]));
  if (unread.length > 0) print(`    未读取的工作表 ${unread.join('、')}`);
  const titleOf = (name: string): string =>
    catalog.get(line.feed as FeedId)?.fields.find((field) => field.name === name)?.title.zh ?? name;
  const totals = Object.entries(line.totals).map(([field, fen]) => `${titleOf(field)} ${yuanText(fen)}元`);
  if (totals.length > 0) print(`    合计 ${totals.join('  ')}`);
  for (const error of line.errors.slice(0, ERRORS_SHOWN)) print(`    ${errorText(error)}`);
  if (line.errorCount > ERRORS_SHOWN) print(`    … 共 ${line.errorCount} 处问题`);
  for (const note of line.notes?.slice(0, ERRORS_SHOWN) ?? []) print(`    提示 ${errorText(note)}`);
  if ((line.noteCount ?? 0) > ERRORS_SHOWN) print(`    … 共 ${line.noteCount} 处提示`);
  if (line.fixItFile !== null) print(`    退回表 ${line.fixItFile}`);
}

function errorText({ sheet, row, column, code, message }: IntakeError): string {
  const place = (sheet === undefined ? '' : `工作表“${sheet}”`) + (row === null ? '' : `第${row}行`);
  const where = [place, column ?? ''].filter((part) => part !== '').join(' ');
  return `${where}${where === '' ? '' : '：'}${message.zh} [${code}]`;
}
