import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { fold } from './cell-text.ts';
import type { MoneyScale } from './money.ts';

/** A field by one of the names its column may have. */
export interface ColumnName {
  readonly field: FieldSpec;
  /** Place in the list of names: names preferred to the title, the title, then the aliases in their order of preference. */
  readonly rank: number;
  /** One of the names that say more exactly than the title what is meant. */
  readonly preferred?: true;
  /** Which part of the field such a column states, when it may be one of several. */
  readonly part?: number;
}

/** A column that may be a field's. */
export interface Candidate extends ColumnName {
  readonly index: number;
  readonly header: string;
  readonly scale?: MoneyScale;
  readonly unknownUnit?: string;
  /** The field is part of the compound number in this column. */
  readonly inNumber?: true;
  /** An identity number that stands beside the name of somebody else than the person the row is about: how that is headed. */
  readonly beside?: string;
}

/** What stands over a column, and the words of the group it stands under when the header has several rows. */
export interface Heading {
  readonly text: string;
  readonly group?: string;
}

/** A column found by its name together with its group is meant more exactly than by any name alone. */
export const BY_GROUP = -1;

/** A column of its own is meant more exactly than a compound number. */
export const IN_NUMBER = Number.MAX_SAFE_INTEGER;

/** The form in which names of columns are compared: folded, lower case, without the marks forms put around what is required. */
export function foldName(text: string): string {
  return fold(text)
    .toLowerCase()
    .replace(/^[*★☆#]+|[*★☆:]+$/g, '');
}

/** The fields of a feed by every name their columns may have, folded. */
export function namesOf(feed: FeedSpec): ReadonlyMap<string, ColumnName> {
  const names = new Map<string, ColumnName>();
  for (const field of feed.fields) {
    const { preferred = [], parts = [] } = field;
    [...preferred, field.title.zh, ...field.aliases, field.name, field.title.en].forEach((name, rank) => {
      const key = foldName(name);
      if (names.has(key)) return;
      const part = parts.findIndex((own) => own.includes(name));
      names.set(key, {
        field,
        rank,
        ...(rank < preferred.length ? { preferred: true } : {}),
        ...(part < 0 ? {} : { part }),
      });
    });
  }
  return names;
}

/** The columns a field is read from, best first: one, or one for each of several parts. Columns equally good stand together. */
export function columnsOf(field: FieldSpec, candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const preferred = candidates.filter((candidate) => candidate.preferred);
  const parts = (field.parts ?? []).map((_, n) => candidates.filter(({ part }) => part === n)).filter((own) => own.length > 0);
  const groups = preferred.length > 0 ? [preferred] : parts.length > 1 ? parts : [candidates];
  return groups.map(bestOf);
}

function bestOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const rank = Math.min(...candidates.map((candidate) => candidate.rank));
  return candidates.filter((candidate) => candidate.rank === rank);
}
