import { fold, isBlank } from './cell-text.ts';
import { foldName } from './column-name.ts';
import { unitOfLines, withoutUnit } from './column-unit.ts';
import { Fault } from './fault.ts';
import type { Header, HeaderFinder, MappedColumn } from './header.ts';
import { type MoneyScale, SCALE_OF_UNIT } from './money.ts';

/**
 * Watches the rows between the data for another table under the first: a header with other columns, another order or other units, or
 * a line with another unit. Read by the first header its rows would be wrong without looking so, amounts by ten thousand times.
 */
export class LaterHeader {
  readonly #header: Header;
  readonly #finder: HeaderFinder;
  readonly #places: ReadonlyMap<string, string>;
  /** What bare numbers mean in the columns whose unit does not stand in their own names. */
  readonly #scales: ReadonlySet<MoneyScale | undefined>;
  #otherColumns: number | undefined;
  #otherUnit: number | undefined;

  constructor(header: Header, finder: HeaderFinder) {
    this.#header = header;
    this.#finder = finder;
    this.#places = placesOf(header);
    this.#scales = new Set(
      eachColumn(header)
        .filter(({ field, header: name }) => field.type.kind === 'money' && ownScale(name) === undefined)
        .map(({ scale, field }) => scale ?? (field.type.kind === 'money' ? SCALE_OF_UNIT[field.type.unit] : undefined)),
    );
  }

  /** Takes note of a row that is no data. */
  pass(row: number, cells: readonly string[]): void {
    if (cells.every(isBlank)) return;
    if (this.#header.titles.has(fold(cells.join('')))) {
      this.#otherColumns = undefined;
      // The unit line of the first page among its titles.
      if (unitOfLines([cells]) !== undefined) this.#otherUnit = undefined;
      return;
    }
    const unit = unitOfLines([cells]);
    if (unit !== undefined && this.#scales.size > 0) this.#otherUnit = this.#scales.has(unit) ? undefined : row;
    if (!this.#finder.isHeaderRow(cells)) return;
    const search = this.#finder.find([{ row, cells }]);
    if (search.found) this.#otherColumns = sameEntries(placesOf(search.header), this.#places) ? undefined : row;
  }

  /** Why the rows that follow cannot be read. */
  fault(): Fault | undefined {
    if (this.#otherColumns !== undefined) {
      return new Fault(
        'OTHER_HEADER',
        `第${this.#otherColumns}行是另一个表头，列的内容、顺序或金额单位与本表表头不同，其下各行无法按本表表头读取；请改成同样的列，或另存为单独的文件报送`,
        `row ${this.#otherColumns} is another header, with other columns, another order or other units than the table's own, so the rows below it cannot be read; bring them under the same columns, or send them as a file of their own`,
      );
    }
    if (this.#otherUnit === undefined) return undefined;
    return new Fault(
      'OTHER_HEADER',
      `第${this.#otherUnit}行写的金额单位与表首不同，其下各行的金额无法判断；请换算成同一单位，或另存为单独的文件报送`,
      `row ${this.#otherUnit} states another unit of money than the head of the table, so the amounts below it cannot be told; convert them to one unit, or send them as a file of their own`,
    );
  }
}

function eachColumn(header: Header): readonly MappedColumn[] {
  return header.columns.flatMap((column) => [column, ...(column.plus ?? [])]);
}

function ownScale(name: string): MoneyScale | undefined {
  return withoutUnit(foldName(name)).scale;
}

/** Which field stands in which column, with the unit its name states. */
function placesOf(header: Header): ReadonlyMap<string, string> {
  return new Map(
    eachColumn(header).map(({ index, field, header: name }) => [`${index}`, `${field.name} ${ownScale(name) ?? ''}`]),
  );
}

function sameEntries(some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): boolean {
  return some.size === others.size && [...some].every(([place, what]) => others.get(place) === what);
}
