import { type KnownName, knownDepartments } from '../assistance/known-names.ts';
import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { RowOffered } from '../corrections/locate-rows.ts';
import type { WrongRow } from '../corrections/notice.ts';
import { yuanText } from '../scoring/value-text.ts';
import type { Case, Referral } from './case.ts';
import { stageTitles } from './case.ts';
import {
  type ActionCode,
  actionCodes,
  type OutcomeCode,
  outcomeCodes,
  reassignCodes,
  refusalCodes,
  type TruthCode,
  truthCodes,
} from './codes.ts';
import type { PossibleAction } from './possible-actions.ts';

/** Why an action was not taken: a code for programs, and for the person what is wrong and what to do. No personal data. */
export interface Refusal {
  readonly code: keyof typeof refusals;
  readonly text: Bilingual;
}

/** A refusal with what the same person could do with the case instead. */
export interface ActionRefusal extends Refusal {
  readonly possible: readonly PossibleAction[];
}

const named = (code: string, title: Bilingual): Bilingual => ({ zh: `${code} ${title.zh}`, en: `${code} (${title.en})` });
const truth = (code: TruthCode) => named(code, truthCodes[code]);
const action = (code: ActionCode) => named(code, actionCodes[code]);

function contradiction(a: Bilingual, b: Bilingual): Bilingual {
  return {
    zh: `“${a.zh}”与“${b.zh}”相互矛盾，请改正其中一项。`,
    en: `${a.en} and ${b.en} contradict each other: correct one of them.`,
  };
}

