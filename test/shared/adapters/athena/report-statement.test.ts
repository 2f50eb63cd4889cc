import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportQueries } from '../../../../infra/report-queries.ts';
import { athenaStatement } from '../../../../shared/adapters/athena/report-statement.ts';
import { DuckDbReportEngine } from '../../../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../../../shared/audit/chain.ts';
import type { DomainEvent } from '../../../../shared/audit/event.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { workingCalendar } from '../../../../shared/calendar/working-days.ts';
import { catalog } from '../../../../shared/catalog/index.ts';
import type { EventScope, ReportQuery } from '../../../../shared/ports/report-engine.ts';
import { countedDays } from '../../../../shared/reports/counted-days.ts';
import { reportsOf } from '../../../../shared/reports/index.ts';
import { done, told, warned } from '../../../builders/reporting.ts';
import { faultsInTrino } from '../../../builders/trino-grammar.ts';
import { inDuckDb, TRINO_MACROS } from '../../../builders/trino-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'aidwatch-athena-'));
const file = join(folder, 'events.jsonl');
const engine = new DuckDbReportEngine({ memory: '300MB', threads: 1, tempFolder: join(folder, 'temp') });
const reports = [...reportsOf(catalog).values()];
const queries = reportQueries();
const chain = extendChain(EMPTY_CHAIN, events());
const head = { number: chain.length, hash: chain.at(-1)?.hash ?? '' };
let database: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  writeFileSync(file, chain.map((entry) => `${lineOf(entry)}\n`).join(''));
  database = await DuckDBInstance.create(':memory:');
  connection = await database.connect();
  // As the table of the catalogue reads it: a line, parted by nothing.
  await connection.run(
    `CREATE TABLE lines AS SELECT line FROM read_csv('${file}', columns = {line: 'VARCHAR'}, delim = '\u0001', quote = '', escape = '', header = false)`,
  );
  for (const statement of TRINO_MACROS) await connection.run(statement);
});
afterAll(() => {
  connection.closeSync();
  database.closeSync();
  rmSync(folder, { recursive: true });
});

/** Something of every kind that reports look at, in March 2024, and a visit told late in April. */
function events(): DomainEvent[] {
  const all: DomainEvent[] = [];
  for (let n = 1; n <= 12; n += 1) {
    const about = { case: `C${n}`, household: `H${n}` };
    const place = { area: '411122104', category: 'none', grade: n % 3 === 0 ? 'urgent' : 'general' };
    const hits = [
      ['medical-self-paid-12m', 620_000 + n, 25, 'medical-insurance/inpatient-settlement medical-insurance/outpatient'],
      ...(n % 2 === 0 ? [['disaster-12m', 1, 10, '']] : []),
    ];
    all.push(
      told(
        'household.assessed',
        '2024-03-03',
        { household: `H${n}` },
        { ...place, asOf: '2024-03-03', digest: 'd', family: 'entry', pack: 'henan-low-income', packVersion: '1' },
      ),
      warned('opened', '2024-03-04', n, { hits: hits as never }),
      told('case.opened', '2024-03-04 23:30', about, { ...place, source: 'warning', warning: `W${n}` }),
      told(
        'data.read',
        `2024-03-05 ${n % 2 === 0 ? '23:10' : '10:00'}`,
        { household: `H${n % 4}` },
        { action: 'household.read', found: 1, purpose: 'enquiry' },
        'reader-1',
      ),
      done('record-visit', '2024-03-08 09:00', n, {
        means: 'home',
        truth: 'true-new',
        visit: `V${n}`,
        visited: n % 2 === 0 ? '2024-03-07T16:30:00.000Z' : 'some day',
        conflict: n === 3,
        stopped: [['visit', '', '2024-03-04T01:00:00.000Z', '2024-03-11T01:00:00.000Z']],
      }),
      done(
        'send-referral',
        '2024-03-11',
        n,
        {
          asked: [['R1', 'education', 'temporary-aid']],
          department: 'education',
          due: '2024-03-15T16:00:00.000Z',
          measure: 'temporary-aid',
          referral: 'R1',
        },
        'system',
      ),
      done(
        'answer-referral',
        `2024-03-${12 + n}`,
        n,
        {
          kind: n % 4 === 0 ? 'refuse' : 'done',
          code: n % 4 === 0 ? 'not-eligible' : null,
          referral: 'R1',
          fen: 50_000 * n,
          rhythm: 'once',
          given: n % 4 === 0 ? [] : [[`A${n}`, 'education', 'temporary-aid', 50_000 * n, 'once', '2024-03-20', 'R1']],
        },
        'handler-1',
      ),
      done('raise-light', '2024-03-18 00:10', n, { light: 'red', referral: '', step: 'visit' }, 'system'),
      told('case.closed', '2024-03-28', about, {
        ...place,
        outcome: n > 6 ? 'not-in-need' : 'helped-new',
        source: 'warning',
        visits: 1,
        referrals: 1,
      }),
    );
  }
  all.push(
    told(
      'file.taken',
      '2024-04-02',
      { file: 'F1' },
      {
        feed: 'medical-insurance/inpatient-settlement',
        period: '2024-03',
        sha256: 'x',
        size: 1_000,
        read: 20,
        accepted: 15,
        duplicate: 2,
        rejected: 3,
        areas: '411122',
        due: '2024-04-10',
      },
    ),
    told('file.refused', '2024-03-05', { file: 'F2' }, { feed: 'civil-affairs/low-income-register', period: '2024-03-05' }),
    told(
      'correction.sent',
      '2024-03-15',
      { correction: 'K1', case: 'C1', household: 'H1' },
      {
        area: '411122104',
        department: 'medical-insurance',
        feed: 'medical-insurance/inpatient-settlement',
        field: 'selfPaid',
        file: 'F1',
        row: 7,
        found: 'wrong-amount',
        dueAt: '2024-03-25T16:00:00.000Z',
      },
    ),
    told(
      'report.pulled',
      '2024-03-30',
      {},
      { report: 'funnel', area: '411122', purpose: 'audit', rows: 3, digest: 'd' },
      'auditor-1',
    ),
    told('report.refused', '2024-03-30', {}, { report: 'funnel', area: '53', purpose: 'audit', refusal: 'area' }, 'supervisor-1'),
    done('record-visit', '2024-04-02', 11, {
      means: 'home',
      truth: 'not-found',
      visit: 'V99',
      visited: '2024-03-30T02:00:00.000Z',
    }),
  );
  return all;
}

