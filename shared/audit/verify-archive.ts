import type { PlainDate } from '../calendar/plain-date.ts';
import type { ArchivePart, DayRange, KeptText, StoredArchive } from '../ports/event-log.ts';
import type { VerifiedDay, VerifiedDays } from '../ports/verified-days.ts';
import { ArchiveStretch, type Piece } from './archive-stretch.ts';
import { EMPTY_CHAIN, readEntry } from './chain.ts';
import { type DailyRoot, NOTHING_BEFORE, readRoot, rootHolds } from './daily-root.ts';
import { type Bounds, type ChainEnd, LineFollower } from './follow-lines.ts';

/**
 * What is wrong with the first event that is not as it was written. `rewritten`: the events of a day fit each other but not
 * the day's root; somebody computed the chain anew. The two faults of roots name the day's first event.
 */
export const archiveFaults = [
  'unreadable',
  'altered',
  'missing',
  'added',
  'reordered',
  'cut-off',
  'rewritten',
  'root-altered',
  'root-missing',
] as const;
export type ArchiveFault = (typeof archiveFaults)[number];

/** The verdict on an archive. */
export type ArchiveVerdict =
  | {
      readonly ok: true;
      /** How many events were read. */
      readonly events: number;
      /** Chain hash at the last of them. */
      readonly head: string;
      /** How many days were compared with their roots. */
      readonly roots: number;
      /** True when the last file ends within an append: a copy made while the platform was writing. */
      readonly unfinished?: true;
    }
  | {
      readonly ok: false;
      readonly fault: ArchiveFault;
      /** Number of the first event that is not as it was written. */
      readonly number: number;
      /** Last number it could also be, where a whole day no longer fits. */
      readonly until?: number;
      readonly day?: PlainDate;
      readonly where: string;
      /** How many events before it were read and are whole. */
      readonly events: number;
    };

/** What an archive is compared with beside itself. */
export interface VerifyOptions extends DayRange {
  /**
   * The end that the store remembers: with it, events cut off the end are missed. What stands after it is no part of the
   * archive: a process that died left it, and the next append cuts it off.
   */
  readonly head?: ChainEnd;
  /** Roots that somebody kept elsewhere: with them, an archive written anew from end to end is caught. */
  readonly kept?: readonly DailyRoot[];
  /**
   * Days that were verified before: where root and bytes are still the same, their lines are not read again. Whoever can change
   * what is remembered can hide a change of the archive, so an auditor verifies without.
   */
  readonly verified?: ReadonlyMap<PlainDate, VerifiedDay>;
  /** Told of each finished day that was read and found whole, where the archive gives its bytes. */
  readonly onVerified?: (day: VerifiedDay) => void;
}

/**
 * Reads an archive and proves that every event is there, unaltered and in order, or names the first that is not. Days from
 * and to limit it to a stretch between the roots around it. Needs the archive's files alone; memory does not grow with them.
 */
export async function verifyArchive(archive: StoredArchive, options: VerifyOptions = {}): Promise<ArchiveVerdict> {
  const stored = new Map<PlainDate, KeptText>();
  for await (const root of archive.roots()) stored.set(root.day, root);
  const { head } = options;
  for (const [day, { text }] of stored) {
    // A day that ended after the end to be verified was taken down is, for that end, the open day.
    if (head !== undefined && (readRoot(text)?.last ?? 0) > head.number) stored.delete(day);
  }
  return new Verification(archive, stored, options).run();
}

/** The same up to a head, reading again only days that are not remembered as found whole; those found now are remembered. */
export async function verifyRemembering(
  archive: StoredArchive,
  head: ChainEnd,
  remembered: VerifiedDays,
): Promise<ArchiveVerdict> {
  const verified = new Map((await remembered.all()).map((one) => [one.day, one]));
  const found: VerifiedDay[] = [];
  const verdict = await verifyArchive(archive, { head, verified, onVerified: (day) => found.push(day) });
  if (verdict.ok && found.length > 0) await remembered.keep(found);
  return verdict;
}

type Failed = Extract<ArchiveVerdict, { ok: false }>;

/** A line that follows one that is wrong. */
interface Line {
  readonly text: string;
  readonly number: number | undefined;
}

class Verification {
  readonly #archive: StoredArchive;
  readonly #stretch: ArchiveStretch;
  readonly #options: VerifyOptions;
  readonly #stored: ReadonlyMap<PlainDate, KeptText>;
  readonly #roots = new Map<PlainDate, DailyRoot>();
  readonly #kept: ReadonlyMap<PlainDate, DailyRoot>;
  #follower: LineFollower = new LineFollower(EMPTY_CHAIN);
  #events = 0;
  #compared = 0;
  #where = '-';
  /** Root of the day before the one that is read. */
  #previous: DailyRoot | undefined;

  constructor(archive: StoredArchive, stored: ReadonlyMap<PlainDate, KeptText>, options: VerifyOptions) {
    this.#archive = archive;
    this.#stored = stored;
    this.#options = options;
    this.#kept = new Map((options.kept ?? []).map((root) => [root.day, root]));
    for (const [day, { text }] of stored) {
      const root = readRoot(text);
      if (root?.day === day && rootHolds(root)) this.#roots.set(day, root);
    }
    this.#stretch = new ArchiveStretch(archive, options, this.#roots);
  }

