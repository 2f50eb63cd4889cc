import type { ActionCode, NeedCode } from '../casework/codes.ts';
import type { Bilingual, EvidenceMark } from '../catalog/feed.ts';
import type { ChainLine } from './chain-line.ts';
import type { PaperId } from './papers.ts';
import type { SituatedMember, Situation } from './situation.ts';

/** Answer of one condition, with the figures it rests on. An unknown says what to find out. */
export type ConditionAnswer =
  | { readonly is: 'yes' | 'no'; readonly why: Bilingual }
  | { readonly is: 'unknown'; readonly why: Bilingual; readonly find: Bilingual };

/** One condition of a measure, asked of the household, or of one member where the measure is for a person. */
export type Condition = (situation: Situation, member: SituatedMember) => ConditionAnswer;

/** How much, as far as a rule says so. `upTo` is a limit; `fen` the very sum. Neither: decided case by case. */
export interface AmountOffered {
  readonly rhythm: 'once' | 'monthly' | 'yearly';
  readonly fen?: number;
  readonly upTo?: number;
  /** The formula in words. */
  readonly text: Bilingual;
}

/** Sections of the law's menu of help (国办发〔2023〕39号 四). `entitlement` is for everybody of a kind, whatever their means. */
export type MeasureKind = 'emergency' | 'living' | 'special' | 'recognition' | 'service' | 'charity' | 'entitlement' | 'other';

/** Something that can be given or done for a household. */
export interface Measure {
  readonly id: string;
  readonly title: Bilingual;
  /** Department of the catalogue of feeds, or another that has an inbox. */
  readonly department: string;
  readonly departmentTitle: Bilingual;
  readonly kind: MeasureKind;
  readonly action: ActionCode;
  /** Needs it answers, the one it is made for first. */
  readonly needs: readonly NeedCode[];
  readonly for: 'household' | 'person';
  /** Area code prefix where it exists; absent: everywhere. */
  readonly area?: string;
  /** Of a measure for persons: who comes into question at all; the conditions are asked of nobody else. */
  readonly about?: (member: SituatedMember, situation: Situation) => boolean;
  /** Said when nobody comes into question. */
  readonly nobody?: Bilingual;
  readonly conditions: readonly Condition[];
  readonly amount: (situation: Situation, member: SituatedMember) => AmountOffered;
  readonly papers: readonly PaperId[];
  readonly source: { readonly ref: string; readonly evidence: EvidenceMark };
}

/** The condition is met; why, in words. */
export function yes(zh: string, en: string): ConditionAnswer {
  return { is: 'yes', why: { zh, en } };
}

/** The condition is not met; why, in words. */
export function no(zh: string, en: string): ConditionAnswer {
  return { is: 'no', why: { zh, en } };
}

/** `find`: what somebody has to find out. */
export function unknown(why: readonly [zh: string, en: string], find: readonly [zh: string, en: string]): ConditionAnswer {
  return { is: 'unknown', why: { zh: why[0], en: why[1] }, find: { zh: find[0], en: find[1] } };
}

/** An amount that no formula gives: by a local rule, or case by case. */
export function decidedLocally(rhythm: AmountOffered['rhythm'], zh: string, en: string): AmountOffered {
  return { rhythm, text: { zh, en } };
}

/** Help for an emergency: counted together against yearly limits, and against what a township may grant. */
export const emergencyMeasures: ReadonlySet<string> = new Set(['temporary-aid', 'small-rapid-relief']);

/** Lines of an assistance chain that tell of help for an emergency given in a year (`2024`). */
export function emergencyAidIn(year: string, lines: readonly ChainLine[]): readonly ChainLine[] {
  return lines.filter(
    ({ kind, measure, date }) => kind === 'given' && emergencyMeasures.has(measure) && date.startsWith(`${year}-`),
  );
}
