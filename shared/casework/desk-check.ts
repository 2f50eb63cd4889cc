import { dateInChina } from '../calendar/plain-date.ts';
import { yuanText } from '../scoring/value-text.ts';
import type { ClosureProposal } from './case.ts';
import { type ClosureCode, closureCodes } from './codes.ts';
import {
  type AssetFound,
  type DeskCheckInput,
  distinctRows,
  type Grounds,
  groundsOf,
  type HelpGiven,
} from './desk-check-input.ts';
import { proposePaidBack } from './desk-check-money.ts';
import { proposeDead, proposeMoved } from './desk-check-people.ts';

/**
 * Looks at a new case from the desk, before anybody walks to a door: what is already known that would make the visit
 * needless. Each finding is a proposal with its figures and rows; a person confirms or dismisses it, nothing closes by
 * itself. What is not known proposes nothing. Pure; at most one proposal of each code, in the order of the codes.
 */
export function deskCheck(input: DeskCheckInput): readonly ClosureProposal[] {
  const grounds = groundsOf(input);
  const found = [
    proposeDead(input, grounds),
    proposeMoved(input, grounds),
    proposeServed(input, grounds),
    proposePaidBack(input, grounds),
    proposeMerged(input, grounds),
    proposeOverLimit(input),
    proposeTakenBack(input),
  ].filter((proposal) => proposal !== undefined);
  const order = Object.keys(closureCodes) as readonly ClosureCode[];
  return found.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

/**
 * Helped for this event already: the help names one of the case's warnings or facts, or it was given after the last row the
 * reasons rest on. Help of the same day does not count: medical aid paid with the bill is taken off the bill already.
 */
function proposeServed(input: DeskCheckInput, { evidence }: Grounds): ClosureProposal | undefined {
  const last = evidence.map(({ date }) => date).reduce<string>((a, b) => (a > b ? a : b), '');
  const events = new Set<string>([...input.warnings.map(({ id }) => id), ...factKeys(input, evidence)]);
  const answers = (help: HelpGiven) =>
    (help.event !== undefined && events.has(help.event)) || (last !== '' && help.date > last && help.date <= input.asOf);
  const served = (input.helped ?? []).filter(answers).toSorted((a, b) => (a.date < b.date ? -1 : 1));
  if (served.length === 0) return undefined;
  return {
    code: 'already-served',
    text: {
      zh: `同一事项已救助：${served.map(helpText('zh')).join('；')}`,
      en: `Helped for the same event already: ${served.map(helpText('en')).join('; ')}`,
    },
    evidence: distinctRows(served.flatMap(({ row }) => row ?? [])),
  };
}

function factKeys({ chunks }: DeskCheckInput, evidence: Grounds['evidence']): readonly string[] {
  const rows = new Set(evidence.map(({ person, feed, file, row }) => `${person} ${feed} ${file} ${row}`));
  return chunks.flatMap(({ person, feed, file, rows: all }) =>
    all.filter(({ row }) => rows.has(`${person} ${feed} ${file} ${row}`)).map(({ key }) => key),
  );
}

function helpText(language: 'zh' | 'en') {
  return ({ date, title, amount }: HelpGiven): string => {
    if (amount === undefined) return `${date} ${title[language]}`;
    return `${date} ${title[language]} ${yuanText(amount)}${language === 'zh' ? '元' : ' yuan'}`;
  };
}

/**
 * Everybody the reasons are about is in an open case of another household. Only the younger case gives way, so that two
 * cases never close each other.
 */
function proposeMerged(input: DeskCheckInput, { persons }: Grounds): ClosureProposal | undefined {
  const { id, openedAt } = input.case;
  const older = (input.otherCases ?? []).filter(
    (other) => other.household !== input.household && (other.openedAt === openedAt ? other.id < id : other.openedAt < openedAt),
  );
  const holding = older.filter((other) => other.persons.some((person) => persons.includes(person)));
  const held = persons.filter((person) => holding.some((other) => other.persons.includes(person)));
  if (persons.length === 0 || held.length < persons.length) return undefined;
  const ids = holding.map((other) => other.id).toSorted();
  return {
    code: 'merged-with-case',
    text: {
      zh: `依据所涉${persons.length}人已在办件${ids.join('、')}中`,
      en: `All ${persons.length} the reasons are about are in the open case ${ids.join(', ')}`,
    },
    evidence: [],
  };
}

function proposeOverLimit({ assets = [] }: DeskCheckInput): ClosureProposal | undefined {
  const over = assets.filter(({ value, line }) => value > line);
  if (over.length === 0) return undefined;
  const figure = ({ unit }: AssetFound, value: number) => (unit === 'fen' ? yuanText(value) : String(value));
  const yuan = ({ unit }: AssetFound, word: string) => (unit === 'fen' ? word : '');
  return {
    code: 'over-asset-limit',
    text: {
      zh: over
        .map(
          (one) => `${one.title.zh}${figure(one, one.value)}${yuan(one, '元')}，超过${figure(one, one.line)}${yuan(one, '元')}`,
        )
        .join('；'),
      en: over
        .map((one) => `${one.title.en} ${figure(one, one.value)}${yuan(one, ' yuan')}, above ${figure(one, one.line)}`)
        .join('; '),
    },
    evidence: distinctRows(over.flatMap(({ row }) => row ?? [])),
  };
}

/** Every warning of the case was withdrawn because a department corrected its data. */
function proposeTakenBack({ warnings }: DeskCheckInput): ClosureProposal | undefined {
  const corrected = warnings.filter(({ withdrawal }) => withdrawal === 'reason-taken-back');
  if (corrected.length === 0 || warnings.some(({ status }) => status !== 'withdrawn')) return undefined;
  const last = dateInChina(corrected.map(({ changedAt }) => changedAt).reduce((a, b) => (a > b ? a : b)));
  return {
    code: 'reason-taken-back',
    text: {
      zh: `部门更正数据后，${corrected.length}条预警均已撤回（${last}）`,
      en: `The department corrected its data and ${corrected.length} warnings were withdrawn (${last})`,
    },
    evidence: distinctRows(corrected.flatMap(({ reasons }) => reasons.flatMap(({ evidence }) => evidence))),
  };
}
