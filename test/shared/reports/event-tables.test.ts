import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventType } from '../../../shared/audit/event.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { ReportValue } from '../../../shared/ports/report-engine.ts';
import { eventTables, tablesNamed } from '../../../shared/reports/event-tables.ts';
import { done, Reporting, told, warned } from '../../builders/reporting.ts';
import { collect } from '../../contract/subject.ts';

const DOCS = join(import.meta.dirname, '../../../docs/reports.md');

const reporting = new Reporting();
beforeAll(() => {
  const stopped = [['visit', '', '2024-03-04T02:01:00.000Z', '2024-03-18T16:00:00.000Z']];
  const given = [
    ['A1', 'civil-affairs', 'temporary-aid', 120_000, 'once', '2024-02-29', ''],
    ['A2', 'charity', 'charity-match', '', 'monthly', '2024-03-07', 'R2'],
  ];
  reporting.archive(
    warned('opened', '2024-03-04 10:00', 1),
    warned('handled', '2024-03-05', 1, { hits: [], low: null, pack: null }),
    done('record-visit', '2024-03-06 00:30', 1, { conflict: false, late: true, stopped, visited: '2024-02-28T16:30:00.000Z' }),
    done('decide', '2024-03-07', 1, { given, kind: 'help' }),
    told('file.taken', '2024-03-08', { file: 'F1' }, { accepted: 90, period: '2024-02', read: 'many' }),
    told('file.taken', '2024-03-08', { file: 'F2' }, { accepted: 9, period: '2024-03-05' }),
    told('data.searched', '2024-03-09', { households: 'H1 H2' }, { action: 'search.exact', found: 2 }, 'caseworker-1'),
    told('data.read', '2024-03-09', { case: 'C1', household: 'H1' }, { action: 'cases.read', found: 1 }, 'caseworker-1'),
    told('data.read', '2024-03-09', {}, { action: 'scorecard.read', found: 0 }, 'supervisor-1'),
  );
});
afterAll(() => reporting.close());

const EVERY: readonly EventType[] = [
  'warning.opened',
  'warning.handled',
  'case.acted',
  'file.taken',
  'data.read',
  'data.searched',
];

/** What the engine answers to a query over the archive. */
async function answer(sql: string, columns: readonly string[], reads = EVERY): Promise<readonly (readonly ReportValue[])[]> {
  const snapshot = await reporting.deps.archive.snapshot();
  const parameters = { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area: '', seed: '', sample: 0 };
  const run = await reporting.deps.engine.open(snapshot, { sql, columns, reads, parameters, days: [] });
  try {
    return (await collect(run.rows({ upTo: snapshot.head.number }))).flat();
  } finally {
    await run.close();
  }
}

describe('the tables of events', () => {
  it('are those of docs/reports.md, with the same columns in the same order', () => {
    const [, section = ''] = readFileSync(DOCS, 'utf8').split('## Tables a query may read\n');
    const lines = (section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (.*) \|$/gm);
    const told = Object.fromEntries([...lines].map(([, name = '', columns = '']) => [name, columns.split(', ')]));
    const described = Object.entries(eventTables).map(([name, table]) => [
      name,
      table.kind === 'events' ? Object.keys(table.columns) : [...table.keep, table.as],
    ]);
    expect(told).toEqual(Object.fromEntries(described));
  });

  for (const [name, table] of Object.entries(eventTables)) {
    it(`${name} can be asked for all its columns`, async () => {
      const columns = table.kind === 'events' ? Object.keys(table.columns) : [...table.keep, table.as];
      await answer(`SELECT ${columns.join(', ')} FROM ${name}`, columns);
    });
  }

  it('tell what stands in an event as text, number, yes or no and day in China, and null where it does not', async () => {
    const warning = ['change', 'low', 'pack', 'indicators', 'reason'];
    expect(await answer(`SELECT ${warning.join(', ')} FROM warning_events ORDER BY number`, warning)).toEqual([
      ['opened', 65, 'henan-low-income', 'medical-self-paid-12m', null],
      ['handled', null, null, '', null],
    ]);
    const visit = ['visited_on', 'conflict', 'late', 'accepted', 'day', 'time'];
    expect(await answer(`SELECT ${visit.join(', ')} FROM case_events WHERE action = 'record-visit'`, visit)).toEqual([
      ['2024-02-29', false, true, null, '2024-03-06', '00:30'],
    ]);
    const files = ['file', 'accepted', 'rows_read'];
    expect(await answer(`SELECT ${files.join(', ')} FROM file_events ORDER BY number`, files)).toEqual([
      ['F1', 90, null],
      ['F2', 9, null],
    ]);
  });

  it('have a row for each line an event states', async () => {
    const aids = ['aid', 'fen', 'given_on', 'referral'];
    expect(await answer(`SELECT ${aids.join(', ')} FROM case_aids ORDER BY aid`, aids)).toEqual([
      ['A1', 120_000, '2024-02-29', null],
      ['A2', null, '2024-03-07', 'R2'],
    ]);
    const clocks = ['case_id', 'step', 'referral', 'due', 'stopped'];
    expect(await answer(`SELECT ${clocks.join(', ')} FROM case_clocks`, clocks)).toEqual([
      ['C1', 'visit', null, '2024-03-18T16:00:00.000Z', '2024-03-05T16:30:00.000Z'],
    ]);
  });

  it('have a row for each word, and none or the word for none where there is no word', async () => {
    const looked = ['number', 'household'];
    expect(await answer(`SELECT number, household FROM read_households ORDER BY number, household`, looked)).toEqual([
      [7, 'H1'],
      [7, 'H2'],
      [8, 'H1'],
    ]);
    const feeds = ['indicator', 'feed'];
    expect(await answer(`SELECT indicator, feed FROM warning_feeds`, feeds)).toEqual([
      ['medical-self-paid-12m', 'medical-insurance/inpatient-settlement'],
    ]);
  });

  it('say to which day an event belongs: the visit, the help given, the end of the data period, else when it was written', async () => {
    const cases = await answer('SELECT dated FROM case_events ORDER BY number', ['dated']);
    const files = await answer('SELECT dated FROM file_events ORDER BY number', ['dated']);
    const reads = await answer('SELECT dated FROM read_events ORDER BY number', ['dated']);
    expect([...cases, ...files, ...reads].flat()).toEqual([
      '2024-02-29',
      '2024-02-29',
      '2024-02-29',
      '2024-03-05',
      '2024-03-09',
      '2024-03-09',
      '2024-03-09',
    ]);
  });

  it('hold the kinds of events a report names, and no others', async () => {
    const of = (reads: readonly EventType[]) => answer('SELECT kind FROM case_events', ['kind'], reads);
    expect(await of(['case.opened'])).toEqual([]);
    expect(await of(['case.acted'])).toHaveLength(2);
  });
});

describe('what a query needs', () => {
  it('is the tables it names with the columns it names, never what stands in a comment or a text', () => {
    const wanted = tablesNamed(["-- of warning_events\nSELECT c.day FROM case_events c WHERE c.action = 'household'"]);
    expect(wanted).toEqual(new Map([['case_events', new Set(['day', 'action'])]]));
  });

  it('has the table that words are taken from, before them', () => {
    const wanted = tablesNamed(['SELECT warning, feed FROM warning_feeds']);
    expect([...wanted]).toEqual([
      ['warning_hits', new Set(['feeds', 'warning'])],
      ['warning_feeds', new Set(['feed', 'warning'])],
    ]);
  });
});