function queryOf(id: string): ReportQuery {
  const spec = reports.find((one) => one.id === id);
  return {
    sql: queries.get(id) ?? '',
    columns: spec?.columns.map(({ name }) => name) ?? [],
    reads: spec?.reads ?? [],
    parameters: { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area: '4111', seed: "it's", sample: 5 },
    days: countedDays(workingCalendar('411122'), '2023-03-01' as PlainDate, '2024-12-31' as PlainDate),
  };
}

/** What the platform's own engine gives. */
async function byEngine(query: ReportQuery, scope: EventScope): Promise<unknown[]> {
  const run = await engine.open({ head, files: [file], release: async () => {} }, query);
  const rows: unknown[] = [];
  for await (const batch of run.rows(scope)) rows.push(...batch);
  await run.close();
  return rows;
}

/** What the statement for Athena gives. */
async function byStatement(query: ReportQuery, scope: EventScope): Promise<unknown[]> {
  const reader = await connection.runAndReadAll(inDuckDb(athenaStatement(query, scope)));
  return reader.getRowsJS().map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
}

describe('a report as a statement of Athena', () => {
  for (const { id } of reports) {
    it(`${id} gives the rows that the engine of the platform gives`, async () => {
      const scope = { upTo: head.number };
      const rows = await byEngine(queryOf(id), scope);
      expect(rows.length).toBeGreaterThan(0);
      expect(await byStatement(queryOf(id), scope)).toEqual(rows);
    });
  }

  it.each(reports.map(({ id }) => id))('%s is well formed in Trino’s grammar', (id) => {
    expect(faultsInTrino(athenaStatement(queryOf(id), { upTo: 1, lateUpTo: 2 }))).toEqual([]);
  });

  it('is not well formed in what only DuckDB knows', () => {
    const query = queryOf('timeliness');
    for (const sql of ["SELECT '1'::int AS n ORDER BY n", 'SELECT day FROM case_events QUALIFY row_number() OVER () = 1']) {
      expect(faultsInTrino(athenaStatement({ ...query, sql }, { upTo: 1 }))).not.toEqual([]);
    }
  });

  it('counts what was archived up to a number, and what came late to days of the stretch', async () => {
    const query = queryOf('visit-ledger');
    const before = chain.length - 1;
    const [closed, late] = [
      await byStatement(query, { upTo: before }),
      await byStatement(query, { upTo: before, lateUpTo: head.number }),
    ];
    expect(late.length).toBe(closed.length + 1);
    expect(closed).toEqual(await byEngine(query, { upTo: before }));
  });

  it('takes no parameter for a piece of the statement', () => {
    const query = queryOf('sampling-list');
    const statement = athenaStatement(
      { ...query, parameters: { ...query.parameters, seed: "'); DROP TABLE lines --" } },
      { upTo: 1 },
    );
    expect(statement).toContain("'''); DROP TABLE lines --' AS seed");
  });
});
