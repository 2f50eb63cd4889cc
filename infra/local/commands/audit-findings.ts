import { findingStates } from '../../../shared/audit/finding.ts';
import { listFindings } from '../../../shared/audit/finding-desk.ts';
import { officeOf, readerAccess } from '../acting.ts';
import { areaOption, type CommonOptions, choiceOption, UsageError } from '../options.ts';
import { pagesOf } from '../pages.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';

const PAGE = 200;

/** `audit findings`: findings of audit and how they stand, those raised first coming first; with `--json` a line each (`FindingView`). */
export async function auditFindings(platform: Platform, options: CommonOptions): Promise<boolean> {
  if (options.args.length > 1) throw new UsageError('aidwatch audit findings');
  const access = await readerAccess(platform, options);
  const [state, area] = [choiceOption(options, 'state', findingStates), areaOption(options)];
  const query = { limit: PAGE, ...(state && { state }), ...(area && { area }) };
  let count = 0;
  for await (const { findings } of pagesOf(access, (one, from) => listFindings(officeOf(platform), one, { ...query, ...from }))) {
    for (const finding of findings) {
      const { id, codeTitle, subject, due, text, department } = finding;
      const line = `${finding.state}${finding.overdue ? '（已超期）' : ''}  ${codeTitle.zh}：${text}  ${subject.id}  ${department ?? finding.area}  期限 ${due}  ${id}`;
      print(options.json ? JSON.stringify(finding) : line);
    }
    count += findings.length;
  }
  if (!options.json) print(count === 0 ? '没有审计发现 / no findings of audit' : `共 ${count} 项`);
  return true;
}
