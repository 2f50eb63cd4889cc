import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../../../shared/intake/spreadsheet-archive.ts';
import { column } from '../../../shared/reports/columns.ts';
import { writeXlsx } from '../../../shared/reports/write-xlsx.ts';
import { Reporting, warned } from '../../builders/reporting.ts';

let reporting: Reporting;

beforeEach(() => {
  reporting = new Reporting();
  reporting.archive(
    warned('opened', '2024-03-04 10:00', 1, { pack: '=HYPERLINK("http://x")' }),
    warned('opened', '2024-03-05 10:00', 2, { pack: '<b>&' }),
  );
});
afterEach(() => reporting.close());

/** The parts of a workbook by name, as text. */
async function partsOf(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const archive = await openArchive(
    (async function* () {
      yield bytes;
    })(),
  );
  if (!('read' in archive)) throw new Error('the workbook cannot be opened');
  const parts = new Map<string, string>();
  for (const name of ['xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml']) {
    const read: Uint8Array[] = [];
    for await (const part of archive.read(name)) read.push(part);
    parts.set(name, Buffer.concat(read).toString('utf8'));
  }
  return parts;
}

describe('a workbook', () => {
  it('has its cover first, its rows as text and numbers, and no formula', async () => {
    const { files } = await reporting.pull({ report: 'warning-ledger', format: 'xlsx' });
    const parts = await partsOf(reporting.written.get(files[0] ?? '') ?? new Uint8Array());
    expect(parts.get('xl/workbook.xml')).toMatch(/<sheets><sheet name="封面 cover".*<sheet name="数据 rows"/);
    const rows = parts.get('xl/worksheets/sheet1.xml') ?? '';
    expect(rows).toContain('预警编号');
    expect(rows).toContain('<c><v>65</v></c>');
    expect(rows).toContain(">'=HYPERLINK(");
    expect(rows).toContain('&lt;b&gt;&amp;');
    expect(rows).not.toContain('<f>');
    expect(parts.get('xl/worksheets/sheet2.xml')).toContain('本期尚未关账');
  });

  it('is red where the archive is not whole', async () => {
    reporting.tamper((text) => text.replace('"low":65', '"low":66'));
    const { files, cover } = await reporting.pull({ report: 'warning-ledger', format: 'xlsx' });
    expect(cover.archive.ok).toBe(false);
    const parts = await partsOf(reporting.written.get(files[0] ?? '') ?? new Uint8Array());
    expect(parts.get('xl/worksheets/sheet2.xml')).toContain('<tabColor rgb="FFCC0000"/>');
    expect(parts.get('xl/worksheets/sheet2.xml')).toContain('档案验证不通过');
  });

  it('goes on in another sheet where one is full, and leaves out what XML cannot hold', async () => {
    const { cover } = await reporting.pull({ report: 'warning-ledger' });
    const columns = [column('n', 'count', '数', 'n'), column('t', 'text', '文', 't')];
    const rows = async function* () {
      for (let batch = 0; batch < 11; batch += 1) yield Array.from({ length: 100_000 }, () => [batch, 'a\u0000b\ud800']);
    };
    let bytes = 0;
    const names = new Set<string>();
    for await (const part of writeXlsx({ columns, rows: rows(), language: 'zh', cover: async () => cover })) {
      bytes += part.length;
      const name = /^xl\/worksheets\/sheet\d\.xml$/.exec(Buffer.from(part).toString('latin1'))?.[0];
      if (name !== undefined) names.add(name);
    }
    expect([...names]).toEqual(['xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml', 'xl/worksheets/sheet3.xml']);
    expect(bytes).toBeLessThan(20_000_000);
  }, 60_000);
});

describe('a page', () => {
  it('has rows, plots as inline pictures and its cover, and nothing a browser would run', async () => {
    const { files } = await reporting.pull({ report: 'funnel', format: 'html' });
    const page = reporting.text(files[0] ?? '');
    expect(page).toContain('<svg');
    expect(page).toContain('预警家庭');
    expect(page).toContain('&lt;5');
    expect(page).not.toMatch(/<script|href=|src=|<b>/);
    expect(page.indexOf('class="cover"')).toBeGreaterThan(page.indexOf('<svg'));
    const ledger = await reporting.pull({ report: 'warning-ledger', format: 'html', language: 'en' });
    expect(reporting.text(ledger.files[0] ?? '')).toContain('&lt;b&gt;&amp;');
  });
});
