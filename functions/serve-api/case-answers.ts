import * as z from 'zod';
import type { AssistanceChain } from '../../shared/assistance/chain-line.ts';
import type { Offer } from '../../shared/assistance/offers.ts';
import { caseSources, clockSteps, lights, stages } from '../../shared/casework/case.ts';
import type { InboxItem } from '../../shared/casework/inbox.ts';
import type { ParameterLine } from '../../shared/casework/limits-table.ts';
import type { CaseLine, CasePage, OwnReferrals, ReferralView } from '../../shared/casework/present-case.ts';
import type { VisitPack } from '../../shared/casework/visit-pack.ts';
import { fen, type Plain, Range, Text } from './schemas.ts';

/** Shapes of what the casework answers; each is proven to describe the use-case's own answer. */

const words = z
  .string()
  .nullable()
  .meta({ description: '办理人填写的文字，按角色显示 / typed by people; null for roles that see no names' });
const attachmentKind = z.enum(['photo', 'signature', 'paper', 'consent']);
const rhythm = z.enum(['once', 'monthly']);

const line = {
  id: z.string(),
  version: z.int(),
  household: z.string(),
  area: z.string(),
  source: z.enum(caseSources),
  category: z.string(),
  categoryTitle: Text,
  grade: z.string(),
  gradeTitle: Text,
  stage: z.enum(stages),
  stageTitle: Text,
  assignee: z.string().nullable(),
  level: z.string().nullable(),
  dueAt: z.string().nullable(),
  light: z.enum(lights),
  openedAt: z.string(),
  changedAt: z.string(),
  warnings: z.array(z.string()),
  waitsFor: z.array(z.string()),
  outcome: z.string().nullable(),
  outcomeTitle: Text.nullable(),
};
export const CaseLineShape = z
  .object(line)
  .meta({ id: 'CaseLine', description: '清单中的办件 / a case in a worklist' }) satisfies z.ZodType<Plain<CaseLine>>;

const Clock = z
  .object({
    step: z.enum(clockSteps),
    referral: z.string().optional(),
    startedAt: z.string(),
    limit: z.object({ amount: z.number(), unit: z.enum(['working-days', 'calendar-days', 'hours']) }),
    yellowAt: z.string(),
    redAt: z.string(),
    countyAt: z.string(),
    light: z.enum(lights),
    paused: z.string().nullable(),
    stoppedAt: z.string().optional(),
    assumed: z.literal(true).optional(),
  })
  .meta({ id: 'Clock', description: '时限：到黄、到红、报县的时刻 / a clock and when its lights come on' });

export const ReferralShape = z
  .object({
    id: z.string(),
    department: z.string(),
    measure: z.string(),
    person: z.string().nullable(),
    ask: words,
    status: z.string(),
    sentAt: z.string().nullable(),
    escalated: z.string().nullable(),
    answers: z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        kind: z.string(),
        code: z.string().nullable(),
        note: words,
        amount: fen.nullable(),
      }),
    ),
  })
  .meta({ id: 'Referral', description: '转办及其答复 / a referral and its answers' }) satisfies z.ZodType<Plain<ReferralView>>;

const possible = z.array(
  z.object({ action: z.string(), title: Text, to: z.array(z.string()), referrals: z.array(z.string()).optional() }),
);

const Visit = z.object({
  id: z.string(),
  means: z.enum(['home', 'telephone']),
  visitedAt: z.string(),
  submittedAt: z.string(),
  by: z.string(),
  investigators: z.array(z.string()),
  truth: z.string(),
  truthTitle: Text,
  needs: z.array(z.string()),
  proposed: z.array(z.string()),
  members: z.array(
    z.object({
      person: z.string().nullable(),
      present: z.boolean(),
      workAbility: z.string().nullable(),
      work: z.string().nullable(),
      studying: z.boolean().nullable(),
      graveIllness: z.boolean().nullable(),
      correction: words,
    }),
  ),
  raisesGrade: z.boolean().optional(),
  notes: words,
  photos: z.array(z.string()),
  signature: z.string().optional(),
  baseVersion: z.int(),
  round: z.int(),
  conflictsWith: z.array(z.string()).optional(),
  chosen: z.boolean(),
  late: z.literal(true).optional(),
});

