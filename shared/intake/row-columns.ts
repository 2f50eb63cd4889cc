import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { CellMemory } from './cell-memory.ts';
import { cellParser } from './field-parsers.ts';
import type { MappedColumn } from './header.ts';
import type { CellParser } from './remembered-cells.ts';

type Role = 'subject' | 'name' | 'area' | 'flag' | 'related' | 'text' | 'money' | 'plain';

/** A column of the file with all that is needed to read its cells. */
export interface Column {
  /** Where it stands among the columns read. */
  readonly at: number;
  /** Where it stands in the file. */
  readonly index: number;
  readonly header: string;
  readonly field: FieldSpec;
  readonly parse: CellParser;
  readonly role: Role;
  readonly sensitive: boolean;
  /** Its name as the key of a JSON object, with the colon. */
  readonly jsonName: string;
  /** Its place in the feed, the same in every file. */
  readonly place: number;
  /** Its value stands in the fact's fields for all who may see the fact. */
  readonly open: boolean;
  /** Goes into the content hash in the clear. */
  readonly stated: boolean;
  readonly money: boolean;
  /** Money in yuan: most cells are plain digits. */
  readonly yuan: boolean;
  /** What came of its cells so far, where they are likely to repeat. */
  readonly memory: CellMemory | undefined;
  /** Columns whose amounts are added to its own; nearly none has any. */
  readonly plus: readonly Column[] | undefined;
}

function roleOf(feed: FeedSpec, column: MappedColumn): Role {
  const { name, type } = column.field;
  if (name === feed.subject.identity) return 'subject';
  if (name === feed.subject.name) return 'name';
  if (name === feed.area) return 'area';
  if (name === feed.reversal?.flag) return 'flag';
  if (type.kind === 'identity') return 'related';
  return type.kind === 'text' ? 'text' : type.kind === 'money' ? 'money' : 'plain';
}

/** Prepares the reading of one column. */
export function compileColumn(feed: FeedSpec, column: MappedColumn, at: number, today: PlainDate): Column {
  const { field } = column;
  const parse = cellParser(field, {
    today,
    future: field.name === feed.dates.to,
    ...(column.scale === undefined ? {} : { scale: column.scale }),
    ...(/代码|编码|code/i.test(column.header) ? {} : { places: true as const }),
    // An event has a day; a state may be known to the month only.
    ...(field.name === feed.dates.to
      ? { month: 'last-day' as const }
      : field.name === feed.dates.from && feed.kind !== 'event'
        ? { month: 'first-day' as const }
        : {}),
  });
  const role = roleOf(feed, column);
  const sensitive = field.sensitive === true;
  const yuan = field.type.kind === 'money' && (column.scale === undefined ? field.type.unit === 'yuan' : column.scale === 2);
  return {
    // Part by part, so that every column has the same shape: reading many shapes is slow.
    at,
    index: column.index,
    header: column.header,
    field,
    parse,
    role,
    sensitive,
    jsonName: `${JSON.stringify(field.name)}:`,
    place: feed.fields.indexOf(field),
    open: !sensitive && role !== 'subject' && role !== 'name' && role !== 'area' && role !== 'flag',
    stated: !sensitive && role !== 'subject' && role !== 'name',
    money: role === 'money',
    yuan,
    memory: yuan || role === 'subject' ? undefined : new CellMemory(),
    plus: column.plus?.map((part) => compileColumn(feed, part, at, today)),
  };
}