  async run(): Promise<ArchiveVerdict> {
    const unrooted = await this.#start();
    if (unrooted !== undefined) return unrooted;
    const pieces = this.#stretch.pieces();
    let part: ArchivePart | undefined;
    let line = 0;
    let start = this.#follower.end;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      const piece = next.value;
      if (piece.part.day !== part?.day) {
        const fault = await this.#finish(part?.day, start, piece, pieces);
        if (fault !== undefined) return fault;
        start = this.#follower.end;
      }
      if (piece.part !== part) line = 0;
      part = piece.part;
      const { day, name } = part;
      if (this.#atEnd()) break;
      if (piece.known !== undefined) {
        // That it goes on from the day before is seen when the day is compared with its root.
        this.#follower = new LineFollower({ number: piece.known.last, hash: piece.known.hash });
        this.#events += piece.known.count;
        this.#where = name;
        continue;
      }
      if (piece.text === undefined) {
        const last = (await pieces.next()).done === true;
        if (piece.damage !== 'torn' || !last || this.#expectsMore(day))
          return this.#failed('unreadable', day, `${name}:${line + 1}`);
        return (await this.#finish(day, start, undefined, pieces)) ?? this.#verdict(true);
      }
      const { lines, at } = this.#follower.follow(piece.text, this.#boundsOf(day));
      this.#events += lines;
      line += lines;
      this.#where = `${name}:${line}`;
      if (at !== undefined && this.#atEnd()) break;
      if (at !== undefined) return this.#diagnose(piece.text, at, `${name}:${line + 1}`, day, pieces);
    }
    return (await this.#finish(part?.day, start, undefined, pieces)) ?? this.#verdict(false);
  }

  /** Where to begin: at the beginning, or at the end of the last day before the stretch. */
  async #start(): Promise<Failed | undefined> {
    const { from } = this.#options;
    if (from === undefined) return undefined;
    const before = [...new Set([...this.#stored.keys(), ...this.#kept.keys()])].filter((day) => day < from).sort();
    const last = before.at(-1);
    for await (const part of this.#archive.parts()) {
      if (part.day === undefined || part.day >= from || (last !== undefined && part.day <= last)) continue;
      if ((await part.texts()[Symbol.asyncIterator]().next()).done === true) continue;
      return this.#failed('root-missing', part.day, part.name);
    }
    if (last === undefined) return this.#startAtFirstRoot();
    const [root, kept] = [this.#roots.get(last), this.#kept.get(last)];
    const bound = kept ?? root;
    if (bound === undefined || (kept !== undefined && root !== undefined && kept.root !== root.root)) {
      return this.#failed('root-altered', last, this.#stored.get(last)?.where ?? '-');
    }
    this.#follower = new LineFollower({ number: bound.last, hash: bound.hash });
    this.#previous = bound;
    return undefined;
  }

  /** Nothing before the stretch has days: it begins where its first root says, after what was written before days. */
  #startAtFirstRoot(): undefined {
    const [first] = [...this.#roots.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
    if (first !== undefined) this.#follower = new LineFollower({ number: first.first - 1, hash: first.before });
  }

  /** The numbers that may stand in a day. */
  #boundsOf(day: PlainDate | undefined): Bounds | undefined {
    const { head } = this.#options;
    const root = day === undefined ? undefined : (this.#kept.get(day) ?? this.#roots.get(day));
    return root ?? (head === undefined ? undefined : { first: 1, last: head.number });
  }

  /** Whether the end that the store remembers is reached. */
  #atEnd(): boolean {
    return this.#follower.end.number === this.#options.head?.number;
  }

  #expectsMore(day: PlainDate | undefined): boolean {
    const { head } = this.#options;
    const { number } = this.#follower.end;
    const ends = [...this.#kept.values(), ...this.#roots.values()].filter((root) => this.#inRange(root.day));
    return (
      ends.some((root) => root.last > number && (day === undefined || root.day >= day)) ||
      (head !== undefined && head.number > number)
    );
  }

  #inRange(day: PlainDate): boolean {
    const { from, to } = this.#options;
    return (from === undefined || day >= from) && (to === undefined || day <= to);
  }

  /**
   * Compares a day that was read to its end, and those after it of which nothing is there before `next`, with their roots.
   */
  async #finish(
    day: PlainDate | undefined,
    start: ChainEnd,
    next: Piece | undefined,
    rest: AsyncIterator<Piece, undefined>,
  ): Promise<Failed | undefined> {
    const until = next?.part.day;
    const known = [...new Set([...this.#stored.keys(), ...this.#kept.keys(), ...(day === undefined ? [] : [day])])]
      .filter((one) => this.#inRange(one) && (day === undefined || one >= day) && (until === undefined || one < until))
      .sort();
    for (const one of known) {
      const bounds = this.#kept.get(one) ?? this.#roots.get(one);
      if (bounds !== undefined && this.#follower.end.number < bounds.last) {
        const elsewhere = next !== undefined && (await this.#foundLater(linesOf(next, rest)));
        return this.#failed(elsewhere ? 'reordered' : 'missing', one, this.#where);
      }
      const later = until !== undefined || this.#knownAfter(one);
      const fault = this.#compare(one, one === day ? start : this.#follower.end, later);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #knownAfter(day: PlainDate): boolean {
    return this.#stretch.goesBeyond || [...this.#stored.keys()].some((other) => other > day);
  }

  /** A day against its roots: the one kept beside it, and the one kept elsewhere. `start` is the chain where the day begins. */
  #compare(day: PlainDate, start: ChainEnd, later: boolean): Failed | undefined {
    const { end } = this.#follower;
    const [root, kept, text] = [this.#roots.get(day), this.#kept.get(day), this.#stored.get(day)];
    const first = { number: start.number + 1, until: end.number };
    if (kept !== undefined && kept.hash !== end.hash) return this.#failed('rewritten', day, this.#where, first);
    if (root === undefined && text !== undefined) return this.#failed('root-altered', day, text.where, first);
    if (root === undefined) {
      if (later && end.number > start.number) return this.#failed('root-missing', day, this.#where, first);
      if (kept !== undefined) this.#previous = kept;
      return undefined;
    }
    if (root.hash !== end.hash) return this.#failed('rewritten', day, this.#where, first);
    const fits =
      root.first === start.number + 1 && root.before === start.hash && root.previous === (this.#previous?.root ?? NOTHING_BEFORE);
    if (!fits || (kept !== undefined && kept.root !== root.root)) {
      return this.#failed('root-altered', day, text?.where ?? this.#where, first);
    }
    this.#previous = root;
    this.#compared += 1;
    const digest = this.#stretch.digestOf(day);
    if (digest !== undefined) this.#options.onVerified?.({ day, root: root.root, digest });
    return undefined;
  }

  /** Says what is wrong with the line that begins at `at`, by what follows it. */
  async #diagnose(
    text: Buffer,
    at: number,
    where: string,
    day: PlainDate | undefined,
    rest: AsyncIterator<Piece, undefined>,
  ): Promise<Failed> {
    const lines = linesOf({ text: text.subarray(at) }, rest);
    const wrong = (await lines.next()).value;
    const expected = this.#follower.end.number + 1;
    if (wrong === undefined || !text.includes(0x0a, at)) return this.#failed('unreadable', day, where);
    if (this.#follower.isNext(wrong.text)) {
      // It follows, but in a day whose root knows no such number.
      const following = new LineFollower(this.#follower.end);
      following.follow(Buffer.from(`${wrong.text}\n`), undefined);
      const after = (await lines.next()).value;
      return this.#failed(after !== undefined && following.isNext(after.text) ? 'reordered' : 'added', day, where);
    }
    if (wrong.number !== undefined && wrong.number > expected) {
      return this.#failed((await this.#foundLater(lines)) ? 'reordered' : 'missing', day, where);
    }
    const after = (await lines.next()).value;
    if (after !== undefined && this.#follower.isNext(after.text)) return this.#failed('added', day, where);
    if (wrong.number === undefined) return this.#failed('unreadable', day, where);
    if (wrong.number === expected) return this.#failed('altered', day, where);
    return this.#failed(after === undefined ? 'added' : 'reordered', day, where);
  }

  async #foundLater(lines: AsyncIterable<Line>): Promise<boolean> {
    const expected = this.#follower.end.number + 1;
    for await (const { number, text } of lines) if (number === expected && this.#follower.isNext(text)) return true;
    return false;
  }

  #verdict(unfinished: boolean): ArchiveVerdict {
    const { head, to } = this.#options;
    const { number, hash } = this.#follower.end;
    if (head !== undefined && to === undefined) {
      if (head.number > number) return this.#failed('cut-off', undefined, this.#where);
      if (head.hash !== hash) return this.#failed('altered', undefined, this.#where, { number });
    }
    return { ok: true, events: this.#events, head: hash, roots: this.#compared, ...(unfinished ? { unfinished } : {}) };
  }

  #failed(
    fault: ArchiveFault,
    day: PlainDate | undefined,
    where: string,
    at: { readonly number: number; readonly until?: number } = { number: this.#follower.end.number + 1 },
  ): Failed {
    return { ok: false, fault, ...at, ...(day === undefined ? {} : { day }), where, events: this.#events };
  }
}

/** The lines of a piece and of all that come after it; damaged parts say nothing more. */
async function* linesOf(
  first: { readonly text?: Buffer },
  rest: AsyncIterator<Piece, undefined>,
): AsyncGenerator<Line, undefined> {
  for (let piece: { readonly text?: Buffer } | undefined = first; piece !== undefined; piece = (await rest.next()).value) {
    for (const text of piece.text?.toString('utf8').split('\n') ?? []) {
      if (text !== '') yield { text, number: readEntry(text)?.number };
    }
  }
}
