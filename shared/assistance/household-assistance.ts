import { dateInChina } from '../calendar/plain-date.ts';
import { type AidAsked as AidOfAction, eventOf } from '../casework/act/aid.ts';
import type { Case } from '../casework/case.ts';
import type { GuardVerdict } from '../casework/case-rules.ts';
import type { CaseworkParameters } from '../casework/parameters.ts';
import type { Bilingual, Catalog } from '../catalog/feed.ts';
import { coverageOf } from '../facts/coverage.ts';
import type { Fact } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId, Member } from '../registry/household.ts';
import { membersOn } from '../registry/membership.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import type { Warning } from '../warnings/warning.ts';
import { assistanceChain } from './chain.ts';
import type { AssistanceChain } from './chain-line.ts';
import { guardAid } from './guard.ts';
import { type Offer, offersFor } from './offers.ts';
import { situationOf } from './situation.ts';

/** Where what a household was given is read. */
export interface AssistanceSources {
  readonly cases: Pick<CaseStore, 'ofHousehold'>;
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly catalog: Catalog;
  readonly clock: Clock;
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
  const [{ facts }, cases] = await Promise.all([peopleOf(sources, household), sources.cases.ofHousehold(household)]);
  return assistanceChain({ asOf: dateInChina(sources.clock.now()), cases, facts });
}

/** What may be put before the worker of a case: every measure held against the household as it is known today. */
export async function offersForCase(sources: OfferSources, found: Case): Promise<readonly Offer[]> {
  const { household, area, category } = found;
  const [{ members, facts }, cases, standings, deliveries] = await Promise.all([
    peopleOf(sources, household),
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
    coverage: coverageOf(deliveries),
    chain: assistanceChain({ asOf, cases, facts }),
    reasons: dimensionsOf(
      warnings.filter(({ id }) => found.warnings.includes(id)),
      sources.packsFor(area),
    ),
    urgent: found.grade.rank <= 1,
    told: { needs: [...new Set([...found.visits.flatMap(({ needs }) => needs), ...(found.application?.needs ?? [])])] },
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
  const [{ members, facts }, cases] = await Promise.all([peopleOf(sources, household), sources.cases.ofHousehold(household)]);
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

/** Members of today, and the facts of everybody who belongs or belonged to the household. */
async function peopleOf(
  { registry, facts, catalog, clock }: AssistanceSources,
  household: HouseholdId,
): Promise<{ readonly members: readonly Member[]; readonly facts: readonly Fact[] }> {
  const people = (await registry.membersOf([household])).get(household) ?? [];
  const chunks = await facts.ofPersons(people.map(({ person }) => person));
  return {
    members: membersOn(household, people, dateInChina(clock.now())),
    facts: [...chunks.values()].flatMap((own) => foldFacts(own, catalog)),
  };
}

/** Dimensions of what the warnings rest on, the weightiest first. */
function dimensionsOf(warnings: readonly Warning[], packs: readonly CompiledPack[]): readonly string[] {
  const dimensions = new Map(packs.flatMap(({ pack }) => pack.indicators.map(({ id, dimension }) => [id, dimension] as const)));
  const hits = warnings.flatMap(({ reasons }) => reasons.filter(({ result }) => result === 'hit'));
  const weight = (hit: (typeof hits)[number]) => (hit.trigger === undefined ? 0 : 1_000) + hit.points.low;
  return [...new Set(hits.toSorted((a, b) => weight(b) - weight(a)).flatMap(({ indicator }) => dimensions.get(indicator) ?? []))];
}

function joined(texts: readonly Bilingual[]): Bilingual {
  return { zh: texts.map(({ zh }) => zh).join('；'), en: texts.map(({ en }) => en).join('; ') };
}
