import type { Catalog } from '../catalog/feed.ts';
import type { FactChunk, FactRow, FileId } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import { keyIdOf } from '../registry/sealing.ts';
import { rowAmong } from './locate-rows.ts';
import type { CorrectionNotice } from './notice.ts';

/**
 * The file that corrects or reverses the row a notice is about; undefined when none surely does. Looks only at what later
 * files of the feed say under the row's own natural key, and only where what counts under it now is something else. Not so:
 *
 * - a list told anew (snapshot feeds): that somebody's line reads otherwise next month is the course of things;
 * - a change of other fields than the one found wrong, when one was named; sealed fields are not compared, so a notice about
 *   one of them is left to the department's own answer unless the row was reversed.
 */
export function correctedSince(
  { feed, file, row, field }: Pick<CorrectionNotice, 'feed' | 'file' | 'row' | 'field'>,
  chunks: readonly FactChunk[],
  catalog: Catalog,
): FileId | undefined {
  const ofFeed = chunks.filter((chunk) => chunk.feed === feed);
  const wrong = rowAmong(ofFeed, { file, row });
  if (wrong === undefined || catalog.get(feed)?.kind === 'snapshot') return undefined;
  const { key } = wrong.row;
  const later = ofFeed
    .filter(({ seq }) => seq > wrong.chunk.seq)
    .flatMap((chunk) => chunk.rows.filter((one) => one.key === key).map((one) => ({ chunk, one })))
    .filter(({ one }) => one.reversal === true || one.content !== wrong.row.content)
    .toSorted((a, b) => (a.chunk.seq < b.chunk.seq ? -1 : a.chunk.seq > b.chunk.seq ? 1 : a.one.row - b.one.row));
  const last = later.at(-1);
  if (last === undefined) return undefined;
  const counts = foldFacts(ofFeed, catalog).find((fact) => fact.key === key);
  return counts === undefined || differs(wrong.row, counts, field) ? last.chunk.file : undefined;
}

function differs(row: FactRow, counts: Pick<FactRow, 'fields' | 'sealed'>, field: string | undefined): boolean {
  if (field !== undefined) return row.fields[field] !== counts.fields[field];
  // Seals under different keys tell nothing of each other while the data key is being changed.
  const comparable = keyIdOf(row.sealed ?? '') === keyIdOf(counts.sealed ?? '');
  if (comparable && row.sealed !== counts.sealed) return true;
  const names = new Set([...Object.keys(row.fields), ...Object.keys(counts.fields)]);
  return [...names].some((name) => row.fields[name] !== counts.fields[name]);
}
