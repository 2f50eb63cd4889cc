import { type DomainEvent, type EventType, type EventValue, linesOf } from '../audit/event.ts';
import { monthOf, type Period } from '../calendar/period.ts';
import {
  dateInChina,
  type Instant,
  type PlainDate,
  parseInstant,
  parsePlainDate,
  possibleDateInChina,
} from '../calendar/plain-date.ts';
import { trueFindings } from '../casework/codes.ts';

/** Something counted: an amount under a name, of a month, for areas. Names are paths, e.g. `closed/helped-new`, `limits/visit/late`. */
export interface Tally {
  /** Every area it counts for, each once: province, prefecture, county, township, and `''` for the whole deployment. */
  readonly areas: readonly string[];
  readonly month: Period;
  readonly name: string;
  /** A count; fen under `help/fen`. */
  readonly amount: number;
}

/** What each kind of event adds; the others add nothing. */
const counters: Partial<Readonly<Record<EventType, (event: DomainEvent) => readonly Tally[]>>> = {
  'file.taken': ofFile,
  'file.refused': ofFile,
  'warning.opened': ofWarning,
  'warning.reopened': ofWarning,
  'warning.withdrawn': (event) => counted(event, ['warnings-withdrawn']),
  'case.opened': (event) => counted(event, [`cases/${text(event.data['source'])}`]),
  'case.joined': ofDeed,
  'case.acted': ofDeed,
  'case.stepped': ofDeed,
  'case.closed': ofEnd,
};

/** Tells from the text of an event (`eventText`) whether it is counted, so that the others need not even be read. */
export const COUNTED_EVENTS = new RegExp(`"type":"(?:${Object.keys(counters).join('|').replaceAll('.', '\\.')})"\\}$`);

/**
 * What an event adds to the counts a dashboard shows. Visits belong to the month they took place in and help to the month it
 * was given in, as in the reports; anything else to the month it was written in. Amounts are only ever added.
 */
export function talliesOf(event: DomainEvent): readonly Tally[] {
  return counters[event.type]?.(event) ?? [];
}

function ofWarning(event: DomainEvent): readonly Tally[] {
  return counted(event, [`warnings/${text(event.data['grade'])}`]);
}

function ofEnd(event: DomainEvent): readonly Tally[] {
  const outcome = text(event.data['outcome']);
  const rules = text(event.data['indicators']).split(' ').filter(Boolean);
  return counted(event, [`closed/${outcome}`, ...rules.map((rule) => `rules/${rule}/${outcome}`)]);
}

function ofFile({ type, at, data }: DomainEvent): readonly Tally[] {
  const month = monthOf(dateInChina(at));
  const [due, took] = [text(data['due']), dateInChina(at)];
  const told: readonly (readonly [string, number])[] =
    type === 'file.refused'
      ? [['files/refused', 1]]
      : [
          [due !== '' && took > due ? 'files/late' : 'files/in-time', 1],
          ['rows/read', whole(data['read'])],
          ['rows/accepted', whole(data['accepted'])],
          ['rows/rejected', whole(data['rejected'])],
        ];
  // A file names the counties its rows are of, or `*`; one that nobody could read names none.
  const named = text(data['areas']).replace('*', '').split(' ');
  const areas = [...new Set(named.flatMap(areasAbove))];
  return told.map(([name, amount]) => ({ areas, month, name, amount }));
}

function ofDeed(event: DomainEvent): readonly Tally[] {
  const { at, data } = event;
  const areas = areasAbove(text(data['area']));
  const stopped = linesOf(data['stopped']).map(([step, , , due]) => `limits/${step}/${at <= String(due) ? 'in-time' : 'late'}`);
  const asked = linesOf(data['asked']).map(() => 'referrals/sent');
  const given = linesOf(data['given']).flatMap(([, , , fen, , date]): readonly Tally[] => {
    const month = monthIn(parsePlainDate(String(date)), at);
    return [
      { areas, month, name: 'help/times', amount: 1 },
      { areas, month, name: 'help/fen', amount: whole(fen) },
    ];
  });
  return [...counted(event, [...stopped, ...asked]), ...visitIn(event), ...given];
}

function visitIn({ at, data }: DomainEvent): readonly Tally[] {
  if (data['action'] !== 'record-visit') return [];
  const visited = parseInstant(text(data['visited']));
  if (visited === undefined) return [];
  const tally = { areas: areasAbove(text(data['area'])), month: monthIn(possibleDateInChina(visited), at), amount: 1 };
  const isTrue = trueFindings.some((code) => code === data['truth']);
  return [{ ...tally, name: 'visits/made' }, ...(isTrue ? [{ ...tally, name: 'visits/found-true' }] : [])];
}

/**
 * The month of a day; of one beyond the calendar, as a phone or a slip of the pen once gave it, the month it was written in. What was
 * done is counted, and what is archived after it too: an event that cannot be counted would stop all counting.
 */
function monthIn(day: PlainDate | undefined, written: Instant): Period {
  return monthOf(day ?? dateInChina(written));
}

function counted({ at, data }: { readonly at: Instant; readonly data: DomainEvent['data'] }, names: readonly string[]) {
  const [areas, month] = [areasAbove(text(data['area'])), monthOf(dateInChina(at))];
  return names.map((name): Tally => ({ areas, month, name, amount: 1 }));
}

/** Digits of the areas counts are kept for: province, prefecture, county, township. */
const LEVELS = [2, 4, 6, 9] as const;

/** The areas that what happened in an area counts for. */
function areasAbove(area: string): readonly string[] {
  return ['', ...LEVELS.filter((level) => level <= area.length).map((level) => area.slice(0, level))];
}

/** Whether counts are kept for areas of this many digits. */
export function isCountedArea(area: string): boolean {
  return area === '' || LEVELS.some((level) => level === area.length);
}

/** The area right above one that counts are kept for; undefined for the whole deployment. */
export function areaAbove(area: string): string | undefined {
  return area === '' ? undefined : areasAbove(area.slice(0, -1)).at(-1);
}

/** What counts for one area in one month. */
export interface PlaceTallies<T extends Tally> {
  readonly area: string;
  readonly month: Period;
  readonly tallies: readonly T[];
}

/** Tallies by the area and month they count for. */
export function byPlace<T extends Tally>(tallies: readonly T[]): readonly PlaceTallies<T>[] {
  const places = new Map<string, PlaceTallies<T> & { readonly tallies: T[] }>();
  for (const tally of tallies) {
    const { month } = tally;
    for (const area of tally.areas) {
      const place = `${area} ${month}`;
      const there = places.get(place);
      if (there === undefined) places.set(place, { area, month, tallies: [tally] });
      else there.tallies.push(tally);
    }
  }
  return [...places.values()];
}

/** Counts with tallies added. */
export function withAdded(counts: Readonly<Record<string, number>>, tallies: readonly Tally[]): Readonly<Record<string, number>> {
  const sums = { ...counts };
  for (const { name, amount } of tallies) sums[name] = (sums[name] ?? 0) + amount;
  return sums;
}

function text(value: EventValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function whole(value: EventValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
