import type { Catalog } from '../catalog/feed.ts';
import type { Fact } from '../facts/fact.ts';

/**
 * Best known area code of a household: what the declaration to civil affairs says, else the police register, else any
 * other row, else the place of first registration in an identity number, which is only a guess. Within a rank the latest
 * file's word counts. Empty when nothing is known.
 */
export function areaOf(facts: readonly Fact[], catalog: Catalog): string {
  let best = '';
  let area = '';
  for (const fact of facts) {
    if (fact.area === undefined) continue;
    const basis = catalog.get(fact.feed)?.household?.basis;
    const rank = fact.areaAssumed ? 0 : basis === 'declared' ? 3 : basis === 'registered' ? 2 : 1;
    const claim = `${rank} ${fact.seq} ${fact.person} ${fact.area}`;
    if (claim > best) {
      best = claim;
      area = fact.area;
    }
  }
  return area;
}
