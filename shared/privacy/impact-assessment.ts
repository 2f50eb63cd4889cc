import { decide } from '../access/policy.ts';
import { type Role, roles, roleTitles } from '../access/principal.ts';
import { purposeCodes } from '../access/purpose.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, Catalog, EvidenceMark, FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { departmentOf } from '../catalog/feed.ts';
import { type RetentionPurpose, type RetentionRow, retentionFor, retentionPurposes } from './retention.ts';

/** How a kind of field is protected. */
export const protections = {
  pseudonym: {
    zh: '接收时换成带密钥的假名（HMAC-SHA-256），原号码只在身份保险库中加密保存',
    en: 'replaced by a keyed pseudonym (HMAC-SHA-256) when taken in; the number itself lies sealed in the vault only',
  },
  vault: {
    zh: '只在身份保险库中加密保存（AES-256-GCM），按角色脱敏显示',
    en: 'lies sealed in the vault only (AES-256-GCM), shown masked by role',
  },
  sealed: {
    zh: '加密保存（AES-256-GCM），只对列出的角色显示，不进入消息、日志和存档',
    en: 'kept sealed (AES-256-GCM), shown to the roles listed only, never in messages, logs or archive',
  },
  scoped: {
    zh: '按辖区和角色授权，每次查询须写明事由并留痕',
    en: 'shown by area and role; every look states its purpose and is recorded',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type Protection = keyof typeof protections;

/** What the rows of a feed are used for. */
const useTitles: Readonly<Record<FeedSpec['uses'][number], Bilingual>> = {
  entry: { zh: '进入类预警', en: 'warnings of need' },
  reject: { zh: '拒止类预警', en: 'warnings that a ground has gone' },
  verify: { zh: '核对', en: 'verification' },
  chain: { zh: '救助链', en: 'assistance chain' },
};

/** One field that tells of a person, and how it is protected. */
export interface AssessedField {
  readonly name: string;
  readonly title: Bilingual;
  /** PIPL §28: health, finance, under-14. */
  readonly sensitive: boolean;
  readonly protection: Protection;
}

/** One feed: what is taken, on what ground, what for, who sees it, how long. */
export interface AssessedFeed {
  readonly feed: string;
  readonly title: Bilingual;
  readonly department: string;
  readonly departmentTitle: Bilingual;
  readonly legalBasis: { readonly text: string; readonly evidence: EvidenceMark };
  readonly uses: readonly Bilingual[];
  readonly fields: readonly AssessedField[];
  /** Who may see its sensitive fields, and who the rest. */
  readonly seenBy: { readonly sensitive: readonly Bilingual[]; readonly other: readonly Bilingual[] };
  readonly retention: AssessedRetention;
}

/** How long something is kept, counted from which day, and on what ground. */
export interface AssessedRetention {
  readonly purpose: RetentionPurpose;
  readonly title: Bilingual;
  readonly months: number;
  readonly after: Bilingual;
  /** What stays when it is deleted. */
  readonly left: Bilingual;
  readonly basis: Bilingual & { readonly evidence?: EvidenceMark };
}

/**
 * The record of the impact assessment 个人信息保护影响评估 (PIPL §55, §56), drawn from what the platform really runs by: the
 * catalogue, the policy, the retention. What people must judge themselves stands in `toJudge`.
 */
export interface ImpactAssessment {
  readonly on: PlainDate;
  readonly version: string;
  readonly why: Bilingual;
  readonly feeds: readonly AssessedFeed[];
  readonly retention: readonly AssessedRetention[];
  /** How what is past keeping goes. */
  readonly deletion: Bilingual;
  readonly roles: readonly AssessedRole[];
  readonly purposes: readonly { readonly code: string; readonly title: Bilingual }[];
  readonly protections: typeof protections;
  readonly automatedDecisions: Bilingual;
  readonly toJudge: readonly Bilingual[];
}

/** What a role sees of people. */
export interface AssessedRole {
  readonly role: Role;
  readonly title: Bilingual;
  readonly seesHouseholds: boolean;
  readonly names: 'full' | 'masked' | 'none';
  readonly numbers: 'masked' | 'none';
  readonly sensitive: boolean;
}

/** Draws the assessment as things stand on a day. */
export function impactAssessment(
  catalog: Catalog,
  own: readonly RetentionRow[],
  { on, version }: { readonly on: PlainDate; readonly version: string },
): ImpactAssessment {
  return {
    on,
    version,
    why: {
      zh: '处理敏感个人信息，并据此自动产生预警任务（个人信息保护法第55条），处理前须评估，报告和记录至少保存三年（第56条）',
      en: 'sensitive personal data are processed and warnings raised from them (PIPL §55): to be assessed before, and kept 3 years (§56)',
    },
    feeds: [...catalog.values()].map((feed) => assessedFeed(feed, own, on)),
    retention: (Object.keys(retentionPurposes) as RetentionPurpose[]).map((purpose) => assessedRetention(own, { purpose, on })),
    deletion: {
      zh: '由具名人员查看清单并确认后删除，凭证存档；家庭有未结预警、办件或更正时，其数据事实暂不删除',
      en: 'a named person confirms the list; a certificate is archived. Facts wait while a warning, case or correction is open',
    },
    roles: roles.map(assessedRole),
    purposes: Object.entries(purposeCodes).map(([code, title]) => ({ code, title })),
    protections,
    automatedDecisions: {
      zh: '评分只产生核查任务并附理由，由具名人员决定；本人可要求说明，并可拒绝仅由机器作出的决定（第24条）',
      en: 'a score only opens a task with its reasons; a named person decides. Everybody may ask for an explanation and refuse a decision by machine alone (§24)',
    },
    toJudge: [
      {
        zh: '各数据类别的处理目的、方式是否合法、正当、必要',
        en: 'whether purpose and way are lawful, proper and necessary, feed by feed',
      },
      {
        zh: '对个人权益的影响和安全风险，及保护措施是否相称',
        en: 'the effect on people, the risks, and whether the protection is in proportion',
      },
      { zh: '证据标记为 B、C、K、I 的法律依据须补充原文', en: 'grounds marked B, C, K or I still need the text of the law' },
    ],
  };
}

function assessedFeed(feed: FeedSpec, own: readonly RetentionRow[], on: PlainDate): AssessedFeed {
  const { id, title, departmentTitle, legalBasis, uses, fields } = feed;
  const department = departmentOf(id);
  return {
    feed: id,
    title,
    department,
    departmentTitle,
    legalBasis,
    uses: uses.map((use) => useTitles[use]),
    fields: fields.map(assessedField),
    seenBy: {
      sensitive: roles.filter((role) => seesFacts(role, department)?.sensitive === true).map((role) => roleTitles[role]),
      other: roles.filter((role) => seesFacts(role, department) !== undefined).map((role) => roleTitles[role]),
    },
    retention: assessedRetention(own, { purpose: 'facts', feed: id, on }),
  };
}

/** What a role sees of facts: on the household's page, or, as the department that sent it, of a row that was found wrong. */
function seesFacts(role: Role, department: string) {
  const principal = { id: 'any', roles: [role], areas: [''], departments: [department] };
  for (const action of ['household.read', 'corrections.read'] as const) {
    const decision = decide(principal, action, { area: '', department });
    if (decision.allowed) return decision.disclosure;
  }
  return undefined;
}

function assessedRole(role: Role): AssessedRole {
  const principal = { id: 'any', roles: [role], areas: [''], departments: ['*'] };
  const household = decide(principal, 'household.read', { area: '' });
  const seen = [household, decide(principal, 'inbox.read'), decide(principal, 'corrections.read')].find((one) => one.allowed);
  const disclosure = seen?.allowed === true ? seen.disclosure : undefined;
  return {
    role,
    title: roleTitles[role],
    seesHouseholds: household.allowed,
    names: disclosure?.names ?? 'none',
    numbers: disclosure?.numbers ?? 'none',
    sensitive: disclosure?.sensitive ?? false,
  };
}

function assessedField({ name, title, type, sensitive }: FieldSpec): AssessedField {
  const protection: Protection =
    type.kind === 'identity' ? 'pseudonym' : type.kind === 'name' ? 'vault' : sensitive === true ? 'sealed' : 'scoped';
  return { name, title, sensitive: sensitive === true, protection };
}

function assessedRetention(own: readonly RetentionRow[], asked: Parameters<typeof retentionFor>[1]): AssessedRetention {
  const { months, basis } = retentionFor(own, asked);
  const { after, left, ...title } = retentionPurposes[asked.purpose];
  return { purpose: asked.purpose, title, months, after, left, basis };
}