export const CasePageShape = z
  .object({
    ...line,
    clocks: z.array(Clock),
    proposals: z.array(z.object({ index: z.int(), code: z.string(), title: Text, text: Text, accepted: z.boolean().nullable() })),
    visits: z.array(Visit),
    decisions: z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        level: z.string(),
        kind: z.string(),
        outcome: z.string().nullable(),
        actions: z.array(z.string()),
        until: z.string().nullable(),
        note: words,
        wrongRows: z.array(
          z.object({
            feed: z.string(),
            file: z.string(),
            row: z.int(),
            field: z.string().nullable(),
            found: z.string(),
            foundTitle: Text,
            note: words,
          }),
        ),
        notices: Text.nullable(),
      }),
    ),
    referrals: z.array(ReferralShape),
    aids: z.array(
      z.object({
        id: z.string(),
        measure: z.string(),
        department: z.string(),
        person: z.string().optional(),
        amount: fen.optional(),
        rhythm,
        date: z.string(),
        by: z.string(),
        referral: z.string().optional(),
        event: z.string(),
        guardOverride: words,
      }),
    ),
    application: z
      .object({
        channel: z.string(),
        needs: z.array(z.string()),
        measures: z.array(z.string()),
        statement: words,
        commitment: z.boolean(),
        corrections: z.int(),
        check: z
          .array(z.object({ item: z.string(), declared: words, found: z.string(), value: words, verdict: z.string() }))
          .nullable(),
        incomePerHead: fen.nullable(),
        assets: z.string().nullable(),
      })
      .nullable(),
    consent: z.boolean(),
    attachments: z.array(
      z.object({
        id: z.string(),
        kind: attachmentKind,
        type: z.string(),
        size: z.int(),
        by: z.string(),
        at: z.string(),
      }),
    ),
    increments: z.array(
      z.object({
        at: z.string(),
        warning: z.string(),
        change: z.enum(['opened', 'reopened', 'merged', 'raised', 'lowered', 'withdrawn']),
        grade: z.object({ id: z.string(), rank: z.number(), title: Text }),
        points: Range,
        version: z.int(),
        changedAt: z.string(),
        indicators: z.array(z.string()).optional().meta({ description: '命中的指标 / the indicators that hit' }),
      }),
    ),
    followUp: z.object({ at: z.string(), grade: z.string().nullable(), points: Range, outcome: z.string() }).nullable(),
    history: z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        what: z.string(),
        version: z.int().nullable(),
        stage: z.enum(stages),
        note: words,
        codes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
      }),
    ),
    possible,
  })
  .meta({ id: 'Case', description: '办件全貌与当前可用操作 / a case and what is possible now' }) satisfies z.ZodType<
  Plain<CasePage>
>;

const OwnReferralsShape = z
  .object({
    id: z.string(),
    version: z.int(),
    area: z.string(),
    stage: z.enum(stages),
    stageTitle: Text,
    referrals: z.array(ReferralShape),
    possible,
  })
  .meta({ id: 'OwnReferrals', description: '部门办理人所见 / what a department’s handler sees' }) satisfies z.ZodType<
  Plain<OwnReferrals>
>;

/** What an action is answered with. */
const done = { done: z.enum(['done', 'already']) };
export const ActedShape = z.union([CasePageShape.extend(done), OwnReferralsShape.extend(done)]).meta({
  id: 'Acted',
  description:
    '办理后的办件；部门办理人只见本部门的转办 / the case afterwards; a department’s handler sees only the own referrals',
});
export const LodgedShape = z
  .object({ kind: z.enum(['opened', 'joined', 'already']), case: CasePageShape })
  .meta({ id: 'LodgedApplication' });
export const InboxItemShape = ReferralShape.extend({
  case: z.string(),
  area: z.string(),
  subject: z.object({ name: z.string(), number: z.string().nullable() }),
  dueAt: z.string().nullable(),
  light: z.enum(lights),
}).meta({ id: 'InboxItem', description: '转办事项 / a referral as its department sees it' }) satisfies z.ZodType<
  Plain<InboxItem>
>;
export const AttachedShape = z.object({ id: z.string(), type: z.string(), size: z.int() }).meta({ id: 'Attached' });

