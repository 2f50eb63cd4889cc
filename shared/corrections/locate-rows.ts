import type { Case } from '../casework/case.ts';
import type { Catalog, FeedId } from '../catalog/feed.ts';
import type { FactChunk, FactRow, FileId } from '../facts/fact.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { Evidence } from '../scoring/assessment.ts';
import type { LocatedRow, WrongRow } from './notice.ts';

/** A row of a department's file as it is proposed to whoever says that data are wrong. */
export interface RowOffered {
  readonly feed: FeedId;
  readonly file: FileId;
  readonly row: number;
}

/** Rows named as wrong, each located among the facts of the case's people or not, and the rows the warnings rest on. */
export interface RowsInQuestion {
  readonly named: readonly (
    | { readonly found: true; readonly row: LocatedRow }
    | { readonly found: false; readonly lacking: 'row' | 'field'; readonly row: WrongRow }
  )[];
  readonly offered: readonly RowOffered[];
}

/** Where rows are looked for. */
export interface RowSources {
  readonly catalog: Catalog;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly standings: Pick<StandingStore, 'load'>;
}

/** Rows proposed at most; a year's bills of a big family are fewer. */
const MOST_OFFERED = 40;

/**
 * Finds rows that somebody calls wrong among everything ever told of the household's people and of those the warnings are
 * about: so a notice always goes to whoever sent the row, and nobody can be asked about a row of strangers.
 */
export async function rowsInQuestion(
  sources: RowSources,
  { household, warnings }: Pick<Case, 'household' | 'warnings'>,
  named: readonly WrongRow[],
): Promise<RowsInQuestion> {
  const standings = (await sources.standings.load([household])).get(household) ?? [];
  const evidence = standings
    .flatMap(({ warning }) => (warning !== undefined && warnings.includes(warning.id) ? warning.reasons : []))
    .flatMap((reason) => reason.evidence);
  const offered = offeredFrom(evidence);
  if (named.length === 0) return { named: [], offered };
  const people = (await sources.registry.membersOf([household])).get(household) ?? [];
  const persons = [...new Set([...people.map(({ person }) => person), ...evidence.map(({ person }) => person)])];
  const chunks = [...(await sources.facts.ofPersons(persons)).values()].flat();
  return { named: named.map((row) => located(sources.catalog, row, chunks)), offered };
}

function offeredFrom(evidence: readonly Evidence[]): readonly RowOffered[] {
  const rows = new Map(evidence.map(({ feed, file, row }) => [`${file} ${row}`, { feed, file, row }]));
  return [...rows.values()].slice(0, MOST_OFFERED);
}

function located(catalog: Catalog, named: WrongRow, chunks: readonly FactChunk[]): RowsInQuestion['named'][number] {
  const there = rowAmong(chunks, named);
  if (there === undefined) return { found: false, lacking: 'row', row: named };
  const { chunk, row } = there;
  const { feed, person } = chunk;
  const known = named.field === undefined || catalog.get(feed)?.fields.some(({ name }) => name === named.field);
  if (known !== true) return { found: false, lacking: 'field', row: named };
  const area = row.areaAssumed === true ? undefined : row.area;
  return { found: true, row: { ...named, feed, person, ...(area === undefined ? undefined : { area }) } };
}

/** A row of a file among people's facts. */
export function rowAmong(
  chunks: readonly FactChunk[],
  { file, row }: Pick<WrongRow, 'file' | 'row'>,
): { readonly chunk: FactChunk; readonly row: FactRow } | undefined {
  for (const chunk of chunks) {
    const there = chunk.file === file ? chunk.rows.find((one) => one.row === row) : undefined;
    if (there !== undefined) return { chunk, row: there };
  }
  return undefined;
}