/** Every reason a case's action can be refused for, with its words. */
const refusals = {
  'not-your-role': () => ({
    zh: '您的角色不能办理此操作，请交由有权限的经办人办理。',
    en: 'Your role does not do this; leave it to a worker whose role does.',
  }),
  'not-in-this-stage': (found: Case) => ({
    zh: `办件正处于“${stageTitles[found.stage].zh}”环节，此操作不能在该环节办理。`,
    en: `The case is at “${stageTitles[found.stage].en}”, where this cannot be done.`,
  }),
  'case-closed': (found: Case) => ({
    zh: `办件已于 ${day(found.outcome?.at ?? found.changedAt)} 办结，只能补充说明；有新情况将另立办件。`,
    en: `The case was closed on ${day(found.outcome?.at ?? found.changedAt)}; only comments can be added. New information opens a new case.`,
  }),
  'request-key-reused': () => ({
    zh: '该请求编号已用于本办件的另一项操作。请为新的操作使用新的编号。',
    en: 'This request key was used for another action on this case. Use a new key for a new action.',
  }),
  'codes-contradict': (a: ActionCode, b: ActionCode) => contradiction(action(a), action(b)),
  'truth-contradicts': (a: TruthCode, b: ActionCode) => contradiction(truth(a), action(b)),
  'proposal-of-visit-missing': (found: TruthCode) => ({
    zh: `核查结果为“${truth(found).zh}”时，请选择处理建议；无需救助请选 A0。`,
    en: `A finding of ${truth(found).en} needs a proposed action; choose A0 when no help is needed.`,
  }),
  'two-investigators': (code: ActionCode) => ({
    zh: `“${action(code).zh}”须由两名以上调查人员入户（最低生活保障审核确认办法第十六条）。电话核实不能代替入户。请填写全部调查人员，或再次入户。`,
    en: `${action(code).en} needs a visit by at least two investigators (minimum living allowance measures, article 16). A telephone call is no visit. Name all who went, or visit again.`,
  }),
  'visit-from-the-future': () => ({
    zh: '入户时间晚于现在，请检查手机时间后改正。',
    en: 'The visit is dated later than now: check the clock of the phone and correct it.',
  }),
  'visit-before-case': (opened: Instant, days: number) => ({
    zh: `入户时间比本办件立项（${day(opened)}）早${days}天以上，请检查手机时间后改正。`,
    en: `The visit is dated more than ${days} days before the case was opened (${day(opened)}): check the clock of the phone and correct it.`,
  }),
  'no-such-visit': () => ({ zh: '本轮没有这次入户记录。', en: 'There is no such visit in this round.' }),
  'visits-agree': () => ({
    zh: '本轮入户结果一致，无需选择。',
    en: 'The visits of this round agree: there is nothing to choose.',
  }),
  'choose-visit-first': (visits: readonly string[]) => ({
    zh: `本轮 ${visits.length} 次入户结果不一致，请先选定以哪一次为准。`,
    en: `${visits.length} visits of this round contradict each other: first choose which one counts.`,
  }),
  'no-such-proposal': () => ({ zh: '没有这条办结建议。', en: 'There is no such proposal.' }),
  'proposal-answered': () => ({
    zh: '这条办结建议已有人作出不同的答复。',
    en: 'Somebody has already answered this proposal differently.',
  }),
  'help-under-way': () => ({
    zh: '已有帮扶正在办理，请先办结或撤回转办。',
    en: 'Help is under way: let the referrals finish or recall them first.',
  }),
  'outcome-missing': (fitting: readonly OutcomeCode[]) => ({
    zh: `请选择办结结果：${fitting.map((code) => outcomeCodes[code].zh).join('、')}。`,
    en: `Choose an outcome: ${fitting.map((code) => outcomeCodes[code].en).join(', ')}.`,
  }),
  'outcome-unfit': (code: OutcomeCode, fitting: readonly OutcomeCode[]) => ({
    zh: `此处不能以“${outcomeCodes[code].zh}”办结，可选：${fitting.map((one) => outcomeCodes[one].zh).join('、')}。`,
    en: `“${outcomeCodes[code].en}” cannot be the outcome here; possible: ${fitting.map((one) => outcomeCodes[one].en).join(', ')}.`,
  }),
  'help-not-recorded': (code: OutcomeCode) => ({
    zh: `没有登记任何救助，不能以“${outcomeCodes[code].zh}”办结。请先登记给了什么：审核时用“帮扶”决定，回访时用“登记救助”，部门办理的由部门答复；没有给予救助的，请选择其他结果。`,
    en: `No help is on record, so “${outcomeCodes[code].en}” cannot be the outcome. First record what was given: decide “help” at review, record aid at the follow-up, or have the department answer; if nothing was given, choose another outcome.`,
  }),
  'help-names-nothing': () => ({
    zh: '决定帮扶时，请至少列出一项转办或一项已给予的救助。',
    en: 'A decision to help names at least one referral, or help given.',
  }),
  'decision-takes-no-help': () => ({
    zh: '该决定不带转办和救助；如需帮扶，请选择“帮扶”或“急难先行”。',
    en: 'This decision takes no referrals or aid; to help, decide “help” or “urgent”.',
  }),
  'rapid-relief-missing': () => ({
    zh: '急难先行须写明已给予的小额快救。',
    en: 'Helping first means small rapid relief: say what was given.',
  }),
  'over-rapid-relief': (asked: number, limit: number) => ({
    zh: `小额快救 ${yuanText(asked)} 元超过当地一个月低保标准 ${yuanText(limit)} 元。超出部分请按临时救助办理。`,
    en: `Small rapid relief of ${yuanText(asked)} yuan is above one month of the local standard, ${yuanText(limit)} yuan. Give the rest as temporary aid.`,
  }),
  'over-township-approval': (granted: number, limit: number) => ({
    zh: `本办件临时救助合计 ${yuanText(granted)} 元，超过乡镇（街道）审批限额 ${yuanText(limit)} 元。请提交县级（一事一议）决定。`,
    en: `Temporary aid in this case comes to ${yuanText(granted)} yuan, above the ${yuanText(limit)} yuan a township may grant. Put it to the county's conference.`,
  }),
  'until-missing': () => ({
    zh: '继续观察须写明今天以后的到期日。',
    en: 'Watching needs a date after today until which to watch.',
  }),
  'until-too-late': (last: PlainDate) => ({
    zh: `继续观察最长到 ${last}，到期须再看一次；请改写到期日，届时仍需观察可再次决定。`,
    en: `Watch until ${last} at most, then the household is looked at again; correct the date. It may be decided anew then.`,
  }),
  'in-conference-already': () => ({
    zh: '办件已在县级一事一议，请作出其他决定。',
    en: 'The case is before the county conference already: decide otherwise.',
  }),
  'county-decides': () => ({
    zh: '一事一议由县级主管人员决定。',
    en: 'In a case conference the county supervisor decides.',
  }),
  'wrong-rows-missing': (offered: readonly RowOffered[]) => ({
    zh: `请在 wrongRows 中写明哪一行数据有误，以便通知来源部门更正；预警依据的数据行：${offered.map(rowText).join('，')}。确实不知是哪一行时，请填 rowsUnknown，将不发更正通知。`,
    en: `Say in wrongRows which row is wrong, so that its department is told; the warning rests on ${offered.map(rowText).join(', ')}. When nobody can say which, state rowsUnknown: then no notice is sent.`,
  }),
  'wrong-rows-unfit': () => ({
    zh: '只有认定数据错误（或确认案头比对的办结建议）时才能指明有误的数据行。',
    en: 'Rows are named as wrong only where the data are decided to be wrong, or a proposed closure is accepted.',
  }),
  'no-such-row': ({ file, row }: Pick<WrongRow, 'file' | 'row'>) => ({
    zh: `文件 ${file} 第 ${row} 行不是关于这户人的数据。请从家庭页的各项数据中选取（fileId 和 row）。`,
    en: `Row ${row} of file ${file} tells nothing of this household’s people. Take it (fileId and row) from the facts of the household page.`,
  }),
  'no-such-field': ({ file, row, field }: Pick<WrongRow, 'file' | 'row' | 'field'>) => ({
    zh: `文件 ${file} 第 ${row} 行没有“${field}”这一项；字段名见 /api/v1/feeds。`,
    en: `Row ${row} of file ${file} has no field “${field}”; the fields are listed in /api/v1/feeds.`,
  }),
  'no-such-measure': (near: readonly KnownName[]) => ({
    zh: `没有这项救助措施。${nearText(near, 'zh')}全部措施见本办件的可用措施（offers）。`,
    en: `There is no such measure. ${nearText(near, 'en')}The case’s offers list them all.`,
  }),
  'no-such-department': (near: readonly KnownName[]) => ({
    zh: `没有这个部门。${nearText(near, 'zh')}全部部门：${[...knownDepartments.keys()].join('、')}。`,
    en: `There is no such department. ${nearText(near, 'en')}All of them: ${[...knownDepartments.keys()].join(', ')}.`,
  }),
  'consent-missing': () => ({
    zh: '向慈善组织转介须先取得家庭同意，请先登记同意书。',
    en: 'Nothing goes to a charity without the family’s consent: record the consent first.',
  }),
  'no-such-attachment': () => ({
    zh: '本办件没有这份附件。请先上传文件，再填写上传回执中的 id。',
    en: 'This case has no such attachment: upload the file first, then state the id of the answer.',
  }),
  'aid-from-the-future': () => ({
    zh: '给予日期晚于今天：请填写实际给予的日期；尚未给予的，请给予后再登记。',
    en: 'The help is dated later than today: state the day it was given, or record it once it is.',
  }),
  'aid-before-case': (opened: Instant, days: number) => ({
    zh: `给予日期比本办件立项（${day(opened)}）早${days}天以上，不属于本办件，请核对日期。`,
    en: `The help is dated more than ${days} days before the case was opened (${day(opened)}), so it is none of this case: check the date.`,
  }),
  'amount-missing': () => ({
    zh: '急难救助（临时救助、小额快救）须写明金额（amount，单位分）；发放实物的，填写折价。',
    en: 'Emergency aid needs its amount (fen); of things given, what they are worth.',
  }),
  'guard-refuses': (why: Bilingual) => why,
  'guard-warns': (why: Bilingual) => ({
    zh: `${why.zh}如确需给予，请写明理由（guardOverride）。`,
    en: `${why.en} If it is right all the same, state why (guardOverride).`,
  }),
  'no-such-referral': () => ({ zh: '没有这条转办。', en: 'There is no such referral.' }),
  'not-your-department': () => ({
    zh: '这条转办由其他部门办理。',
    en: 'This referral is for another department.',
  }),
  'referral-asked-twice': (there: Referral) => ({
    zh: `同一事项已转办同一部门（${there.id}），尚未办结。`,
    en: `The same is already asked of the same department (${there.id}) and not finished.`,
  }),
  'too-many-referrals': (most: number) => ({
    zh: `一个办件同时在办的转办最多 ${most} 项。请等部分转办办结，或撤回不再需要的。`,
    en: `A case has at most ${most} referrals open at once. Let some end, or recall those no longer needed.`,
  }),
  'referral-ended': (there: Referral) => ({
    zh: `转办 ${there.id} 已结束（${endings[there.status]?.zh ?? there.status}）。如情况有变，请告知乡镇经办人另行转办。`,
    en: `Referral ${there.id} has ended (${endings[there.status]?.en ?? there.status}). If things have changed, tell the township to refer again.`,
  }),
  'refusal-code-missing': () => ({
    zh: `退回转办须选择理由（code）：${listed(refusalCodes, 'zh')}。`,
    en: `Refusing a referral needs a reason code: ${listed(refusalCodes, 'en')}.`,
  }),
  'note-missing': () => ({
    zh: '请写明需要补充什么。',
    en: 'Say what more is needed.',
  }),
  'nothing-asked': () => ({
    zh: '该部门没有要求补充材料。',
    en: 'The department has asked for nothing more.',
  }),
  'worker-has-it': (since: Instant) => ({
    zh: `该办件自 ${day(since)} 起已由其他经办人办理。如需接手，请由乡镇改派并说明理由。`,
    en: `Another worker has had this case since ${day(since)}. To take over, let the township reassign it with a reason.`,
  }),
  'reason-missing': () => ({
    zh: `改派须选择理由（reason）：${listed(reassignCodes, 'zh')}。`,
    en: `Reassigning needs a reason code: ${listed(reassignCodes, 'en')}.`,
  }),
  'no-such-worker': () => ({
    zh: '人员名录中没有此人，或其角色、辖区不能办理本办件。',
    en: 'Nobody in the staff directory by that id whose role and area fit this case.',
  }),
  'worker-away': (until: PlainDate, cover: string | undefined) => ({
    zh: `此人请假至 ${until}${cover === undefined ? '' : `，由 ${cover} 代班`}。请改派给在岗人员。`,
    en: `That worker is away until ${until}${cover === undefined ? '' : `; ${cover} covers`}. Give it to somebody who is there.`,
  }),
  'not-your-case': () => ({
    zh: '该办件不在您手上。',
    en: 'The case is not in your hands.',
  }),
  'in-pool-already': () => ({ zh: '该办件已在待领池中。', en: 'The case waits in the pool already.' }),
  'no-such-clock': ({ clocks }: Case) => {
    const running = clocks
      .filter(({ stoppedAt }) => stoppedAt === undefined)
      .map(({ step, referral }) => (referral === undefined ? step : `${step} ${referral}`));
    return running.length === 0
      ? { zh: '本办件没有正在计时的时限。', en: 'No clock of this case runs.' }
      : {
          zh: `该环节没有正在计时的时限。正在计时（step、referral）：${running.join('、')}。`,
          en: `No clock runs for this step. Running (step, referral): ${running.join(', ')}.`,
        };
  },
  'clock-paused': () => ({ zh: '该时限已经暂停。', en: 'This clock is paused already.' }),
  'clock-not-paused': () => ({ zh: '该时限没有暂停。', en: 'This clock is not paused.' }),
  'no-application': () => ({
    zh: '本办件没有申请。请先登记申请。',
    en: 'There is no application in this case: lodge one first.',
  }),
  'commitment-signed': () => ({
    zh: '承诺书已经签署。',
    en: 'The commitment was signed already.',
  }),
  'no-commitment': () => ({
    zh: '本办件没有签署的承诺书，无申报可更正。',
    en: 'No commitment was signed in this case, so there is nothing declared to correct.',
  }),
  'case-full': () => ({
    zh: '本办件的记录已达上限，不能再添加说明。',
    en: 'The record of this case has reached its limit; no more comments can be added.',
  }),
} as const satisfies Readonly<Record<string, (...about: never[]) => Bilingual>>;

