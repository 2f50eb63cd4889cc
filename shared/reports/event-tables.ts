import { type EventType, eventTypesOf } from '../audit/event.ts';

/**
 * The tables that queries of reports read, as one description from which each engine makes its own definitions: DuckDB's in
 * shared/adapters/duckdb, Athena's beside it. docs/reports.md lists them with their columns.
 */

/** What every event has. `day` and `time` are China's; `dated` is the day it belongs to (docs/reports.md, closed periods). */
export type EventField = 'number' | 'moment' | 'day' | 'time' | 'dated' | 'actor';

/** How a stored value is read: as text, whole number, yes or no, or, of a moment, the day in China. */
export type ReadAs = 'text' | 'whole' | 'yes-no' | 'day-in-china';

/** Where a value stands in an event. What is not there, or not of its kind, is null. */
export type ValueSource =
  | { readonly kind: 'event'; readonly field: EventField }
  /** The kind of event, without what stands before its point: `opened` of `warning.opened`. */
  | { readonly kind: 'change' }
  | { readonly kind: 'data'; readonly name: string; readonly as: ReadAs }
  | { readonly kind: 'subject'; readonly name: string }
  /** The first of several ids the event is about that is there; else the empty text. */
  | { readonly kind: 'subjects'; readonly names: readonly string[] }
  /** The first cell of every line of a list the event states, parted by blanks; the empty text without the list. */
  | { readonly kind: 'first-cells'; readonly list: string };

/** A cell of the line a row was made of; with `emptyIsNull` the empty text is null. */
export interface CellSource {
  readonly kind: 'cell';
  readonly index: number;
  readonly as: 'text' | 'whole';
  readonly emptyIsNull?: true;
}

/** A table with a row for each event, or for each line of a short table the event states. */
export interface EventTable {
  readonly kind: 'events';
  /** Only events of these kinds; without it, of every kind. */
  readonly types?: readonly EventType[];
  /** Only events that state or are about these; the columns they stand in are never null. */
  readonly having?: readonly ValueSource[];
  /** Name of a list in the event's data: a row for each of its lines. */
  readonly lines?: string;
  readonly columns: Readonly<Record<string, ValueSource | CellSource>>;
}

/** A table with a row for each word of a column of another, which holds words parted by blanks. */
export interface WordTable {
  readonly kind: 'words';
  readonly of: string;
  readonly column: string;
  /** What the word is called. */
  readonly as: string;
  /** Stands for no words at all; without it such a row is left out. */
  readonly none?: string;
  /** Columns kept of the other table. */
  readonly keep: readonly string[];
}

const event = (field: EventField): ValueSource => ({ kind: 'event', field });
const text = (name: string): ValueSource => ({ kind: 'data', name, as: 'text' });
const whole = (name: string): ValueSource => ({ kind: 'data', name, as: 'whole' });
const yesNo = (name: string): ValueSource => ({ kind: 'data', name, as: 'yes-no' });
const about = (name: string): ValueSource => ({ kind: 'subject', name });
const cell = (index: number): CellSource => ({ kind: 'cell', index, as: 'text' });
const wholeCell = (index: number): CellSource => ({ kind: 'cell', index, as: 'whole' });
const cellUnlessEmpty = (index: number): CellSource => ({ kind: 'cell', index, as: 'text', emptyIsNull: true });
const change: ValueSource = { kind: 'change' };

const EVENT = {
  number: event('number'),
  moment: event('moment'),
  day: event('day'),
  time: event('time'),
  dated: event('dated'),
  actor: event('actor'),
};
const CASE = { case_id: about('case'), household: about('household') };