export const OfferShape = z
  .object({
    measure: z.string(),
    title: Text,
    kind: z.string(),
    action: z.string(),
    department: z.string(),
    departmentTitle: Text,
    person: z.string().optional(),
    who: Text.optional().meta({ description: '关系与年龄，不含姓名 / relation and age, never a name' }),
    outcome: z.enum(['fits', 'unknown', 'does-not-fit']),
    reasons: z.array(Text),
    find: z.array(Text).meta({ description: '还要查明什么 / what has to be found out' }),
    amount: z.object({ rhythm: z.enum(['once', 'monthly', 'yearly']), fen: fen.optional(), upTo: fen.optional(), text: Text }),
    papers: z.array(
      z.object({
        paper: z.string(),
        title: Text,
        waivedBy: z.object({ feed: z.string(), because: Text }).optional(),
      }),
    ),
    prefilled: z.array(
      z.object({
        item: z.string(),
        title: Text,
        value: z.union([z.string(), z.number()]),
        unit: z.literal('fen').optional(),
      }),
    ),
    source: z.object({ ref: z.string(), evidence: z.string() }),
  })
  .meta({ id: 'Offer', description: '可选措施及理由 / a measure with its reasons' }) satisfies z.ZodType<Plain<Offer>>;

const FenRange = z.object({ low: fen, high: fen });
export const ChainShape = z
  .object({
    asOf: z.string(),
    lines: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['decided', 'asked', 'more-asked', 'given', 'standing', 'refused', 'recalled']),
        date: z.string(),
        month: z.string(),
        to: z.string().optional(),
        measure: z.string(),
        department: z.string(),
        person: z.string().optional(),
        amount: fen.optional(),
        by: z.string().optional(),
        refusal: z.string().optional(),
        recall: z.string().optional(),
        actions: z.array(z.string()).optional(),
        event: z.string().optional(),
        sources: z.array(
          z.union([
            z.object({ kind: z.literal('referral'), case: z.string(), referral: z.string(), answer: z.string().optional() }),
            z.object({ kind: z.literal('aid'), case: z.string(), aid: z.string() }),
            z.object({ kind: z.literal('decision'), case: z.string(), number: z.int() }),
            z.object({ kind: z.literal('fact'), feed: z.string(), file: z.string(), row: z.int() }),
          ]),
        ),
        possiblySame: z.array(z.string()),
        yearToDate: FenRange.optional(),
      }),
    ),
    years: z.array(z.object({ year: z.int(), given: FenRange, byMeasure: z.record(z.string(), FenRange) })),
  })
  .meta({ id: 'AssistanceChain', description: '救助链 / everything asked, given and refused' }) satisfies z.ZodType<
  Plain<AssistanceChain>
>;

const codeList = z.record(z.string(), Text);
export const CodesShape = z.record(z.string(), codeList).meta({ id: 'CodeLists', description: '代码表 / code lists' });
export const VisitPackShape = z
  .object({
    area: z.string(),
    madeAt: z.string(),
    visits: z.array(
      z.object({
        case: CaseLineShape,
        reasons: z.array(Text),
        alreadyReceives: Text,
        members: z.array(
          z.object({ person: z.string(), name: z.string(), birth: z.string(), relation: z.string(), head: z.boolean() }),
        ),
      }),
    ),
    more: z.boolean().meta({ description: '本村待核查的户多于本包所列，核查后再取 / more await a visit than the pack lists' }),
    codes: z.object({ truth: codeList, needs: codeList, actions: codeList }),
  })
  .meta({ id: 'VisitPack', description: '离线核查包 / what a coordinator takes along' }) satisfies z.ZodType<Plain<VisitPack>>;
const LimitShape = z
  .object({
    name: z.string(),
    source: z.string().optional(),
    grade: z.string().optional(),
    area: z.string(),
    from: z.string(),
    value: Text,
    basis: Text,
    evidence: z.string().optional(),
  })
  .meta({ id: 'Limit', description: '参数及来源 / a parameter and where it comes from' }) satisfies z.ZodType<
  Plain<ParameterLine>
>;
export const LimitsShape = z
  .object({
    items: z.array(LimitShape),
    missing: z.array(z.object({ name: z.string(), title: Text, area: z.string(), without: Text, enter: Text })),
    next: z.null(),
  })
  .meta({ id: 'Limits' });
