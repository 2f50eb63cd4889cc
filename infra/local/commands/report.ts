import { rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { athenaStatement } from '../../../shared/adapters/athena/report-statement.ts';
import { FolderObjectStore } from '../../../shared/adapters/embedded/folder-object-store.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { queryOf } from '../../../shared/reports/compute-report.ts';
import { alarmOf, noticeOf, reportEncodings, reportFormats, reportLanguages } from '../../../shared/reports/cover.ts';
import { pullReport, type ReportDeps } from '../../../shared/reports/pull-report.ts';
import type { ReportSpec } from '../../../shared/reports/report.ts';
import { MOST_DRAWN, type ReportQuestion, USUAL_SAMPLE } from '../../../shared/reports/report-job.ts';
import { ACTING_OPTIONS, readerAccess } from '../acting.ts';
import type { Command } from '../command.ts';
import { makeOutFolder } from '../make-folder.ts';
import {
  AREA_OPTION,
  areaOption,
  type CommonOptions,
  choiceOption,
  dateOption,
  STRETCH_OPTIONS,
  textOption,
  UsageError,
  wholeNumber,
} from '../options.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';
import { READING_OPTIONS } from '../reading.ts';
import { reportingOf } from '../reports.ts';
import { archiveAll } from '../work.ts';

/** The command `report`. */
export const REPORT: Command = {
  usage: 'report [name] --from DATE --to DATE',
  purpose: '台账与报表，附封面和校验值；不写名称则列出 / ledgers and reports, with cover and digests; without a name the list',
  options: {
    ...READING_OPTIONS,
    ...ACTING_OPTIONS,
    ...STRETCH_OPTIONS,
    ...AREA_OPTION,
    format: { type: 'string', value: 'FORMAT', about: `格式，缺省 csv / format: ${reportFormats.join(', ')}; csv unless given` },
    encoding: {
      type: 'string',
      value: 'NAME',
      about: `CSV 的编码，缺省 utf-8 / encoding of CSV: ${reportEncodings.join(', ')}; utf-8 unless given`,
    },
    language: {
      type: 'string',
      value: 'LANGUAGE',
      about: `语言，缺省 zh / language: ${reportLanguages.join(', ')}; zh unless given`,
    },
    seed: {
      type: 'string',
      value: 'TEXT',
      about: '抽样种子，同种子抽得同样的 / what a sample is drawn by: the same for the same',
    },
    sample: { type: 'string', value: 'N', about: `抽取件数，缺省 ${USUAL_SAMPLE} / cases drawn; ${USUAL_SAMPLE} unless given` },
    out: { type: 'string', value: 'FOLDER', about: '写到哪里，缺省当前目录 / where to; this folder unless given' },
    athena: { type: 'boolean', about: '只给出 Athena 的查询语句 / only its query as one statement of Athena (docs/reports.md)' },
    'up-to': {
      type: 'string',
      value: 'N',
      about: '与 --athena 同用：截至第几个事件，缺省全部 / with --athena: up to which event; all unless given',
    },
  },
  words: 1,
  run: report,
};

/**
 * `report`: makes a report of the archive, with its cover, in `--out` (else in this folder); without a name the list of reports.
 * Fails when the archive is not whole: the report is there, with a red cover. With `--athena` only its query, for an archive in
 * the cloud that is more than one machine can carry; nothing is read.
 */
async function report(platform: Platform, options: CommonOptions): Promise<boolean> {
  const out = resolve(textOption(options, 'out') ?? '.');
  const folder = new FolderObjectStore(out);
  const deps = reportingOf(platform, folder);
  const [name] = options.args;
  const spec = deps.reports.get(name ?? '');
  if (spec === undefined) {
    if (name !== undefined) {
      throw new UsageError(`report ${name}：应为 / expected ${[...deps.reports.keys()].join(', ')}`);
    }
    for (const { id, title, about } of deps.reports.values()) {
      print(options.json ? JSON.stringify({ id, title, about }) : `  ${id.padEnd(24)} ${title.zh} / ${title.en}`);
    }
    return true;
  }
  const [from, to] = [dateOption(options, 'from'), dateOption(options, 'to')];
  if (from === undefined || to === undefined) {
    throw new UsageError('请写明 --from 与 --to，如 2024-03-01 与 2024-03-31 / say --from and --to');
  }
  if (options.own['athena'] === true) return printStatement(deps, spec, { options, from, to });
  const access = await readerAccess(platform, options);
  const encoding = choiceOption(options, 'encoding', reportEncodings);
  const language = choiceOption(options, 'language', reportLanguages);
  const seed = textOption(options, 'seed');
  const area = areaOption(options);
  makeOutFolder(out);
  await folder.clearUnfinished();
  // What lies in the database until the next round of the pump is part of what happened.
  await archiveAll(platform);
  const { files, cover } = await pullReport(deps, access, {
    report: spec.id,
    from,
    to,
    format: choiceOption(options, 'format', reportFormats) ?? 'csv',
    sample: wholeNumber(options, 'sample', USUAL_SAMPLE, 1, MOST_DRAWN),
    ...(area === undefined ? undefined : { area }),
    ...(encoding === undefined ? undefined : { encoding }),
    ...(language === undefined ? undefined : { language }),
    ...(seed === undefined ? undefined : { seed }),
  });
  // Where files lay while they were written; whoever else writes there keeps it.
  await rmdir(join(out, '.unfinished')).catch(() => undefined);
  const [alarm, notice] = [alarmOf(cover), noticeOf(cover)];
  if (options.json) print(JSON.stringify({ files: files.map((file) => resolve(out, file)), cover }));
  else {
    for (const file of files) print(resolve(out, file));
    print(`${cover.proof.rows} 行 / rows，SHA-256 ${cover.proof.rowsSha256}，截至事件 / up to event ${cover.data.countedUpTo}`);
    if (notice !== undefined) print(`${notice.zh} / ${notice.en}`);
  }
  if (alarm !== undefined) tell(`${alarm.zh}\n${alarm.en}`);
  return alarm === undefined;
}

/** Prints the report's query as one statement of Athena (docs/reports.md). */
function printStatement(
  deps: ReportDeps,
  spec: ReportSpec,
  { options, from, to }: { readonly options: CommonOptions; readonly from: PlainDate; readonly to: PlainDate },
): boolean {
  const asked: ReportQuestion = {
    report: spec.id,
    from,
    to,
    area: areaOption(options) ?? '',
    seed: textOption(options, 'seed') ?? '',
    sample: wholeNumber(options, 'sample', USUAL_SAMPLE, 1, MOST_DRAWN),
  };
  const upTo = wholeNumber(options, 'up-to', Number.MAX_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER);
  const statement = athenaStatement(queryOf(deps, { asked, spec, sql: deps.queries.get(spec.id) ?? '' }), { upTo });
  print(options.json ? JSON.stringify({ statement }) : statement);
  return true;
}
