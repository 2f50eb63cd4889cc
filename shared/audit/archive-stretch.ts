import { createHash, type Hash, hash } from 'node:crypto';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { ArchivePart, DayRange, StoredArchive } from '../ports/event-log.ts';
import type { VerifiedDay } from '../ports/verified-days.ts';
import { FrameError } from './archive-frames.ts';
import type { DailyRoot } from './daily-root.ts';

/** A piece of text, the damage that ends a part, or a whole day that is as it was when it was verified. */
export type Piece = { readonly part: ArchivePart } & (
  | { readonly text: Buffer; readonly damage?: never; readonly known?: never }
  | { readonly damage: FrameError['kind']; readonly text?: never; readonly known?: never }
  | { readonly known: DailyRoot; readonly text?: never; readonly damage?: never }
);

/** All that lies in one day, or before the archive was kept by days. */
type DayParts = readonly [ArchivePart, ...ArchivePart[]];

/** The days of an archive that are to be verified, read through once. */
export class ArchiveStretch {
  readonly #archive: StoredArchive;
  readonly #range: DayRange;
  readonly #verified: ReadonlyMap<PlainDate, VerifiedDay> | undefined;
  readonly #roots: ReadonlyMap<PlainDate, DailyRoot>;
  readonly #digests = new Map<PlainDate, string>();
  #beyond = false;

  constructor(
    archive: StoredArchive,
    { verified, ...range }: DayRange & { readonly verified?: ReadonlyMap<PlainDate, VerifiedDay> },
    roots: ReadonlyMap<PlainDate, DailyRoot>,
  ) {
    this.#archive = archive;
    this.#range = range;
    this.#verified = verified;
    this.#roots = roots;
  }

  /** Whether the archive goes on after the stretch; known once it was read. */
  get goesBeyond(): boolean {
    return this.#beyond;
  }

  /** The digest of a day whose bytes were all read. */
  digestOf(day: PlainDate): string | undefined {
    return this.#digests.get(day);
  }

  /** What is read of the stretch, day by day. */
  async *pieces(): AsyncGenerator<Piece, undefined> {
    for await (const parts of this.#days()) {
      const known = await this.#known(parts);
      if (known !== undefined) yield { part: parts.at(-1) ?? parts[0], known };
      else yield* this.#read(parts);
    }
  }

  /** The parts of each day of the stretch together. */
  async *#days(): AsyncGenerator<DayParts> {
    const { from, to } = this.#range;
    let parts: [ArchivePart, ...ArchivePart[]] | undefined;
    for await (const part of this.#archive.parts()) {
      if (from !== undefined && (part.day === undefined || part.day < from)) continue;
      if (to !== undefined && part.day !== undefined && part.day > to) {
        this.#beyond = true;
        break;
      }
      if (parts !== undefined && parts[0].day === part.day) parts.push(part);
      else {
        if (parts !== undefined) yield parts;
        parts = [part];
      }
    }
    if (parts !== undefined) yield parts;
  }

  /** The root of a day that was verified before and is byte for byte as it was then. */
  async #known(parts: DayParts): Promise<DailyRoot | undefined> {
    const { day } = parts[0];
    const [before, root] = day === undefined ? [] : [this.#verified?.get(day), this.#roots.get(day)];
    if (before === undefined || root?.root !== before.root) return undefined;
    const lines: string[] = [];
    for (const part of parts) {
      if (part.bytes === undefined) return undefined;
      const digest = createHash('sha256');
      for await (const bytes of part.bytes()) digest.update(bytes);
      lines.push(digestLine(part, digest));
    }
    return hash('sha256', lines.join(''), 'hex') === before.digest ? root : undefined;
  }

  async *#read(parts: DayParts): AsyncGenerator<Piece, undefined> {
    const lines: string[] = [];
    for (const part of parts) {
      const digest = createHash('sha256');
      try {
        for await (const text of part.texts((bytes) => digest.update(bytes))) yield { part, text };
        if (part.bytes !== undefined) lines.push(digestLine(part, digest));
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        yield { part, damage: error.kind };
      }
    }
    const { day } = parts[0];
    if (day !== undefined && lines.length === parts.length) this.#digests.set(day, hash('sha256', lines.join(''), 'hex'));
  }
}

/** What a file adds to the digest of its day. */
function digestLine({ name }: ArchivePart, digest: Hash): string {
  return `${name} ${digest.digest('hex')}\n`;
}
