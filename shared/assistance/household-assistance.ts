import { dateInChina } from '../calendar/plain-date.ts';
import { type AidAsked as AidOfAction, eventOf } from '../casework/act/aid.ts';
import type { Case } from '../casework/case.ts';
import type { GuardVerdict } from '../casework/case-rules.ts';
import type { CaseworkParameters } from '../casework/parameters.ts';
import type { Bilingual } from '../catalog/feed.ts';
import { coverageOfList } from '../facts/coverage.ts';
import type { Fact } from '../facts/fact.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId } from '../registry/household.ts';
import { type HouseholdSources, knownHousehold } from '../registry/known-household.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import type { Warning } from '../warnings/warning.ts';
import { assistanceChain } from './chain.ts';
import type { AssistanceChain } from './chain-line.ts';
import { guardAid } from './guard.ts';
import { type Offer, offersFor } from './offers.ts';
import { situationOf } from './situation.ts';
import { toldIn } from './told.ts';

/** Where what a household was given is read. */
export interface AssistanceSources extends HouseholdSources {
  readonly cases: Pick<CaseStore, 'ofHousehold'>;
}

/** Where what fits a household is read beside it. */
export interface OfferSources extends AssistanceSources {
  readonly standings: Pick<StandingStore, 'load'>;
  readonly files: Pick<FileRegister, 'deliveries'>;
  readonly parameters: CaseworkParameters;
  readonly packsFor: (area: string) => readonly CompiledPack[];
}

/** The assistance chain of a household as it is known now: what its cases tell and what departments told of its members. */
export async function chainOf(sources: AssistanceSources, household: HouseholdId): Promise<AssistanceChain> {
  const { facts } = await knownHousehold(sources, household);
  return chainWith(sources, household, facts);
}

/** The assistance chain of a household whose people's facts are read already. */
export async function chainWith(
  { cases, clock }: Pick<AssistanceSources, 'cases' | 'clock'>,
  household: HouseholdId,
  facts: readonly Fact[],
): Promise<AssistanceChain> {
  return assistanceChain({ asOf: dateInChina(clock.now()), cases: await cases.ofHousehold(household), facts });
}

/** What may be put before the worker of a case: every measure held against the household as it is known today. */
export async function offersForCase(sources: OfferSources, found: Case): Promise<readonly Offer[]> {
  const { household, area, category } = found;
  const [{ members, facts }, cases, standings, deliveries] = await Promise.all([
    knownHousehold(sources, household),
    sources.cases.ofHousehold(household),
    sources.standings.load([household]),
    sources.files.deliveries(),
  ]);
  const asOf = dateInChina(sources.clock.now());
  const warnings = (standings.get(household) ?? []).flatMap(({ warning }) => warning ?? []);
  const situation = situationOf({
    asOf,
    area,
    category,
    members,
    facts,
    catalog: sources.catalog,
    coverage: coverageOfList(deliveries),
    chain: assistanceChain({ asOf, cases, facts }),
    reasons: dimensionsOf(
      warnings.filter(({ id }) => found.warnings.includes(id)),
      sources.packsFor(area),
    ),
    urgent: found.grade.rank <= 1,
    told: toldIn(found),
    parameters: sources.parameters,
  });
  return offersFor(situation, sources.catalog);
}

/**
 * The double-aid guard over the chain of a case's household: a verdict on each aid, in order. What one request gives before
 * counts for what it gives after.
 */
export async function guardOver(
  sources: AssistanceSources & Pick<OfferSources, 'parameters'>,
  found: Case,
  asked: readonly AidOfAction[],
): Promise<readonly GuardVerdict[]> {
  const { household, area } = found;
  const [{ members, facts }, cases] = await Promise.all([
    knownHousehold(sources, household),
    sources.cases.ofHousehold(household),
  ]);
  const asOf = dateInChina(sources.clock.now());
  const others = cases.filter(({ id }) => id !== found.id);
  const event = eventOf(found);
  return asked.map((aid, index) => {
    const before = asked.slice(0, index).map((one, at) => ({ ...one, id: `asked-${at}`, by: '', event }));
    const chain = assistanceChain({ asOf, cases: [...others, { ...found, aids: [...found.aids, ...before] }], facts });
    const { verdict, reasons } = guardAid({ ...aid, event }, chain, {
      area,
      persons: members.length,
      parameters: sources.parameters,
    });
    if (verdict === 'ok') return { verdict };
    return { verdict: verdict === 'warn' ? 'warns' : 'refuses', reason: joined(reasons.map(({ text }) => text)) };
  });
}

/** Dimensions of what the warnings rest on, the weightiest first. */
function dimensionsOf(warnings: readonly Warning[], packs: readonly CompiledPack[]): readonly string[] {
  const dimensions = new Map(packs.flatMap(({ pack }) => pack.indicators.map(({ id, dimension }) => [id, dimension] as const)));
  const hits = warnings.flatMap(({ reasons }) => reasons.filter(({ result }) => result === 'hit'));
  const weight = (hit: (typeof hits)[number]) => (hit.trigger === undefined ? 0 : 1_000) + hit.points.low;
  return [...new Set(hits.toSorted((a, b) => weight(b) - weight(a)).flatMap(({ indicator }) => dimensions.get(indicator) ?? []))];
}

function joined(texts: readonly Bilingual[]): Bilingual {
  return { zh: `${texts.map(({ zh }) => zh).join('；')}。`, en: `${texts.map(({ en }) => en).join('; ')}.` };
}
