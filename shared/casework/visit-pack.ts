import { discloseBirth } from '../access/masking.ts';
import { AccessError, allow } from '../access/policy.ts';
import { type Access, recordRead } from '../access/read-trail.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { HouseholdReading } from '../registry/household-reading.ts';
import { membersOn } from '../registry/membership.ts';
import { shownIdentity } from '../registry/shown-identity.ts';
import { presentAll } from '../warnings/read-warnings.ts';
import type { Case } from './case.ts';
import { actionCodes, needCodes, truthCodes } from './codes.ts';
import { type CaseLine, presentLine } from './present-case.ts';

/** Most cases of one pack, whose reading is one event that names them all; few villages have as many. */
const PACK_CASES = 200;

export interface VisitPackDeps extends HouseholdReading {
  readonly cases: Pick<CaseStore, 'list'>;
}

/** What a coordinator takes along for one village, to be worked without a signal. */
export interface VisitPack {
  readonly area: string;
  readonly madeAt: string;
  readonly visits: readonly {
    readonly case: CaseLine;
    /** Why this household, in words, the strongest reason first. */
    readonly reasons: readonly Bilingual[];
    readonly alreadyReceives: Bilingual;
    readonly members: readonly {
      readonly person: string;
      readonly name: string;
      readonly birth: string;
      readonly relation: string;
      readonly head: boolean;
    }[];
  }[];
  /** More cases of the village await a visit than the pack holds: those here come first, the next pack has what is then left. */
  readonly more: boolean;
  /** The codes the form offers. */
  readonly codes: {
    readonly truth: Readonly<Record<string, Bilingual>>;
    readonly needs: Readonly<Record<string, Bilingual>>;
    readonly actions: Readonly<Record<string, Bilingual>>;
  };
}

/**
 * The pack of one village: only its cases that await a visit, and of each only what the visit needs (no numbers, no files, no
 * diagnoses). Recorded as one read that names every household. Throws AccessError outside the reader's areas, or for more
 * than a village.
 */
export async function visitPack(deps: VisitPackDeps, access: Access, area: string): Promise<VisitPack> {
  const disclosure = allow(access.principal, 'cases.read', { area });
  if (area.length !== 12) throw new AccessError('area');
  const found = await deps.cases.list({ areas: [area], stages: ['visit'], order: 'urgent', limit: PACK_CASES + 1 });
  const cases = found.cases.slice(0, PACK_CASES);
  const households = cases.map(({ household }) => household);
  await recordRead(deps, access, 'cases.read', { area, households: households.join(' ') }, cases.length);
  const today = dateInChina(deps.clock.now());
  const [people, standings] = await Promise.all([deps.registry.membersOf(households), deps.standings.load(households)]);
  const members = new Map(
    cases.map(({ household }) => [household, membersOn(household, people.get(household) ?? [], today)] as const),
  );
  const sealed = await deps.vault.get([...members.values()].flat().map(({ person }) => person));
  const asked = new Set(cases.flatMap(({ warnings }) => warnings));
  const raised = [...standings.values()].flat().flatMap(({ warning }) => (warning && asked.has(warning.id) ? [warning] : []));
  const views = new Map((await presentAll(deps, raised)).map((view) => [view.id, view]));
  const shown = (one: Case): VisitPack['visits'][number] => {
    const warnings = one.warnings.flatMap((id) => views.get(id) ?? []);
    return {
      case: presentLine(one),
      reasons: warnings.flatMap(({ reasons }) => reasons.filter(({ result }) => result === 'hit').map(({ text }) => text)),
      alreadyReceives: warnings[0]?.alreadyReceives ?? { zh: '', en: '' },
      members: (members.get(one.household) ?? []).map(({ person, birth, membership }) => {
        return {
          person,
          name: shownIdentity(deps.sealer, sealed.get(person), disclosure).name,
          birth: discloseBirth(birth, disclosure),
          relation: membership.relation,
          head: membership.head,
        };
      }),
    };
  };
  return {
    area,
    madeAt: deps.clock.now(),
    visits: cases.map(shown),
    more: found.cases.length > cases.length,
    codes: { truth: truthCodes, needs: needCodes, actions: actionCodes },
  };
}