/** How referrals end, in words. */
const endings: Partial<Readonly<Record<Referral['status'], Bilingual>>> = {
  done: { zh: '已办结', en: 'done' },
  refused: { zh: '已退回', en: 'refused' },
  recalled: { zh: '已撤回', en: 'recalled' },
};

/** Codes to choose from, each with its words. */
function listed(codes: Readonly<Record<string, Bilingual>>, language: 'zh' | 'en'): string {
  return Object.entries(codes)
    .map(([code, title]) => (language === 'zh' ? `${code} ${title.zh}` : `${code} (${title.en})`))
    .join(language === 'zh' ? '、' : ', ');
}

function nearText(near: readonly KnownName[], language: 'zh' | 'en'): string {
  if (near.length === 0) return '';
  return language === 'zh'
    ? `是否指：${near.map(({ id, title }) => `${id}（${title.zh}）`).join('、')}？`
    : `Was this meant: ${near.map(({ id, title }) => `${id} (${title.en})`).join(', ')}? `;
}

/** Names a row without saying anything of anybody. */
function rowText({ feed, file, row }: RowOffered): string {
  return `${feed} ${file} #${row}`;
}

function day(at: Instant): string {
  return dateInChina(at);
}

/** Builds a refusal; what its text names follows the code. */
export function refuse<Code extends keyof typeof refusals>(
  code: Code,
  ...about: Parameters<(typeof refusals)[Code]>
): { readonly kind: 'refused'; readonly refusal: Refusal } {
  // The compiler does not follow a key and its function through one parameter.
  const words = refusals[code] as (...given: Parameters<(typeof refusals)[Code]>) => Bilingual;
  return { kind: 'refused', refusal: { code, text: words(...about) } };
}
