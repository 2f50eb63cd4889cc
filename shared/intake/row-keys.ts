import type { FactValue } from '../facts/fact.ts';
import { fold, isPlain } from './cell-text.ts';
import type { Column } from './row-columns.ts';
import type { RowContext } from './row-outcome.ts';

/** What tells the fact of a row from others of the same person. */
export interface RowKey {
  /** Of the row itself. */
  readonly own: string;
  /** Of the fact: for a row that takes another back that one's. */
  readonly key: string;
  readonly reversal: boolean;
}

/** Works out natural keys, and which rows take others back. */
export class RowKeys {
  readonly #context: RowContext;
  readonly #stated: readonly Column[];
  readonly #values: readonly (FactValue | undefined)[];
  readonly #keyPlaces: readonly number[];
  readonly #flagAt: number;
  readonly #originalAt: number;
  readonly #constantKey: string | undefined;

  /** `values` are those of the row at hand, in the order of the columns: the same array for every row. */
  constructor(context: RowContext, columns: readonly Column[], values: readonly (FactValue | undefined)[]) {
    const { naturalKey, reversal } = context.feed;
    const placeOf = (name: string | undefined): number => columns.findIndex((column) => column.field.name === name);
    this.#context = context;
    this.#stated = columns.filter((column) => column.stated);
    this.#values = values;
    this.#keyPlaces = naturalKey.map(placeOf);
    this.#flagAt = placeOf(reversal?.flag);
    this.#originalAt = placeOf(reversal?.original);
    this.#constantKey = naturalKey.length === 0 ? context.keyOf('') : undefined;
  }

  /** The key of the row at hand; `mainAmount` is its first money that is not zero, fen. */
  keyOf(mainAmount: number): RowKey {
    const { feed, keyOf } = this.#context;
    const own = this.#constantKey ?? keyOf(this.#keyText(undefined));
    const rule = feed.reversal;
    if (rule === undefined) return { own, key: own, reversal: false };
    const flag = this.#value(this.#flagAt);
    const original = this.#value(this.#originalAt);
    const negative = mainAmount < 0;
    const namesAnother = typeof original === 'string' && fold(original) !== this.#keyPart(this.#keyPlaces[0] ?? -1);
    // A negative bill gives money back, also when the sender has no mark for it or the original lies in another file.
    const reversal = flag === true || negative || (namesAnother && flag === undefined);
    return { own, key: reversal && namesAnother ? keyOf(this.#keyText(original)) : own, reversal };
  }

  #keyText(original: string | undefined): string {
    if (original === undefined && this.#numberless()) return this.#everythingStated();
    let text = original === undefined ? this.#keyPart(this.#keyPlaces[0] ?? -1) : fold(original);
    for (let n = 1; n < this.#keyPlaces.length; n++) text += `|${this.#keyPart(this.#keyPlaces[n] ?? -1)}`;
    return text;
  }

  /** An event whose sender gives it no number: then all it states is what tells it from others. */
  #numberless(): boolean {
    return this.#context.feed.kind === 'event' && this.#keyPlaces.every((at) => this.#value(at) === undefined);
  }

  #everythingStated(): string {
    return this.#stated.map((column) => this.#keyPart(column.at)).join('|');
  }

  #keyPart(at: number): string {
    const value = this.#value(at);
    if (value === undefined) return '';
    return typeof value === 'string' && !isPlain(value) ? fold(value) : String(value);
  }

  #value(at: number): FactValue | undefined {
    return at < 0 ? undefined : this.#values[at];
  }
}
