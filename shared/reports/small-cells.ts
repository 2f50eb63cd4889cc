/**
 * Counts below this are not given out: the usual threshold for tables about people (five is what statistical offices take for
 * frequency tables of households), a parameter of whoever publishes.
 */
export const SMALLEST_SHOWN = 5;

/** The least the rule can work with: below 3, "fewer than" would name the one count it hides. */
const LEAST_LINE = 3;

/** A count as it may leave the platform: itself, below the line, or held back so that others cannot be worked out from it. */
export type GuardedCount = number | 'small' | 'withheld';

/** Counts of people or households by two traits, and which sums are given out with them. A plain list is a table of one column. */
export interface CountTable {
  /** Row by row, all rows of one length. Whole numbers from 0. */
  readonly cells: readonly (readonly number[])[];
  /** Whether each row's sum, each column's sum and the sum of all are given out. */
  readonly sums: { readonly rows: boolean; readonly columns: boolean; readonly all: boolean };
}

/** The same table as it may be shown; a list of sums is empty where they are not given out. */
export interface GuardedTable {
  readonly cells: readonly (readonly GuardedCount[])[];
  readonly rowSums: readonly GuardedCount[];
  readonly columnSums: readonly GuardedCount[];
  readonly all: GuardedCount | undefined;
}

/**
 * The small-cell rule. A count from 1 to `line - 1` is not shown (nobody is counted in a 0, which is). Where a reader could
 * still work one out from the sums given out beside it, further counts are held back: the least of them that suffice for each,
 * sums only where no cell will do. The promise: for every count hidden as small there is another table of counts that reads
 * the same. A reader who knows the rule is reckoned with: what is `small` lies between 1 and `line - 1`, what is `withheld`
 * is `line` or more. Where nothing else helps, the whole table is held back, zeros and all.
 *
 * Shares and means computed from a hidden count must be left out by who shows the table.
 * @throws RangeError for a line below 3, a ragged table, or anything that is no count
 */
export function guardSmallCells(table: CountTable, line: number = SMALLEST_SHOWN): GuardedTable {
  if (!Number.isInteger(line) || line < LEAST_LINE) throw new RangeError(`the small-cell line must be ${LEAST_LINE} or more`);
  const sheet = new Sheet(table, line);
  const small = sheet.places().filter((place) => sheet.stateOf(place) === 'small');
  for (const place of small) {
    const helpers = sheet.cheapestAlternative(place);
    if (helpers === undefined) return sheet.shown('all-withheld');
    // What is hidden only ever makes room for more tables: a place once safe stays so, and one pass is enough.
    for (const helper of helpers) sheet.withhold(helper);
  }
  return sheet.shown('by-state');
}

/** `guardSmallCells` for a list that is given out with its sum. */
export function guardSmallCounts(
  counts: readonly number[],
  line: number = SMALLEST_SHOWN,
): { readonly counts: readonly GuardedCount[]; readonly sum: GuardedCount } {
  const sums = { rows: false, columns: true, all: false };
  const { cells, columnSums } = guardSmallCells({ cells: counts.map((count) => [count]), sums }, line);
  return { counts: cells.flat(), sum: columnSums[0] ?? 0 };
}

/** How a guarded count is written: `12`, `<5`, or `*` where it is held back for the sake of another. */
export function guardedText(count: GuardedCount, line: number = SMALLEST_SHOWN): string {
  if (count === 'small') return `<${line}`;
  return count === 'withheld' ? '*' : String(count);
}

/** Row and column of a count; the sums stand in one row and one column more. */
type Place = readonly [row: number, column: number];
type State = 'open' | 'small' | 'withheld' | 'not-given';

/**
 * The table with its sums as one sheet in which every row and column adds up to nothing: cells and the sum of all count up,
 * the sums of rows and columns count down. Tables that read the same then differ by closed walks over hidden places, from
 * rows to columns where a place's part rises and back where it falls; so a place is safe exactly when such a walk leads
 * through it (and not straight back).
 */
class Sheet {
  readonly #rows: number;
  readonly #columns: number;
  readonly #line: number;
  readonly #counts: number[][];
  readonly #states: State[][];

