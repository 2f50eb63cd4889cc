import type { ReportRow } from '../ports/report-engine.ts';
import { cellText } from './cell.ts';
import type { ReportLanguage } from './cover.ts';
import { coverSection, escapeHtml, PAGE_STYLE } from './cover-page.ts';
import type { ReportColumn, ReportSpec } from './report.ts';
import type { Workbook } from './write-xlsx.ts';

/** Bars a plot shows at most; a table says more than a longer plot. */
const MOST_BARS = 40;
const COLOURS = ['#2b6cb0', '#dd6b20', '#718096'];

/**
 * A page to print: the cover (written last, shown first), plots of an aggregate, the rows, the adjustments. Nothing is loaded from
 * anywhere; no script.
 */
export async function* writeHtml(
  spec: ReportSpec,
  { columns, rows, adjustments, language, cover }: Workbook,
): AsyncGenerator<Uint8Array> {
  const title = escapeHtml(spec.title[language]);
  yield bytes(
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${title}</title><style>${PAGE_STYLE}</style></head>\n<body>\n${tableHead(columns, language)}`,
  );
  const plotted: ReportRow[] = [];
  for await (const batch of rows) {
    if (spec.plot !== undefined && plotted.length < MOST_BARS) plotted.push(...batch.slice(0, MOST_BARS - plotted.length));
    yield bytes(batch.map((row) => tableRow(row, columns, language)).join(''));
  }
  yield bytes('</tbody></table>\n');
  if (spec.plot !== undefined && plotted.length > 0) yield bytes(plotOf(spec, plotted, language));
  if (adjustments !== undefined) {
    const lines = adjustments.rows.map((row) => tableRow(row, adjustments.columns, language)).join('');
    yield bytes(`<h2>调整 / adjustments</h2>\n${tableHead(adjustments.columns, language)}${lines}</tbody></table>\n`);
  }
  yield bytes(`${coverSection(await cover())}\n</body></html>\n`);
}

function tableHead(columns: readonly ReportColumn[], language: ReportLanguage): string {
  return `<table><thead><tr>${columns.map(({ title }) => `<th>${escapeHtml(title[language])}</th>`).join('')}</tr></thead><tbody>\n`;
}

function tableRow(row: ReportRow, columns: readonly ReportColumn[], language: ReportLanguage): string {
  const cells = columns.map((column, index) => {
    const value = row[index] ?? null;
    const number = column.kind === 'count' || column.kind === 'number' || column.kind === 'fen';
    return `<td${number ? ' class="number"' : ''}>${escapeHtml(cellText(value, column, language))}</td>`;
  });
  return `<tr>${cells.join('')}</tr>\n`;
}

/** Bars for each row and figure. A figure that is not shown has no bar, and says so. */
function plotOf({ columns, plot }: ReportSpec, rows: readonly ReportRow[], language: ReportLanguage): string {
  if (plot === undefined) return '';
  const placeOf = (name: string) => columns.findIndex((column) => column.name === name);
  const label = placeOf(plot.label);
  const figures = plot.values.map(placeOf).filter((place) => place >= 0);
  const numbers = rows.flatMap((row) => figures.map((place) => row[place]).filter((value) => typeof value === 'number'));
  const most = Math.max(1, ...numbers);
  const [left, width, bar, gap] = [260, 480, 14, 10];
  const block = figures.length * bar + gap;
  const bars = rows.map((row, index) => {
    const top = 24 + index * block;
    const column = columns[label];
    const name = column === undefined ? '' : cellText(row[label] ?? null, column, language);
    const lines = figures.map((place, number) => {
      const value = row[place];
      const long = typeof value === 'number' ? Math.max(0, (value / most) * width) : 0;
      const y = top + number * bar;
      return `<rect x="${left}" y="${y}" width="${long.toFixed(1)}" height="${bar - 2}" fill="${COLOURS[number % COLOURS.length]}"/><text x="${(left + long + 4).toFixed(1)}" y="${y + bar - 4}">${escapeHtml(String(value ?? ''))}</text>`;
    });
    return `<text x="${left - 6}" y="${top + bar - 4}" text-anchor="end">${escapeHtml(name)}</text>${lines.join('')}`;
  });
  const legend = figures.map((place, number) => {
    const x = left + number * 150;
    return `<rect x="${x}" y="4" width="12" height="12" fill="${COLOURS[number % COLOURS.length]}"/><text x="${x + 16}" y="14">${escapeHtml(columns[place]?.title[language] ?? '')}</text>`;
  });
  const height = 24 + rows.length * block;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="820" height="${height}" viewBox="0 0 820 ${height}" font-size="11" role="img">${legend.join('')}${bars.join('')}</svg>\n`;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
