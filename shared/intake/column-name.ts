import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { fold } from './cell-text.ts';
import type { MoneyScale } from './money.ts';
import { twinsOf } from './twin-names.ts';

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

/**
 * The fields of a feed by every name their columns may have, folded: the names it lists, and their twins, each next to the name it
 * comes from. What a feed lists comes before any twin, and a twin that two fields could have is nobody's.
 */
export function namesOf(feed: FeedSpec): ReadonlyMap<string, ColumnName> {
  const listed = listedNames(feed);
  const twins = new Map<string, ColumnName | undefined>();
  for (const [name, column] of listed) {
    if (!mayHaveTwins(column.field)) continue;
    for (const [at, twin] of twinsOf(name, column.field.type.kind).entries()) {
      if (listed.has(twin)) continue;
      const other = twins.get(twin);
      const mine = { ...column, rank: column.rank + (at + 1) / TWINS };
      if (!twins.has(twin)) twins.set(twin, mine);
      else if (other?.field !== mine.field) twins.set(twin, undefined);
    }
  }
  const names = new Map(listed);
  for (const [name, column] of twins) if (column !== undefined) names.set(name, column);
  return names;
}

/**
 * Under nearly the same name another list of values may stand, 家庭户 for 农村 under 户口类型: for want of a column a file comes back,
 * but a column nobody asked for must not send back its rows.
 */
function mayHaveTwins({ type, required }: FieldSpec): boolean {
  return required || type.kind !== 'code';
}

/** More than any name has twins. */
const TWINS = 100;

function listedNames(feed: FeedSpec): ReadonlyMap<string, ColumnName> {
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
