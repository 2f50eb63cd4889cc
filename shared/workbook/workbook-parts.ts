import type { ZipEntry } from './zip-stream.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const PART = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** A sheet of a workbook: its file is numbered by `id`, from 1. */
export interface Sheet {
  readonly id: number;
  readonly name: string;
}

/** Where in the workbook the cells of a sheet stand. */
export function sheetPath({ id }: Pick<Sheet, 'id'>): string {
  return `xl/worksheets/sheet${id}.xml`;
}

/** The beginning of a sheet, up to its rows; `before` stands ahead of them: views, widths, properties. */
export function sheetStart(before = ''): string {
  return `${HEAD}<worksheet xmlns="${MAIN}">${before}<sheetData>`;
}

export const SHEET_END = '</sheetData></worksheet>';

/** A cell that holds a text as it is; `style` is a number of the workbook's styles. */
export function textCell(text: string, style = 0): string {
  const styled = style === 0 ? '' : ` s="${style}"`;
  return `<c${styled} t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** What XML cannot hold (control characters, halves of pairs) is left out. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** What the cells of a workbook may look like, beside plain: elements of SpreadsheetML, numbered from 1 (fills from 2). */
export interface Styles {
  readonly fonts?: readonly string[];
  readonly fills?: readonly string[];
  /** What `textCell` names by number. */
  readonly formats: readonly string[];
}

/** The styles of a workbook. */
export function stylesPart({ fonts = [], fills = [], formats }: Styles): ZipEntry {
  // Spreadsheet programs take the first two fills for their own, whatever they say.
  const filled = ['none', 'gray125'].map((type) => `<fill><patternFill patternType="${type}"/></fill>`);
  const parts = [
    listed('fonts', ['<font/>', ...fonts]),
    listed('fills', [...filled, ...fills]),
    listed('borders', ['<border/>']),
    listed('cellStyleXfs', ['<xf/>']),
    listed('cellXfs', ['<xf/>', ...formats]),
    listed('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
  ];
  return { name: 'xl/styles.xml', parts: [bytes(`${HEAD}<styleSheet xmlns="${MAIN}">${parts.join('')}</styleSheet>`)] };
}

function listed(name: string, elements: readonly string[]): string {
  return `<${name} count="${elements.length}">${elements.join('')}</${name}>`;
}

/** What makes a workbook of sheets and styles written before it; the sheets in the order they are shown, `view` ahead of them. */
export function* workbookFrame(sheets: readonly Sheet[], view = ''): Generator<ZipEntry> {
  const names = sheets.map(({ name, id }) => `<sheet name="${escapeXml(name)}" sheetId="${id}" r:id="rId${id}"/>`).join('');
  const numbered = sheets.toSorted((a, b) => a.id - b.id);
  const targets = numbered.map(
    ({ id }) => `<Relationship Id="rId${id}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${id}.xml"/>`,
  );
  const overrides = numbered.map((sheet) => `<Override PartName="/${sheetPath(sheet)}" ContentType="${PART}.worksheet+xml"/>`);
  yield {
    name: 'xl/workbook.xml',
    parts: [bytes(`${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${view}<sheets>${names}</sheets></workbook>`)],
  };
  yield {
    name: 'xl/_rels/workbook.xml.rels',
    parts: [
      bytes(
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${targets.join('')}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
      ),
    ],
  };
  yield {
    name: '_rels/.rels',
    parts: [
      bytes(
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
    ],
  };
  yield {
    name: '[Content_Types].xml',
    parts: [
      bytes(
        `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${PART}.sheet.main+xml"/>${overrides.join('')}<Override PartName="/xl/styles.xml" ContentType="${PART}.styles+xml"/></Types>`,
      ),
    ],
  };
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