  constructor({ cells, sums }: CountTable, line: number) {
    this.#rows = cells.length;
    this.#columns = cells[0]?.length ?? 0;
    this.#line = line;
    for (const row of cells) {
      if (row.length !== this.#columns) throw new RangeError('every row of a table of counts must have the same length');
      if (!row.every((count) => Number.isInteger(count) && count >= 0)) throw new RangeError('a count is a whole number from 0');
    }
    const withSums = cells.map((row) => [...row, total(row)]);
    const columnSums = Array.from({ length: this.#columns + 1 }, (_, column) => total(withSums.map((row) => row[column] ?? 0)));
    this.#counts = [...withSums, columnSums];
    this.#states = this.#counts.map((row, r) =>
      row.map((count, c) => {
        const given = r < this.#rows ? c < this.#columns || sums.rows : c < this.#columns ? sums.columns : sums.all;
        if (!given) return 'not-given';
        return count > 0 && count < line ? 'small' : 'open';
      }),
    );
  }

  places(): Place[] {
    return this.#counts.flatMap((row, r) => row.map((_, c): Place => [r, c]));
  }

  stateOf([row, column]: Place): State {
    return this.#states[row]?.[column] ?? 'not-given';
  }

  withhold([row, column]: Place): void {
    const states = this.#states[row];
    if (states?.[column] === 'open') states[column] = 'withheld';
  }

  shown(how: 'by-state' | 'all-withheld'): GuardedTable {
    const guarded = (row: number, column: number): GuardedCount | undefined => {
      const state = this.stateOf([row, column]);
      if (state === 'not-given') return undefined;
      if (how === 'all-withheld') return 'withheld';
      return state === 'open' ? this.#count(row, column) : state;
    };
    const given = (counts: readonly (GuardedCount | undefined)[]) => counts.filter((count) => count !== undefined);
    const rows = Array.from({ length: this.#rows }, (_, row) => row);
    const columns = Array.from({ length: this.#columns }, (_, column) => column);
    return {
      cells: rows.map((row) => given(columns.map((column) => guarded(row, column)))),
      rowSums: given(rows.map((row) => guarded(row, this.#columns))),
      columnSums: given(columns.map((column) => guarded(this.#rows, column))),
      all: guarded(this.#rows, this.#columns),
    };
  }

  #count(row: number, column: number): number {
    return this.#counts[row]?.[column] ?? 0;
  }

  /** What must be held back, at least cost, so that a place could stand for another count; undefined where nothing will do. */
  cheapestAlternative(place: Place): readonly Place[] | undefined {
    const [row, column] = place;
    const found: Walk[] = [];
    if (this.#cost(row, column, 'rise') === 0) found.push(...this.#walk(this.#columnNode(column), row, place));
    if (this.#cost(row, column, 'fall') === 0) found.push(...this.#walk(row, this.#columnNode(column), place));
    return found.reduce<Walk | undefined>((best, walk) => (best === undefined || walk.cost < best.cost ? walk : best), undefined)
      ?.places;
  }

  #columnNode(column: number): number {
    return this.#rows + 1 + column;
  }

  /** The cheapest walk between two rows or columns that leaves one place out (Dijkstra); none or one. */
  #walk(from: number, to: number, without: Place): Walk[] {
    const nodes = this.#rows + this.#columns + 2;
    const cost = new Array<number>(nodes).fill(Number.POSITIVE_INFINITY);
    const by: (Step | undefined)[] = new Array(nodes);
    const done = new Array<boolean>(nodes).fill(false);
    cost[from] = 0;
    for (let node = from; node !== -1 && node !== to; node = cheapest(cost, done)) {
      done[node] = true;
      for (const step of this.#steps(node)) {
        if (step.place[0] === without[0] && step.place[1] === without[1]) continue;
        const sum = (cost[node] ?? 0) + step.cost;
        if (sum < (cost[step.to] ?? 0)) {
          cost[step.to] = sum;
          by[step.to] = step;
        }
      }
    }
    if (cost[to] === Number.POSITIVE_INFINITY) return [];
    const places: Place[] = [];
    for (let step = by[to]; step !== undefined; step = by[step.from]) places.push(step.place);
    return [{ cost: cost[to] ?? 0, places }];
  }

  *#steps(from: number): Generator<Step> {
    if (from <= this.#rows) {
      for (let column = 0; column <= this.#columns; column += 1) {
        const cost = this.#cost(from, column, 'rise');
        if (cost !== undefined) yield { from, to: this.#columnNode(column), place: [from, column], cost };
      }
      return;
    }
    const column = from - this.#rows - 1;
    for (let row = 0; row <= this.#rows; row += 1) {
      const cost = this.#cost(row, column, 'fall');
      if (cost !== undefined) yield { from, to: row, place: [row, column], cost };
    }
  }

  /** What it costs to let a place's part in its row and column rise or fall: nothing where it is hidden; undefined: it cannot. */
  #cost(row: number, column: number, way: 'rise' | 'fall'): number | undefined {
    const count = this.#count(row, column);
    const state = this.stateOf([row, column]);
    const sums = Number(row === this.#rows) + Number(column === this.#columns);
    const up = (way === 'rise') === (sums !== 1);
    if (state === 'small') return (up ? count < this.#line - 1 : count > 1) ? 0 : undefined;
    if (state === 'not-given') return up || count > 0 ? 0 : undefined;
    // A 0 is never held back by itself, so that a reader may take what is for the line or more.
    if (count === 0 || (!up && count <= this.#line)) return undefined;
    // Cells are given up before sums, small ones before large ones, and the sum of all last.
    return state === 'withheld' ? 0 : count + sums * sums * (this.#rows + this.#columns) * this.#count(this.#rows, this.#columns);
  }
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly place: Place;
  readonly cost: number;
}

interface Walk {
  readonly cost: number;
  readonly places: readonly Place[];
}

function cheapest(cost: readonly number[], done: readonly boolean[]): number {
  let best = -1;
  for (const [node, sum] of cost.entries()) {
    if (done[node] !== true && sum < (best === -1 ? Number.POSITIVE_INFINITY : (cost[best] ?? 0))) best = node;
  }
  return best;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
