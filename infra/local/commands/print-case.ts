import { type Light, stageTitles } from '../../../shared/casework/case.ts';
import { actionCodes } from '../../../shared/casework/codes.ts';
import type { CaseLine, CasePage } from '../../../shared/casework/present-case.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import { print } from '../print.ts';

const LIGHT: Readonly<Record<Light, string>> = { green: '绿', yellow: '黄', red: '红', county: '报县' };
const LEVEL: Readonly<Record<string, string>> = { village: '村级池', township: '乡镇池', county: '县级池' };

/** A worklist as a table. */
export function printLines(lines: readonly CaseLine[]): void {
  for (const line of lines) {
    const due = line.dueAt === null ? '—' : chinaTime(line.dueAt);
    print(
      `${line.gradeTitle.zh}  ${line.stageTitle.zh}  ${LIGHT[line.light]}  期限 ${due}  ${line.id}  区划 ${line.area || '未知'}  ${whoHas(line)}  ${line.categoryTitle.zh}`,
    );
  }
  print(lines.length === 0 ? '没有办件 / no cases' : `共 ${lines.length} 件`);
}

/** One case: where it stands, and everything done so far. */
export function printCase(page: CasePage): void {
  const outcome = page.outcomeTitle === null ? '' : `  结果 ${page.outcomeTitle.zh}`;
  print(
    `${page.id}  ${page.gradeTitle.zh}  ${page.stageTitle.zh}${outcome}  ${whoHas(page)}  户 ${page.household}  版本 ${page.version}`,
  );
  for (const clock of page.clocks.filter(({ stoppedAt }) => stoppedAt === undefined)) {
    print(
      `  时限 ${clock.step}${clock.referral ? ` ${clock.referral}` : ''}  ${LIGHT[clock.light]}  至 ${chinaTime(clock.redAt)}${clock.paused ? '（暂停）' : ''}`,
    );
  }
  for (const proposal of page.proposals) {
    const answer = proposal.accepted === null ? '待确认' : proposal.accepted ? '已确认' : '已否定';
    print(`  案头比对 [${proposal.index}] ${proposal.title.zh}：${proposal.text.zh}（${answer}）`);
  }
  for (const visit of page.visits)
    print(
      `  入户 ${chinaTime(visit.visitedAt)} ${visit.investigators.join('、')}：${visit.truthTitle.zh}${visit.notes ? `，${visit.notes}` : ''}`,
    );
  for (const { at, by, kind, actions, note } of page.decisions) {
    const words = actions.map((code) =>
      Object.hasOwn(actionCodes, code) ? actionCodes[code as keyof typeof actionCodes].zh : code,
    );
    print(`  决定 ${chinaTime(at)} ${by}：${kind} ${words.join('、')}${note ? `，${note}` : ''}`);
  }
  for (const aid of page.aids)
    print(
      `  救助 ${aid.date} ${aid.measure} ${aid.amount === undefined ? '' : `${yuanText(aid.amount)}元${aid.rhythm === 'monthly' ? '/月' : ''}`}`,
    );
  printReferrals(page.referrals);
  for (const { at, by, what, stage } of page.history) print(`    ${chinaTime(at)}  ${by}  ${what} → ${stageTitles[stage].zh}`);
  if (page.possible.length > 0) print(`  可用操作 ${page.possible.map(({ action }) => action).join(', ')}`);
}

/** Referrals, a line each, with the sum told last. */
export function printReferrals(referrals: CasePage['referrals']): void {
  for (const { id, department, measure, status, answers } of referrals) {
    const sum = answers.findLast(({ amount }) => amount !== null)?.amount ?? null;
    print(`  转办 ${id} ${department} ${measure} ${status}${sum === null ? '' : ` ${yuanText(sum)}元`}`);
  }
}

/** To the minute, as clocks in China show it. */
export function chinaTime(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

function whoHas({ assignee, level }: Pick<CaseLine, 'assignee' | 'level'>): string {
  return assignee ?? LEVEL[level ?? ''] ?? '—';
}
