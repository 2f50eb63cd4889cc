import type { Bilingual, FeedId } from '../catalog/feed.ts';
import type { SituatedMember, Situation } from './situation.ts';

/**
 * Papers a measure may ask for. Where a department shares what the paper would prove, nobody is asked for it (政务数据共享条例:
 * no repeat collection of what sharing gives; 上海条例 §46).
 */
interface Paper {
  readonly title: Bilingual;
  /** Feeds that prove the same, about the person or, with `household`, about any member. */
  readonly provedBy: readonly string[];
  readonly household?: true;
  /** Even a feed's silence proves it, as long as the feed is not late. */
  readonly silenceProves?: true;
}

const papers = {
  application: { title: { zh: '申请书（一张表单）', en: 'application (one form)' }, provedBy: [] },
  authorisation: { title: { zh: '家庭经济状况核对授权书', en: 'authorisation of the economic-status check' }, provedBy: [] },
  identity: {
    title: { zh: '身份证、户口簿', en: 'identity card and household register' },
    provedBy: ['public-security/household-registration', 'civil-affairs/low-income-register'],
  },
  'low-income': {
    title: { zh: '低收入人口认定证明', en: 'proof of recognition as low-income' },
    provedBy: ['civil-affairs/low-income-register'],
    household: true,
  },
  'medical-bills': {
    title: { zh: '医疗费用票据', en: 'medical bills' },
    provedBy: ['medical-insurance/inpatient-settlement', 'medical-insurance/outpatient-chronic-settlement'],
    household: true,
  },
  diagnosis: {
    title: { zh: '诊断证明', en: 'certificate of the diagnosis' },
    provedBy: ['medical-insurance/inpatient-settlement', 'medical-insurance/outpatient-chronic-settlement'],
  },
  'tuition-receipts': {
    title: { zh: '学费、住宿费票据', en: 'receipts of tuition and lodging' },
    provedBy: ['education/tuition-payment'],
    household: true,
  },
  enrolment: {
    title: { zh: '在读证明', en: 'proof of being at school' },
    provedBy: ['education/enrolment', 'education/tuition-payment'],
  },
  disability: {
    title: { zh: '残疾人证', en: 'disability certificate' },
    provedBy: ['disabled-persons-federation/disability-certificate'],
  },
  unemployment: {
    title: { zh: '失业登记证明', en: 'proof of registered unemployment' },
    provedBy: ['human-resources/unemployment-registration'],
  },
  'no-job': {
    title: { zh: '未就业证明', en: 'proof of having no job' },
    provedBy: ['human-resources/employment-registration', 'human-resources/unemployment-registration'],
    silenceProves: true,
  },
  'house-appraisal': {
    title: { zh: '房屋安全鉴定报告', en: 'appraisal of the house' },
    provedBy: ['housing/dilapidated-housing'],
    household: true,
  },
  disaster: {
    title: { zh: '受灾证明', en: 'proof of the disaster' },
    provedBy: ['emergency-management/disaster-relief'],
    household: true,
  },
  'birth-certificate': { title: { zh: '出生医学证明', en: 'birth certificate' }, provedBy: ['health/birth-certificate'] },
  account: {
    title: { zh: '银行账户', en: 'bank account' },
    provedBy: ['civil-affairs/minimum-living-allowance-payment'],
    household: true,
  },
  consent: { title: { zh: '向慈善组织提供信息同意书', en: 'consent to share with charities' }, provedBy: [] },
} as const satisfies Readonly<Record<string, Paper>>;

export type PaperId = keyof typeof papers;

/** A paper of an offer. */
export interface PaperAsked {
  readonly paper: PaperId;
  readonly title: Bilingual;
  /** Not asked for: this feed has it. */
  readonly waivedBy?: { readonly feed: FeedId; readonly because: Bilingual };
}

/** The papers, each either asked for or waived with the feed that has it. */
export function papersFor(
  ids: readonly PaperId[],
  situation: Situation,
  member: SituatedMember | undefined,
  titleOf: (feed: FeedId) => Bilingual,
): readonly PaperAsked[] {
  return ids.map((id): PaperAsked => {
    const paper: Paper = papers[id];
    const feed = paper.provedBy.find((one) => proves(paper, one, situation, member)) as FeedId | undefined;
    if (feed === undefined) return { paper: id, title: paper.title };
    const { zh, en } = titleOf(feed);
    return {
      paper: id,
      title: paper.title,
      waivedBy: { feed, because: { zh: `免交：${zh}数据已共享`, en: `not asked: known from ${en}` } },
    };
  });
}

function proves(paper: Paper, feed: string, { documents, known }: Situation, member: SituatedMember | undefined): boolean {
  const about = paper.household === true || member === undefined ? '' : member.person;
  return documents.has(`${feed} ${about}`) || (paper.silenceProves === true && known(feed));
}
