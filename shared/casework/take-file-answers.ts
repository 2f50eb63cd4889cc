import { matchAnswers } from '../assistance/match-answers.ts';
import { type HouseholdSources, knownHousehold } from '../registry/known-household.ts';
import { awaitsDepartments, type Case } from './case.ts';
import type { CaseRules } from './case-rules.ts';
import { type ChangeDeps, changeCase } from './change-case.ts';
import { answerByFile } from './steps.ts';

/** What finding answers in departments' files needs. */
export interface FileAnswerDeps extends ChangeDeps, HouseholdSources {
  readonly rules: CaseRules;
}

/**
 * Takes the answers that departments gave by file to the open referrals of a case. Answers how many there were. Safe to
 * repeat: an answer is known by its file and row.
 */
export async function takeFileAnswers(deps: FileAnswerDeps, listed: Case): Promise<number> {
  if (!awaitsDepartments(listed)) return 0;
  const known = await knownHousehold(deps, listed.household);
  const members = known.members.map(({ person }) => person);
  const awaited = listed.referrals.map((referral) => ({ case: listed.id, referral, members }));
  let taken = 0;
  for (const { referral, answer } of matchAnswers(awaited, known.facts)) {
    const made = await changeCase(deps, listed.id, (found) => ({
      change: answerByFile(found, referral, answer, { now: deps.clock.now(), rules: deps.rules }),
    }));
    if (made.change !== undefined) taken += 1;
  }
  return taken;
}
