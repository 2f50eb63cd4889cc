import type { FactValue, PersonKey } from '../facts/fact.ts';
import type { Remembered } from './cell-memory.ts';
import { ContentHash } from './content-hash.ts';
import { maskedText } from './field-parsers.ts';
import type { Column } from './row-columns.ts';
import type { RowContext } from './row-outcome.ts';

/** Shapes of rows remembered; departments leave few cells empty at random. */
const PATTERNS_KEPT = 1_000;

/** What a row states, as it may be kept. */
export interface Statement {
  /** The open fields. */
  readonly fields: Readonly<Record<string, FactValue>>;
  /** The sensitive ones. */
  readonly sealed: string | undefined;
  /** Hash of them all: two rows that state the same have the same. */
  readonly content: string;
}

/** The value as it may be kept: text masked, related people as pseudonyms. */
export function keptValue(column: Column, value: FactValue | undefined, context: RowContext): FactValue | undefined {
  if (typeof value !== 'string') return value;
  if (column.role === 'text') return maskedText(value, context.markOf);
  return column.role === 'related' ? context.pseudonym(value) : value;
}

/** Puts together what the rows of one table state, and adds up their money. */
export class RowStatements {
  readonly #context: RowContext;
  /** Columns that are stated in the fact, in the clear or sealed. */
  readonly #stated: readonly Column[];
  readonly #sealed: readonly Column[];
  readonly #moneys: readonly Column[];
  readonly #values: readonly (FactValue | undefined)[];
  readonly #known: readonly (Remembered | undefined)[];
  readonly #content = new ContentHash();
  readonly #patterns = new Map<number, Readonly<Record<string, FactValue>>>();
  #patternShape = -1;
  #pattern: Readonly<Record<string, FactValue>> | undefined;
  readonly #sums: number[];

  /** `values` and what was `known` of their cells before are those of the row at hand: the same arrays for every row. */
  constructor(
    context: RowContext,
    columns: readonly Column[],
    values: readonly (FactValue | undefined)[],
    known: readonly (Remembered | undefined)[],
  ) {
    this.#context = context;
    this.#values = values;
    this.#known = known;
    this.#stated = columns.filter((column) => column.stated);
    this.#sealed = columns.filter((column) => column.sensitive);
    this.#moneys = columns.filter((column) => column.money);
    this.#sums = columns.map(() => 0);
  }

  /** Sum of each money field over the rows counted so far, fen. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#moneys.map((column) => [column.field.name, this.#sums[column.at] ?? 0]));
  }

  /** What the row at hand states of a person; `shape` tells which open fields it has. */
  of(person: PersonKey, shape: number): Statement {
    const { feed, seal } = this.#context;
    const content = this.#content;
    content.reset();
    const fields = this.#emptyFields(shape);
    for (let n = 0; n < this.#stated.length; n++) {
      const column = this.#stated[n] as Column;
      const before = this.#known[column.at];
      const value = before === undefined ? this.#kept(column) : before.kept;
      if (value === undefined) continue;
      if (before?.digest === undefined) content.add(column.place, value);
      else content.addText(column.place, before.digest);
      if (column.open) fields[column.field.name] = value;
    }
    const hidden = this.#hidden();
    const sealed = hidden === '' ? undefined : seal(person, hidden);
    if (sealed !== undefined) content.add(feed.fields.length, sealed);
    return { fields, sealed, content: content.hex() };
  }

  /** Takes the row at hand, which was accepted, into the sums, and its fields as a pattern when there is none of their shape. */
  count(fields: Readonly<Record<string, FactValue>>): void {
    for (let n = 0; n < this.#moneys.length; n++) {
      const { at } = this.#moneys[n] as Column;
      const value = this.#values[at];
      if (typeof value === 'number') this.#sums[at] = (this.#sums[at] ?? 0) + value;
    }
    if (this.#pattern === undefined && this.#patterns.size < PATTERNS_KEPT) {
      this.#pattern = { ...fields };
      this.#patterns.set(this.#patternShape, this.#pattern);
    }
  }

  #kept(column: Column): FactValue | undefined {
    return keptValue(column, this.#values[column.at], this.#context);
  }

  /** The sensitive fields of the row as JSON; empty when it states none. */
  #hidden(): string {
    let json = '';
    for (const column of this.#sealed) {
      const before = this.#known[column.at];
      const value = before === undefined ? this.#kept(column) : before.kept;
      if (value === undefined) continue;
      json += `${json === '' ? '{' : ','}${column.jsonName}${before === undefined ? JSON.stringify(value) : before.json}`;
    }
    return json === '' ? '' : `${json}}`;
  }

  /**
   * What the open fields of the row are filled into. Rows that state the same fields copy a pattern, which takes a fraction
   * of the time of adding the fields one by one.
   */
  #emptyFields(shape: number): Record<string, FactValue> {
    if (shape !== this.#patternShape) {
      this.#patternShape = shape;
      this.#pattern = this.#patterns.get(shape);
    }
    return this.#pattern === undefined ? {} : { ...this.#pattern };
  }
}
