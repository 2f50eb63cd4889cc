import { assistanceChain } from '../../../shared/assistance/chain.ts';
import { isOffered, type Offer, offersFor } from '../../../shared/assistance/offers.ts';
import { type SituationInput, situationOf } from '../../../shared/assistance/situation.ts';
import { type CaseworkParameters, DEFAULTS_ONLY, LIVING_STANDARD } from '../../../shared/casework/parameters.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { coverageUpTo, day } from '../scoring/household-builder.ts';

/** The n-th member of an invented family. */
export function person(n: number): PersonKey {
  return `${n}e`.repeat(16) as PersonKey;
}

/** The local standard as an area enters it, yuan a person and month. */
export function withStandard(yuan: number): CaseworkParameters {
  const basis = { zh: '测试', en: 'test' };
  return { ...DEFAULTS_ONLY, amounts: [{ name: LIVING_STANDARD, value: yuan * 100, area: '', from: day('2020-01-01'), basis }] };
}

/** The offers to a family of which every feed is up to date, unless parts say otherwise. */
export function offersTo(
  part: Pick<SituationInput, 'members' | 'category' | 'facts'> & Partial<SituationInput> & { readonly on: string },
): readonly Offer[] {
  const asOf = day(part.on);
  const situation = situationOf({
    asOf,
    area: '411122103201',
    catalog,
    coverage: coverageUpTo(asOf),
    chain: assistanceChain({ asOf, cases: [], facts: part.facts }),
    reasons: [],
    parameters: withStandard(600),
    ...part,
  });
  return offersFor(situation, catalog);
}

/** The offers by a measure, of one person when one is named. */
export function offersBy(offers: readonly Offer[], measure: string, who?: PersonKey): readonly Offer[] {
  return offers.filter((offer) => offer.measure === measure && (who === undefined || offer.person === who));
}

/** Outcome of a measure: the best any member has. */
export function outcomeOf(offers: readonly Offer[], measure: string, who?: PersonKey): string | undefined {
  return offersBy(offers, measure, who)[0]?.outcome;
}

export function offeredIds(offers: readonly Offer[]): readonly string[] {
  return [...new Set(offers.filter(isOffered).map(({ measure }) => measure))];
}