/** Every table by its name. */
export const eventTables: Readonly<Record<string, EventTable | WordTable>> = {
  warning_events: {
    kind: 'events',
    types: eventTypesOf('warning.'),
    columns: {
      ...EVENT,
      household: about('household'),
      warning: about('warning'),
      change,
      family: text('family'),
      grade: text('grade'),
      area: text('area'),
      category: text('category'),
      low: whole('low'),
      high: whole('high'),
      pack: text('pack'),
      pack_version: text('packVersion'),
      reason: text('reason'),
      outcome: text('outcome'),
      indicators: { kind: 'first-cells', list: 'hits' },
    },
  },
  warning_hits: {
    kind: 'events',
    lines: 'hits',
    columns: {
      number: event('number'),
      day: event('day'),
      dated: event('dated'),
      household: about('household'),
      warning: about('warning'),
      area: text('area'),
      indicator: cell(0),
      value: wholeCell(1),
      points: wholeCell(2),
      feeds: cell(3),
    },
  },
  warning_feeds: {
    kind: 'words',
    of: 'warning_hits',
    column: 'feeds',
    as: 'feed',
    none: '-',
    keep: ['number', 'warning', 'indicator'],
  },
  assessments: {
    kind: 'events',
    types: ['household.assessed'],
    columns: {
      ...EVENT,
      household: about('household'),
      area: text('area'),
      family: text('family'),
      grade: text('grade'),
      pack: text('pack'),
      pack_version: text('packVersion'),
      as_of: text('asOf'),
      digest: text('digest'),
    },
  },
  case_events: {
    kind: 'events',
    types: eventTypesOf('case.'),
    columns: {
      ...EVENT,
      ...CASE,
      kind: change,
      action: text('action'),
      from_stage: text('from'),
      to_stage: text('to'),
      area: text('area'),
      category: text('category'),
      grade: text('grade'),
      source: text('source'),
      outcome: text('outcome'),
      warning: text('warning'),
      warnings: text('warnings'),
      visit: text('visit'),
      means: text('means'),
      truth: text('truth'),
      proposed: text('proposed'),
      needs: text('needs'),
      conflict: yesNo('conflict'),
      late: yesNo('late'),
      visited_on: { kind: 'data', name: 'visited', as: 'day-in-china' },
      said: text('kind'),
      level: text('level'),
      actions: text('actions'),
      proposal: text('proposal'),
      accepted: yesNo('accepted'),
      referral: text('referral'),
      department: text('department'),
      measure: text('measure'),
      code: text('code'),
      fen: whole('fen'),
      rhythm: text('rhythm'),
      due: text('due'),
      escalated: text('escalated'),
      step: text('step'),
      light: text('light'),
      visits: whole('visits'),
      referrals: whole('referrals'),
    },
  },
  case_aids: {
    kind: 'events',
    lines: 'given',
    columns: {
      ...EVENT,
      ...CASE,
      area: text('area'),
      category: text('category'),
      aid: cell(0),
      department: cell(1),
      measure: cell(2),
      fen: wholeCell(3),
      rhythm: cell(4),
      given_on: cell(5),
      referral: cellUnlessEmpty(6),
    },
  },
  case_asked: {
    kind: 'events',
    lines: 'asked',
    columns: { ...EVENT, ...CASE, area: text('area'), referral: cell(0), department: cell(1), measure: cell(2) },
  },
  case_clocks: {
    kind: 'events',
    lines: 'stopped',
    columns: {
      ...EVENT,
      ...CASE,
      area: text('area'),
      grade: text('grade'),
      step: cell(0),
      referral: cellUnlessEmpty(1),
      started: cell(2),
      due: cell(3),
      stopped: event('moment'),
    },
  },
  file_events: {
    kind: 'events',
    types: eventTypesOf('file.'),
    columns: {
      ...EVENT,
      file: about('file'),
      kind: change,
      feed: text('feed'),
      period: text('period'),
      status: text('status'),
      sha256: text('sha256'),
      size: whole('size'),
      rows_read: whole('read'),
      accepted: whole('accepted'),
      duplicate: whole('duplicate'),
      rejected: whole('rejected'),
      areas: text('areas'),
      due: text('due'),
    },
  },
  correction_events: {
    kind: 'events',
    types: eventTypesOf('correction.'),
    columns: {
      ...EVENT,
      correction: about('correction'),
      ...CASE,
      kind: change,
      area: text('area'),
      department: text('department'),
      feed: text('feed'),
      field: text('field'),
      file: text('file'),
      file_row: whole('row'),
      found: text('found'),
      due: text('dueAt'),
      answer: text('answer'),
      reason: text('reason'),
      passed_to: text('to'),
      late: yesNo('late'),
    },
  },
  read_events: {
    kind: 'events',
    types: ['data.read', 'data.searched'],
    columns: {
      ...EVENT,
      kind: change,
      action: text('action'),
      purpose: text('purpose'),
      found: whole('found'),
      case_id: about('case'),
      warning: about('warning'),
      households: { kind: 'subjects', names: ['household', 'households'] },
    },
  },
  read_households: { kind: 'words', of: 'read_events', column: 'households', as: 'household', keep: ['number'] },
  household_places: {
    kind: 'events',
    having: [about('household'), text('area')],
    columns: { number: event('number'), household: about('household'), area: text('area') },
  },
  report_events: {
    kind: 'events',
    types: eventTypesOf('report.'),
    columns: {
      ...EVENT,
      kind: change,
      report: text('report'),
      area: text('area'),
      purpose: text('purpose'),
      row_count: whole('rows'),
      refusal: text('refusal'),
      digest: text('digest'),
    },
  },
  /** Rule packs whose results events tell of. */
  pack_events: {
    kind: 'events',
    having: [text('pack')],
    columns: { number: event('number'), dated: event('dated'), pack: text('pack'), pack_version: text('packVersion') },
  },
  /** Months closed by a person, with the number of the last event that counts. */
  closing_events: {
    kind: 'events',
    types: ['period.closed'],
    columns: { ...EVENT, period: text('period'), area: text('area'), up_to: whole('upTo') },
  },
};

/** Tables with the columns wanted of them; a table stands after the one it is made of. */
export type WantedTables = ReadonlyMap<string, ReadonlySet<string>>;

/** The tables queries name, with the columns of them each names: what has to be loaded for them, and nothing else. */
export function tablesNamed(queries: readonly string[]): WantedTables {
  const wanted = new Map<string, Set<string>>();
  const want = (name: string, columns: readonly string[]): void => {
    const table = eventTables[name];
    if (table?.kind === 'words') want(table.of, [table.column, ...columns.filter((column) => table.keep.includes(column))]);
    wanted.set(name, new Set([...(wanted.get(name) ?? []), ...columns]));
  };
  for (const sql of queries) {
    const plain = sql.replace(/--.*$/gm, ' ').replace(/'(?:[^']|'')*'/g, ' ');
    const words = new Set(plain.toLowerCase().match(/[a-z_][a-z0-9_]*/g));
    for (const [name, table] of Object.entries(eventTables)) {
      if (!words.has(name)) continue;
      const columns = table.kind === 'events' ? Object.keys(table.columns) : [table.as, ...table.keep];
      want(
        name,
        columns.filter((column) => words.has(column)),
      );
    }
  }
  return wanted;
}
