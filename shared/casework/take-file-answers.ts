import { matchAnswers } from '../assistance/match-answers.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import { foldFacts } from '../facts/fold.ts';
import type { Clock } from '../ports/clock.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import { membersOn } from '../registry/membership.ts';
import type { Case } from './case.ts';
import { hasEnded } from './case.ts';
import type { CaseRules } from './case-rules.ts';
import { type ChangeDeps, changeCase } from './change-case.ts';
import { answerByFile } from './steps.ts';

/** What finding answers in departments' files needs. */
export interface FileAnswerDeps extends ChangeDeps {
  readonly catalog: Catalog;
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly rules: CaseRules;
  readonly clock: Clock;
}

/**
 * Takes the answers that departments gave by file to the open referrals of a case. Answers how many there were. Safe to
 * repeat: an answer is known by its file and row.
 */
export async function takeFileAnswers(deps: FileAnswerDeps, listed: Case): Promise<number> {
  const open = listed.referrals.filter((referral) => !hasEnded(referral));
  if (listed.stage !== 'referral' || open.length === 0) return 0;
  const { household } = listed;
  const people = (await deps.registry.membersOf([household])).get(household) ?? [];
  const today = dateInChina(deps.clock.now());
  const members = membersOn(household, people, today).map(({ person }) => person);
  const chunks = await deps.facts.ofPersons(members);
  const facts = members.flatMap((person) => foldFacts(chunks.get(person) ?? [], deps.catalog));
  const awaited = listed.referrals.map((referral) => ({ case: listed.id, referral, members }));
  let taken = 0;
  for (const { referral, answer } of matchAnswers(awaited, facts)) {
    const made = await changeCase(deps, listed.id, (found) => ({
      change: answerByFile(found, referral, answer, { now: deps.clock.now(), rules: deps.rules }),
    }));
    if (made.change !== undefined) taken += 1;
  }
  return taken;
}
