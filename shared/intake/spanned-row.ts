import type { SourceRecord } from './source-record.ts';

/** A piece of text in which plain lines were cut. Used again for the next piece. */
export interface CutPiece {
  text: string;
  /** The UTF-16 units of `text`, in which cells are read without cutting them out. */
  units: Uint16Array;
  /** For every line its bounds: one less than its beginning, the places of its delimiters, its end. */
  bounds: Int32Array;
}

/**
 * A line without quotes: its cells are known by where they lie, and made into strings only when asked for. Good as long as
 * its piece is, that is until the next piece of text is cut.
 */
export class SpannedRow implements SourceRecord {
  readonly row: number;
  readonly piece: CutPiece;
  /** Cell n lies between `bounds[first + n] + 1` and `bounds[first + n + 1]`. */
  readonly first: number;
  readonly count: number;

  constructor(row: number, piece: CutPiece, first: number, count: number) {
    this.row = row;
    this.piece = piece;
    this.first = first;
    this.count = count;
  }

  /** One cell; empty beyond the last. */
  cellAt(index: number): string {
    if (index >= this.count) return '';
    const { text, bounds } = this.piece;
    return text.slice((bounds[this.first + index] ?? 0) + 1, bounds[this.first + index + 1]);
  }

  get cells(): string[] {
    const { text, bounds } = this.piece;
    const cells: string[] = [];
    for (let n = this.first; n < this.first + this.count; n++) {
      cells.push(text.slice((bounds[n] ?? 0) + 1, bounds[n + 1]));
    }
    return cells;
  }
}
