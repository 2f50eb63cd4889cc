import type { Catalog } from '../catalog/feed.ts';
import type { Fact, FactChunk } from '../facts/fact.ts';

/** Where a row places a person: a fact, or what is left of one that was deleted. */
export type Placing = Pick<Fact, 'feed' | 'seq' | 'person' | 'area' | 'areaAssumed'>;

/**
 * Best known area code of a household: what the declaration to civil affairs says, else the police register, else any
 * other row, else the place of first registration in an identity number, which is only a guess. Within a rank the latest
 * file's word counts. Empty when nothing is known.
 */
export function areaOf(placings: readonly Placing[], catalog: Catalog): string {
  return bestPlacing(placings, catalog)?.area ?? '';
}

/** The placing that says where a household is. */
export function bestPlacing(placings: readonly Placing[], catalog: Catalog): Placing | undefined {
  let best = '';
  let found: Placing | undefined;
  for (const placing of placings) {
    if (placing.area === undefined) continue;
    const basis = catalog.get(placing.feed)?.household?.basis;
    const rank = placing.areaAssumed ? 0 : basis === 'declared' ? 3 : basis === 'registered' ? 2 : 1;
    const claim = `${rank} ${placing.seq} ${placing.person} ${placing.area}`;
    if (claim > best) {
      best = claim;
      found = placing;
    }
  }
  return found;
}

/** All that places people: their facts, and where rows placed them that were deleted. */
export function placingsOf(facts: readonly Fact[], chunks: readonly FactChunk[]): readonly Placing[] {
  const left = chunks.flatMap(({ feed, person, deleted }) =>
    deleted?.place === undefined ? [] : [{ feed, person, ...deleted.place }],
  );
  return left.length === 0 ? facts : [...facts, ...left];
}
