import type { WrongRow } from '../corrections/notice.ts';
import type { PersonKey } from '../facts/fact.ts';
import { type ChangeWords, changeNote, type Worded } from '../registry/sealed-words.ts';
import type {
  Aid,
  Application,
  Case,
  CaseDecision,
  CaseId,
  ClosureProposal,
  Commitment,
  EconomicCheck,
  HistoryEntry,
  Referral,
  Visit,
} from './case.ts';

/** A seal belongs to somebody; that of a case's words and attachments to the case, so that it cannot be moved to another. */
export function sealedFor(id: CaseId): PersonKey {
  return id as string as PersonKey;
}

/**
 * What people write in cases: notes, statements, what was declared and checked, who went. It may name anybody and tell
 * anything; all else of a case is codes, sums and days.
 */
export const caseWords: Worded<Case> = {
  about: ({ id }) => sealedFor(id),
  changeWords: (one, change) => ({
    ...one,
    ...(one.application && { application: applicationWords(one.application, change) }),
    proposals: one.proposals.map((proposal) => proposalWords(proposal, change)),
    visits: one.visits.map((visit) => visitWords(visit, change)),
    decisions: one.decisions.map((decision) => decisionWords(decision, change)),
    referrals: one.referrals.map((referral) => referralWords(referral, change)),
    aids: one.aids.map((aid) => aidWords(aid, change)),
    history: one.history.map((entry): HistoryEntry => changeNote(entry, change)),
    ...(one.outcome && { outcome: changeNote(one.outcome, change) }),
  }),
};

function rowsNoted<Row extends WrongRow>(rows: readonly Row[], change: ChangeWords): readonly Row[] {
  return rows.map((row) => changeNote(row, change));
}

function proposalWords(proposal: ClosureProposal, change: ChangeWords): ClosureProposal {
  const { answer } = proposal;
  if (answer?.wrongRows === undefined) return proposal;
  return { ...proposal, answer: { ...answer, wrongRows: rowsNoted(answer.wrongRows, change) } };
}

function visitWords(visit: Visit, change: ChangeWords): Visit {
  return {
    ...visit,
    investigators: visit.investigators.map(change),
    members: visit.members.map((member) =>
      member.correction === undefined ? member : { ...member, correction: change(member.correction) },
    ),
    ...(visit.notes === undefined ? undefined : { notes: change(visit.notes) }),
    ...(visit.chosen && { chosen: { ...visit.chosen, note: change(visit.chosen.note) } }),
  };
}

function decisionWords(decision: CaseDecision, change: ChangeWords): CaseDecision {
  const { wrongRows } = decision;
  return { ...changeNote(decision, change), ...(wrongRows && { wrongRows: rowsNoted(wrongRows, change) }) };
}

function referralWords(referral: Referral, change: ChangeWords): Referral {
  const ask = change(referral.ask);
  return { ...referral, ask, answers: referral.answers.map((answer) => changeNote(answer, change)) };
}

function aidWords(aid: Aid, change: ChangeWords): Aid {
  return aid.guardOverride === undefined ? aid : { ...aid, guardOverride: change(aid.guardOverride) };
}

function applicationWords({ commitment, check, ...rest }: Application, change: ChangeWords): Application {
  return {
    ...rest,
    statement: change(rest.statement),
    ...(commitment && { commitment: commitmentWords(commitment, change) }),
    ...(check && { check: checkWords(check, change) }),
  };
}

function commitmentWords(commitment: Commitment, change: ChangeWords): Commitment {
  const { waived, declared, corrections } = commitment;
  return {
    ...commitment,
    waived: waived.map(({ code, title }) => ({
      code: change(code),
      title: { zh: change(title.zh), en: change(title.en) },
    })),
    declared: itemsNamed(declared, change),
    ...(corrections && {
      corrections: corrections.map((one) => ({ ...changeNote(one, change), before: itemsNamed(one.before, change) })),
    }),
  };
}

/** What was declared, item by item; the items are named by the family too. */
function itemsNamed<Said extends string | number | null>(
  items: Readonly<Record<string, Said | string>>,
  change: ChangeWords,
): Readonly<Record<string, Said | string>> {
  return Object.fromEntries(Object.entries(items).map(([item, said]) => [change(item), saidOf(said, change)]));
}

function saidOf<Said>(said: Said | string, change: ChangeWords): Said | string {
  return typeof said === 'string' ? change(said) : said;
}

function checkWords(check: EconomicCheck, change: ChangeWords): EconomicCheck {
  return {
    ...check,
    items: check.items.map(({ item, declared, found, verdict }) => ({
      item: change(item),
      ...(declared === undefined ? undefined : { declared: saidOf(declared, change) }),
      found: found.kind === 'value' ? { ...found, value: saidOf(found.value, change) } : found,
      verdict,
    })),
  };
}
