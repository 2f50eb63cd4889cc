/** Text in the two languages of the platform: Chinese is what people see by default. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Department and data category, e.g. `medical-insurance/inpatient-settlement`: the first two folders of the drop path. */
export type FeedId = string & { readonly __brand: 'FeedId' };

/**
 * How a feed's rows become facts.
 * - `event`: happened on a date; amounts add up.
 * - `status`: holds from a date to a date (or still).
 * - `snapshot`: a complete list as of the period; who is absent from the latest complete list has ended.
 */
export type FeedKind = 'event' | 'status' | 'snapshot';

/** How sure we are of a statement taken from law or the press; the marks of the domain notes. */
export type EvidenceMark = 'A' | 'A-' | 'B' | 'C' | 'CODE' | 'K' | 'I';

/** What a column holds, which decides its parser and the form of its value in a fact. */
export type FieldType =
  /** A citizen identity number. Never leaves intake in the clear: the fact carries the person's pseudonym. */
  | { readonly kind: 'identity' }
  /** A person's name. Goes to the identity vault only. */
  | { readonly kind: 'name' }
  | { readonly kind: 'text'; readonly maxLength: number }
  /** One of a closed list; `values` maps each canonical code to the spellings departments use (codes, Chinese words). */
  | { readonly kind: 'code'; readonly values: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: 'date' }
  /** A month; the fact carries `YYYY-MM`. */
  | { readonly kind: 'month' }
  /** Money; the fact carries integer fen. `unit` is what a bare number means when the header names no unit. */
  | { readonly kind: 'money'; readonly unit: 'yuan' | 'wan' | 'fen'; readonly negative: boolean }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  /** A GB/T 2260 area code of 6, 9 or 12 digits; the fact carries the digits as given. */
  | { readonly kind: 'area' }
  /** Yes or no; the fact carries a boolean. */
  | { readonly kind: 'flag' };

/** One column of a feed. */
export interface FieldSpec {
  /** Canonical English name in camelCase: the key in facts, packs and receipts. */
  readonly name: string;
  readonly title: Bilingual;
  readonly type: FieldType;
  /**
   * Column names seen in real files beside `title.zh`, in order of preference when a file has several. Compared after trimming,
   * full-width folding and dropping unit brackets. Names that differ in an ending only, 日期 and 时间 or 单号 and 编号, need not be
   * listed: intake knows them (twin-names.ts).
   */
  readonly aliases: readonly string[];
  /** Names that say more exactly than the title what is meant, and are taken before it. */
  readonly preferred?: readonly string[];
  /**
   * Money: names of columns that each state a part of it, one list for each part. A file with columns of several parts, and none of
   * a preferred name, states the field as their sum; a part alone stands for the field, so its names are aliases too.
   */
  readonly parts?: readonly (readonly string[])[];
  readonly required: boolean;
  /** Health, finance or under-14 detail (PIPL §28): sealed in the fact, shown by role only, never in messages or archive. */
  readonly sensitive?: true;
}

/**
 * A number in which several fields are written one after the other. A file may have it beside their columns or in their stead; it
 * is no field itself, for nothing of it is kept but what the fields say.
 */
export interface CompoundNumber {
  readonly title: Bilingual;
  readonly aliases: readonly string[];
  /** Of the number without blanks, letters in upper case: each named group is a field of the feed. */
  readonly pattern: RegExp;
  /** What it is made of, for those who wrote it wrongly. */
  readonly form: Bilingual;
}

/** A check across the fields of one row. */
export type RowCheck =
  /** `earlier` must not be after `later`; rows lacking either pass. */
  | { readonly kind: 'order'; readonly earlier: string; readonly later: string }
  /** The date must not be before the subject's birth. */
  | { readonly kind: 'not-before-birth'; readonly field: string }
  /** The parts must not add up to more than the whole. */
  | { readonly kind: 'within'; readonly parts: readonly string[]; readonly whole: string };

/** How often a department delivers; `dueDay` is the day of the following month (or year's month) by which it must. */
export type Cadence = 'daily' | 'monthly' | 'termly' | 'yearly';

/** The whole description of a feed. Adding a feed to the platform is adding one of these and nothing else. */
export interface FeedSpec {
  readonly id: FeedId;
  readonly title: Bilingual;
  readonly departmentTitle: Bilingual;
  readonly kind: FeedKind;
  /** What the rows are used for: entry or reject warnings, verification, the assistance chain. */
  readonly uses: readonly ('entry' | 'reject' | 'verify' | 'chain')[];
  readonly fields: readonly FieldSpec[];
  readonly compound?: CompoundNumber;
  /** The `identity` field of the person the row is about, and the `name` field that goes with it. */
  readonly subject: { readonly identity: string; readonly name: string };
  /** Fields that together name the thing the row states; a later file with the same key for the person replaces it. */
  readonly naturalKey: readonly string[];
  /**
   * A number that one thing alone has in the whole department, whoever the row is about, with the field of its place and its
   * sums, the one that rules weigh first: by these a row told twice is known (facts/told-twice.ts).
   */
  readonly numbered?: { readonly number: string; readonly place: string; readonly sums: readonly string[] };
  /** Of a status: a person's later row ends the one before, since both tell of the same thing, such as the family's one house. */
  readonly oneAtATime?: true;
  /** Which date fields give the day it happened or holds from, and (status) holds to. Without `from`, the period's last day. */
  readonly dates: { readonly from?: string; readonly to?: string };
  /** The `area` field that places the person, when the feed has one. */
  readonly area?: string;
  /** How a row takes an earlier one back (冲销): a flag field, and the field naming the original's key when it is not the same. */
  readonly reversal?: { readonly flag: string; readonly original?: string };
  /** Declares households (共同生活家庭成员) or the police register's 户号: see registry/membership. */
  readonly household?: HouseholdDeclaration;
  /** Ends the person's memberships on this date field. */
  readonly death?: { readonly date: string };
  readonly checks: readonly RowCheck[];
  readonly cadence: Cadence;
  /** Day of the month by which the data of the period before must have come. */
  readonly dueDay: number;
  readonly legalBasis: { readonly text: string; readonly evidence: EvidenceMark };
}

/** How a feed's rows place people in households. */
export interface HouseholdDeclaration {
  /** `declared`: as declared to civil affairs. `registered`: the police 户号, used only for people nobody declared. */
  readonly basis: 'declared' | 'registered';
  readonly number: string;
  readonly relation: string;
  /** The canonical code of `relation` that marks the head. */
  readonly headRelation: string;
  readonly category?: string;
}

/** Makes a feed id from its two parts. */
export function feedId(department: string, category: string): FeedId {
  return `${department}/${category}` as FeedId;
}

/** The department a feed belongs to, by its id; empty for what is no feed id. */
export function departmentOf(feed: string): string {
  return feed.slice(0, Math.max(0, feed.indexOf('/')));
}

/** All feeds by id. */
export type Catalog = ReadonlyMap<FeedId, FeedSpec>;
