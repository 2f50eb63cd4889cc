import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, EvidenceMark, FeedId } from '../catalog/feed.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import type { Window } from '../scoring/windows.ts';

/**
 * What is kept for a time, by what it is kept for (PIPL §19: the shortest time the purpose needs; §47: deleted when it is over),
 * and what stays of it. The archive of events holds no personal data and has its own lock.
 */
export const retentionPurposes = {
  facts: {
    zh: '数据事实',
    en: 'facts of departments’ data',
    after: { zh: '事实失效之日', en: 'the day the fact ended' },
    left: {
      zh: '删除标记（假名、数据类别、行的密钥散列）和区划；死亡登记和逝者所在户',
      en: 'a mark (pseudonym, feed, keyed hash of the row) and the area; deaths and households of the dead',
    },
  },
  'sent-files': {
    zh: '部门报送的原始文件和退回表',
    en: 'files as departments sent them, and fix-it files',
    after: { zh: '收到之日', en: 'the day they came' },
    left: { zh: '回执', en: 'the receipt' },
  },
  attachments: {
    zh: '办件照片和材料',
    en: 'photos and papers of cases',
    after: { zh: '办件办结之日', en: 'the day the case was closed' },
    left: { zh: '办件', en: 'the case' },
  },
  vault: {
    zh: '身份保险库中已不属于任何家庭者的姓名和证件号码',
    en: 'names and numbers of people who belong to no household any more',
    after: { zh: '离开最后一个家庭之日', en: 'the day they left the last one' },
    left: { zh: '假名及登记', en: 'pseudonym and registration' },
  },
  reads: {
    zh: '查询记录（按户索引；事件另在存档）',
    en: 'who looked, by household (the events stay in the archive)',
    after: { zh: '查询之日', en: 'the day of the look' },
    left: { zh: '存档事件', en: 'the archived event' },
  },
  reports: {
    zh: '已生成的报表文件（可由存档重新生成）',
    en: 'reports as they were made (the archive gives them again)',
    after: { zh: '生成之日', en: 'the day they were made' },
    left: { zh: '谁提取过哪份报表', en: 'who had which report' },
  },
} as const satisfies Readonly<Record<string, Bilingual & { readonly after: Bilingual; readonly left: Bilingual }>>;
export type RetentionPurpose = keyof typeof retentionPurposes;

/** How long something is kept, from a day on, with its source. */
export interface RetentionRow {
  readonly purpose: RetentionPurpose;
  /** Of `facts`: only of this feed. */
  readonly feed?: FeedId;
  readonly from: PlainDate;
  readonly months: number;
  /** `evidence` is absent for a deployment's own rule. */
  readonly basis: Bilingual & { readonly evidence?: EvidenceMark };
}

const always = '2000-01-01' as PlainDate;
const proposed = (zh: string, en: string): RetentionRow['basis'] => ({
  zh: `建议值：${zh}`,
  en: `our proposal: ${en}`,
  evidence: 'I',
});

/** What holds where a deployment has set nothing. */
export const defaultRetention: readonly RetentionRow[] = [
  {
    purpose: 'facts',
    from: always,
    months: 36,
    basis: proposed(
      '决定须能复核，处理记录至少保存三年（个人信息保护法第56条）',
      'decisions must be open to review, and records of processing are kept 3 years (PIPL §56)',
    ),
  },
  {
    purpose: 'sent-files',
    from: always,
    months: 6,
    basis: proposed('数据已入库，仅供核对和更正', 'the rows are stored; the file serves checking and correcting only'),
  },
  {
    purpose: 'attachments',
    from: always,
    months: 36,
    basis: proposed('办结后供审计复核', 'for review by auditors after the case is closed'),
  },
  {
    purpose: 'vault',
    from: always,
    months: 36,
    basis: proposed('与数据事实相同', 'as long as the facts'),
  },
  {
    purpose: 'reads',
    from: always,
    months: 36,
    basis: {
      zh: '网络安全法第21条：日志不少于6个月；个人信息处理记录三年（个人信息保护法第56条）',
      en: 'logs at least 6 months (CSL §21); records of processing 3 years (PIPL §56)',
      evidence: 'A',
    },
  },
  {
    purpose: 'reports',
    from: always,
    months: 1,
    basis: proposed(
      '供下载之用；所依据的存档另行保存，可按原参数重新生成',
      'for downloading; the archive they are drawn from is kept, and gives them again',
    ),
  },
];

/** How long something is kept on a day. A row for the feed goes before one for all, then the latest, then the last. */
export function retentionFor(
  own: readonly RetentionRow[],
  { purpose, feed, on }: { readonly purpose: RetentionPurpose; readonly feed?: FeedId; readonly on: PlainDate },
): RetentionRow {
  let best: RetentionRow | undefined;
  for (const row of [...defaultRetention, ...own]) {
    if (row.purpose !== purpose || row.from > on || (row.feed !== undefined && row.feed !== feed)) continue;
    const order = best === undefined ? 1 : Number(row.feed !== undefined) - Number(best.feed !== undefined);
    if (order > 0 || (order === 0 && best !== undefined && row.from >= best.from)) best = row;
  }
  if (best === undefined) throw new Error(`no default retention for ${purpose}`);
  return best;
}

/** A rule pack that would look at facts already deleted. */
export interface TooShort {
  readonly feed: FeedId;
  readonly row: RetentionRow;
  readonly pack: string;
  /** Months its longest window looks back. */
  readonly needed: number;
}

/**
 * The facts that would be gone while a pack in force still looks at them: today's assessments must not change because something
 * was deleted. Empty when the retention may be used.
 */
export function shorterThanWindows(
  own: readonly RetentionRow[],
  packs: readonly CompiledPack[],
  on: PlainDate,
): readonly TooShort[] {
  return packs.flatMap(({ pack, feeds, windows }) => {
    const needed = Math.max(0, ...windows.map(monthsOf));
    return feeds
      .map(({ id }) => ({ feed: id, row: retentionFor(own, { purpose: 'facts', feed: id, on }), pack: pack.id, needed }))
      .filter(({ row }) => row.months < needed);
  });
}

/** Months a window looks back at most. */
function monthsOf(window: Window): number {
  switch (window.kind) {
    case 'rolling':
      return window.months + Math.ceil(window.days / 28);
    case 'calendar-years':
      return window.years * 12;
    case 'calendar-month':
      return 1;
    case 'previous-month':
      return 2;
    case 'current':
      return 0;
  }
}

/** The words for a retention that cannot be used. */
export function tooShortText({ feed, row, pack, needed }: TooShort): Bilingual {
  return {
    zh: `${feed} 的事实只保存${row.months}个月，规则包 ${pack} 要看${needed}个月；请延长保存期，或先停用该规则包`,
    en: `facts of ${feed} are kept ${row.months} months, and rule pack ${pack} looks back ${needed}: keep them longer, or take the pack out of force first`,
  };
}
