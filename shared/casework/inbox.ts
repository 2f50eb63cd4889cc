import { discloseWords } from '../access/masking.ts';
import { allow, type Disclosure } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import type { IdentityVault } from '../ports/identity-vault.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membersOn } from '../registry/membership.ts';
import type { Sealer } from '../registry/sealing.ts';
import { shownIdentity } from '../registry/shown-identity.ts';
import { type Case, hasEnded, type Light, type Referral } from './case.ts';
import { isRunning, lightAt } from './clocks.ts';
import { presentReferral, type ReferralView } from './present-case.ts';

/** What reading an inbox needs. */
export interface InboxReading extends ReadTrail {
  readonly cases: Pick<CaseStore, 'list'>;
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly vault: Pick<IdentityVault, 'get'>;
  readonly sealer: Sealer;
}

/** A referral as its department finds it: what is asked for whom, by when; nothing else of the case. */
export interface InboxItem extends ReferralView {
  readonly case: string;
  readonly area: string;
  /** The person it is for, or the head of the household. */
  readonly subject: { readonly name: string; readonly number: string | null };
  readonly dueAt: string | null;
  readonly light: Light;
}

/**
 * The referrals a department has not answered for good, those due soonest first, within the handler's areas. Recorded as one
 * read that names every household.
 */
export async function readInbox(
  deps: InboxReading,
  access: Access,
  asked: { readonly department: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly items: readonly InboxItem[]; readonly next?: string }> {
  const { principal } = access;
  const disclosure = allow(principal, 'inbox.read', { department: asked.department });
  const page = await deps.cases.list({ ...asked, areas: principal.areas, order: 'due' });
  const households = page.cases.map(({ household }) => household);
  await recordRead(
    deps,
    access,
    'inbox.read',
    { department: asked.department, households: households.join(' ') },
    households.length,
  );
  const heads = await headsOf(deps, households);
  const waiting = page.cases.flatMap((one) =>
    one.referrals
      .filter((referral) => referral.department === asked.department && referral.status !== 'to-send' && !hasEnded(referral))
      .map((referral) => ({ one, referral, person: referral.person ?? heads.get(one.household) })),
  );
  const sealed = await deps.vault.get(waiting.flatMap(({ person }) => person ?? []));
  const subjectOf = (person: PersonKey | undefined) =>
    shownIdentity(deps.sealer, person === undefined ? undefined : sealed.get(person), disclosure);
  const items = waiting.map(({ one, referral, person }) => itemOf(deps, one, referral, subjectOf(person), disclosure));
  return page.next === undefined ? { items } : { items, next: page.next };
}

async function headsOf(
  { registry, clock }: InboxReading,
  households: readonly HouseholdId[],
): Promise<ReadonlyMap<HouseholdId, PersonKey>> {
  const today = dateInChina(clock.now());
  const people = await registry.membersOf(households);
  const heads = new Map<HouseholdId, PersonKey>();
  for (const [household, registrations] of people) {
    const members = membersOn(household, registrations, today);
    const head = members.find(({ membership }) => membership.head) ?? members[0];
    if (head !== undefined) heads.set(household, head.person);
  }
  return heads;
}

function itemOf(
  { clock }: InboxReading,
  one: Case,
  referral: Referral,
  subject: InboxItem['subject'],
  disclosure: Disclosure,
): InboxItem {
  const running = one.clocks.find((clock) => clock.referral === referral.id && isRunning(clock));
  return {
    ...presentReferral(referral, (text) => discloseWords(text, disclosure)),
    case: one.id,
    area: one.area,
    subject,
    dueAt: running?.redAt ?? null,
    light: running === undefined ? 'green' : lightAt(running, clock.now()),
  };
}
