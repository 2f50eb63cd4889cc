import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive of these parts, deflated. */
export function zip(parts: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content);
    const packed = deflateRawSync(raw);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, path, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, path]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32BE(0x504b0506, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** One sheet: its rows as XML, and whether it is hidden. */
export interface SheetXml {
  readonly rows: string;
  readonly hidden?: true;
  /** What its tab says; `sheet1`, `sheet2` … unless given. */
  readonly name?: string;
  /** The widths of columns and which are hidden, as XML. */
  readonly columns?: string;
  /** Ranges shown as one cell, such as `A2:A4`. */
  readonly merged?: readonly string[];
}

/** A workbook of sheets given as XML; style 1 shows dates, `texts` are the shared ones. */
export function workbook(sheets: readonly SheetXml[], texts: readonly string[] = [], from1904 = false): Buffer {
  const names = sheets.map((_, n) => `sheet${n + 1}`);
  return zip({
    'xl/workbook.xml': `<workbook ${MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr${from1904 ? ' date1904="1"' : ''}/><sheets>${names
      .map(
        (name, n) =>
          `<sheet name="${sheets[n]?.name ?? name}" sheetId="${n + 1}"${sheets[n]?.hidden ? ' state="hidden"' : ''} r:id="rId${n + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
      .map((name, n) => `<Relationship Id="rId${n + 1}" Type="worksheet" Target="worksheets/${name}.xml"/>`)
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${MAIN}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst ${MAIN}>${texts.map((text) => `<si><r><t>${text.slice(0, 1)}</t></r><r><t>${text.slice(1)}</t></r><rPh sb="0" eb="1"><t>pinyin</t></rPh></si>`).join('')}</sst>`,
    ...Object.fromEntries(
      sheets.map((sheet, n) => [
        `xl/worksheets/sheet${n + 1}.xml`,
        `<worksheet ${MAIN}>${sheet.columns ?? ''}<sheetData>${sheet.rows}</sheetData>${(sheet.merged ?? []).map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</worksheet>`,
      ]),
    ),
  });
}

/** A row of inline texts; empty texts leave the cell out. */
export function textRow(number: number, cells: readonly string[]): string {
  const xml = cells.map((text, at) =>
    text === '' ? '' : `<c r="${String.fromCharCode(65 + at)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`,
  );
  return `<row r="${number}">${xml.join('')}</row>`;
}
