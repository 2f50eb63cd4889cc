import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { helpOutcomes, trueFindings } from '../../../shared/casework/codes.ts';
import { reportIds } from '../../../shared/reports/report-ids.ts';
import { Reporting } from '../../builders/reporting.ts';

const reporting = new Reporting();
beforeAll(() => reporting.archive());
afterAll(() => reporting.close());

/**
 * Functions a query may call, with what Athena (Trino) calls them: the same, with the same arguments and meaning, but for the one
 * of our own, which statements for Athena spell out (shared/adapters/athena/report-statement.ts).
 */
const ATHENA_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'abs avg cast coalesce concat count date_diff exists greatest in lead least length lower max max_by min min_by nullif over rank replace round row_number starts_with strpos substr sum trim values'
      .split(' ')
      .map((name) => [name, name]),
  ),
  text_sha256: 'lower to_hex sha256 to_utf8',
};
/** Words that may stand before a parenthesis without being functions. */
const WORDS = new Set(
  'and as by case else from join not on or select then union all when where with recursive between filter'.split(' '),
);

describe('the queries of reports', () => {
  it('are known by id to forms and settings', () => {
    expect([...reportIds].sort()).toEqual([...reporting.deps.reports.keys()].sort());
  });

  it('are there for every report, and for nothing else', () => {
    expect([...reporting.deps.queries.keys()].sort()).toEqual([...reporting.deps.reports.keys()].sort());
  });

  it('count as helped and as found true what the dashboard does; the steps to help count entitlements apart', () => {
    const helpedIn = (id: string) =>
      /outcome IN \(([^)]*)\) THEN 1 ELSE 0 END\)(?:, 0\))? AS BIGINT\) AS helped/.exec(
        reporting.deps.queries.get(id) ?? '',
      )?.[1];
    const listed = (codes: readonly string[]) => codes.map((code) => `'${code}'`).join(', ');
    expect(helpedIn('no-help-reasons')).toBe(listed(helpOutcomes));
    expect(helpedIn('funnel')).toBe(listed(helpOutcomes.filter((code) => code !== 'entitlement-delivered')));
    expect(reporting.deps.queries.get('funnel')).toContain(`c.truth IN (${listed(trueFindings)})`);
  });

  for (const [id, sql] of reporting.deps.queries) {
    it(`${id} runs and gives the columns described`, async () => {
      const spec = reporting.deps.reports.get(id);
      const names = spec?.columns.map(({ name }) => name) ?? [];
      const run = await reporting.deps.engine.open(
        { head: { number: 0, hash: '' }, files: [], release: async () => {} },
        {
          sql,
          columns: names,
          reads: spec?.reads ?? [],
          parameters: { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area: '', seed: 's', sample: 3 },
          days: [],
        },
      );
      for await (const rows of run.rows({ upTo: 0 })) for (const row of rows) expect(row).toHaveLength(names.length);
      await run.close();
    });

    it(`${id} is written in what DuckDB and Athena share, in a fixed order`, () => {
      const plain = sql.replace(/--.*$/gm, '').replace(/'[^']*'/g, "''");
      const called = [...plain.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, name = '']) => name.toLowerCase());
      const ctes = new Set([...plain.matchAll(/\b([a-z_]+)\s+AS\s*\(/gi)].map(([, name = '']) => name.toLowerCase()));
      expect(called.filter((name) => !(name in ATHENA_NAMES) && !WORDS.has(name) && !ctes.has(name))).toEqual([]);
      expect(plain).not.toMatch(/->|::|\[|\bQUALIFY\b|\bILIKE\b|\bEXCLUDE\b/i);
      expect(plain.trim()).toMatch(/ORDER BY [^()]+$/);
    });
  }
});
