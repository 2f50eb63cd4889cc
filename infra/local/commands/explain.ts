import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { coverageOfList } from '../../../shared/facts/coverage.ts';
import { rowInWords } from '../../../shared/intake/row-place.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import { explainAssessment } from '../../../shared/scoring/explain.ts';
import { explainMissing } from '../../../shared/scoring/explain-missing.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import type { EvidenceView } from '../../../shared/warnings/present-warning.ts';
import { warningFor } from '../../../shared/warnings/read-warnings.ts';
import type { Warning } from '../../../shared/warnings/warning.ts';
import { withdrawalTitle } from '../../../shared/warnings/withdrawal-title.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess, READING_OPTIONS, readingOf } from '../reading.ts';

/** The command `explain`. */
export const EXPLAIN: Command = {
  usage: 'explain <warning>',
  purpose: '解释预警 / put a warning into words',
  options: READING_OPTIONS,
  words: 1,
  run: explain,
};

/** Puts a warning into words: the answer of every indicator with the rows behind it, the data that lack, and what would change it. */
async function explain(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [id] = options.args;
  if (id === undefined) throw new UsageError(`哪一条预警？ / which warning? aidwatch ${EXPLAIN.usage}`);
  const { warning, view } = await warningFor(readingOf(platform), operatorAccess(options), id);
  const pack = platform.packsFor(warning.area).find((one) => one.pack.id === warning.pack);
  if (pack === undefined)
    throw new NotFoundError(`规则包 ${warning.pack} 不在此机 / rule pack ${warning.pack} is not on this machine`);
  const results = warning.reasons;
  const explanation = explainAssessment(pack, { ...warning, results });
  const missing = explainMissing(pack, { ...warning, results }, coverageOfList(await platform.stores.files.deliveries()));
  const rowsOf = new Map(view.reasons.map(({ indicator, evidence }) => [indicator, evidence]));
  if (options.json) {
    const reasons = explanation.reasons.map((reason) => ({ ...reason, evidence: rowsOf.get(reason.indicator) ?? [] }));
    const { status, withdrawal = null } = warning;
    print(JSON.stringify({ id: warning.id, household: warning.household, status, withdrawal, ...explanation, reasons, missing }));
    return true;
  }
  print(explanation.summary.zh);
  const over = overText(warning);
  if (over !== undefined) print(over);
  for (const [index, reason] of explanation.reasons.entries()) {
    print(`  · ${reason.text.zh}`);
    // The rows of what does not count are in the JSON.
    if (results[index]?.result === 'hit') for (const row of rowsOf.get(reason.indicator) ?? []) print(`      ${rowText(row)}`);
  }
  if (missing.length > 0) print('缺少的数据：');
  for (const feed of missing) print(`  - ${feed.text.zh}`);
  if (explanation.changes.length > 0) print('如有下列变化，结果会不同：');
  for (const change of explanation.changes) print(`  - ${change.zh}`);
  return true;
}

/** That nothing waits to be done about the warning: its grade and reasons are those it had. */
function overText({ status, withdrawal, changedAt }: Warning): string | undefined {
  if (status === 'open') return undefined;
  const why = withdrawal === undefined ? '' : `：${withdrawalTitle[withdrawal].zh}`;
  return `此预警已于${dateInChina(changedAt)}${status === 'handled' ? '处理' : '撤回'}${why}。`;
}

/** A row that counted, as on the page of a household: what it is, and where it stands in which file. */
function rowText({ feed, file, row, at, date, amount }: EvidenceView): string {
  const spec = catalog.get(feed as FeedId);
  const title = spec === undefined ? feed : `${spec.departmentTitle.zh}${spec.title.zh}`;
  return `${title}  ${date}${amount === null ? '' : `  ${yuanText(amount)}元`}  ${file ?? '文件已不在册'} ${rowInWords(row, at)}`;
}
