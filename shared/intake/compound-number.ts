import type { PlainDate } from '../calendar/plain-date.ts';
import type { CompoundNumber, FieldSpec } from '../catalog/feed.ts';
import type { FactValue } from '../facts/fact.ts';
import { type IdentityNumber, type KnownIdentity, parseIdentityNumber } from '../registry/identity-number.ts';
import { fold, isBlank } from './cell-text.ts';
import { type CompoundColumn, fieldsIn } from './compound-column.ts';
import { Fault } from './fault.ts';
import type { Column } from './row-columns.ts';
import type { RowFault } from './row-faults.ts';

/** The texts of a number's fields, by their names; of a number cut short those it still has. */
type Pieces = Readonly<Record<string, string | undefined>>;

type Identity = KnownIdentity | Extract<IdentityNumber, { ok: false }>;

/**
 * Reads the compound number of one row after the other, where its fields have no columns of their own or those are left empty.
 * Where both say something, they must say the same.
 */
export class CompoundReader {
  readonly #place: CompoundColumn;
  readonly #inNumber: readonly Column[];
  readonly #subject: Column | undefined;
  readonly #today: PlainDate;
  #cells: readonly string[] = [];
  #pieces: Pieces | undefined;

  constructor(place: CompoundColumn, columns: readonly Column[], today: PlainDate) {
    const names = fieldsIn(place.number);
    this.#place = place;
    this.#inNumber = columns.filter(({ field }) => names.includes(field.name));
    this.#subject = this.#inNumber.find(({ role }) => role === 'subject');
    this.#today = today;
  }

  /** Takes up the next row. */
  begin(cells: readonly string[]): void {
    const text = fold(cells[this.#place.index] ?? '').toUpperCase();
    this.#cells = cells;
    this.#pieces = this.#place.number.pattern.exec(text.replace(/^=|['"‘’`]/g, ''))?.groups;
  }

  /** Who the number says the row is about, or why it tells of nobody; undefined when another column says that. */
  identity(): Identity | undefined {
    const column = this.#subject;
    const inStead = column !== undefined && column.index === this.#place.index;
    if (column === undefined || (!inStead && !isBlank(this.#cells[column.index] ?? ''))) return undefined;
    const piece = this.#pieces?.[column.field.name];
    if (piece !== undefined) return parseIdentityNumber(piece, this.#today);
    return inStead ? faultOfNumber(this.#place.number, this.#cells[column.index] ?? '') : undefined;
  }

  /** What is to be read for a column: its own cell, or what the number says. */
  textOf(column: Column): string | undefined {
    const cell = this.#cells[column.index];
    if (!this.#inNumber.includes(column)) return cell;
    if (column.role === 'subject') return isBlank(cell ?? '') ? this.#cells[this.#place.index] : cell;
    const inStead = column.index === this.#place.index;
    return inStead || isBlank(cell ?? '') ? this.#pieces?.[column.field.name] : cell;
  }

  /** Whether a column has nothing for the reason that the number has not its form, which is reported of the person. */
  failed(column: Column): boolean {
    return column.index === this.#place.index && this.#pieces === undefined && column.role !== 'subject';
  }

  /** The number is somebody else's than the column of the person says. */
  contradiction(identity: Identity): RowFault | undefined {
    const column = this.#subject;
    const piece = column === undefined ? undefined : this.#pieces?.[column.field.name];
    if (column === undefined || piece === undefined || column.index === this.#place.index) return undefined;
    const inNumber = parseIdentityNumber(piece, this.#today);
    if (!identity.ok || !inNumber.ok || inNumber.number === identity.number) return undefined;
    return { column: this.#place.header, fault: contradiction(this.#place.number, column.field) };
  }

  /** Columns that say another thing than the number: they count, for a number grows old when somebody is assessed again. */
  remarks(values: readonly (FactValue | undefined)[]): readonly RowFault[] {
    return this.#inNumber.flatMap((column) => {
      const piece = this.#pieces?.[column.field.name];
      const value = values[column.at];
      if (piece === undefined || value === undefined || column.role === 'subject' || column.index === this.#place.index)
        return [];
      return column.parse(piece) === value
        ? []
        : [{ column: column.header, fault: difference(this.#place.number, column.field) }];
    });
  }
}

/** Faults of an identity number that say more of a cell than that it is no compound number. */
const TELLING = new Set(['ID_MISSING', 'ID_MASKED', 'ID_SCIENTIFIC', 'ID_PRECISION_LOST', 'ID_FOREIGNER']);

/** Why a cell without the form of a compound number tells of nobody. */
function faultOfNumber({ title, form }: CompoundNumber, cell: string): Extract<IdentityNumber, { ok: false }> {
  const identity = parseIdentityNumber(cell);
  if (!identity.ok && TELLING.has(identity.code)) return identity;
  return {
    ok: false,
    code: 'NUMBER_FORM',
    message: {
      zh: `${title.zh}应为${form.zh}；请核对证件后改正`,
      en: `the ${title.en} should have ${form.en}; check against the document`,
    },
  };
}

function contradiction({ title }: CompoundNumber, field: FieldSpec): Fault {
  return new Fault(
    'NUMBER_CONTRADICTS',
    `${title.zh}中的${field.title.zh}与该列所填不一致，无法判断以哪个为准；请核对证件后改正`,
    `the ${field.title.en} inside the ${title.en} differs from what its own column says; check against the document`,
  );
}

function difference({ title }: CompoundNumber, field: FieldSpec): Fault {
  return new Fault(
    'NUMBER_DIFFERS',
    `${title.zh}中的${field.title.zh}与该列所填不一致，已按该列接收；请核对证件，有误的更正后重新报送`,
    `the ${field.title.en} inside the ${title.en} differs from what its own column says, which was taken; check against the document, and send a correction where it is wrong`,
  );
}
