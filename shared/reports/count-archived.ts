import { basename } from 'node:path/posix';
import { firstOfEventsFile } from '../audit/archive-layout.ts';
import { readEntry, textOf } from '../audit/chain.ts';
import type { ArchiveEntry, ArchivePart, StoredArchive } from '../ports/event-log.ts';
import type { NumberedTally, TallyStore } from '../ports/tally-store.ts';
import { COUNTED_EVENTS, talliesOf } from './tallies.ts';

/** Tallies added to the store at a time. */
const PORTION = 50_000;

/**
 * Counts what was just archived. Where something before it is not counted yet (counting stopped in between, or the counts are
 * new), the archive is read again from there first.
 */
export async function countArchived(
  { archive, tallies }: { readonly archive: Pick<StoredArchive, 'parts'>; readonly tallies: TallyStore },
  added: readonly ArchiveEntry[],
): Promise<void> {
  const [first, last] = [added[0], added.at(-1)];
  if (first === undefined || last === undefined) return;
  const counted = await tallies.countedUpTo();
  if (counted >= last.number) return;
  if (counted + 1 < first.number) {
    await countFrom(archive, tallies, counted);
    return;
  }
  const fresh = added.filter(({ number }) => number > counted);
  await tallies.add(
    fresh.flatMap((entry) => told(entry.number, textOf(entry), () => entry)),
    last.number,
  );
}

/** Counts the rest of the archive after an event, a portion at a time. */
async function countFrom(archive: Pick<StoredArchive, 'parts'>, tallies: TallyStore, counted: number): Promise<void> {
  let portion: NumberedTally[] = [];
  let upTo = counted;
  for await (const part of partsFrom(archive, counted + 1)) {
    for await (const texts of part.texts()) {
      for (const line of texts.toString('utf8').split('\n')) {
        const number = numberOf(line);
        if (number === undefined || number <= upTo) continue;
        portion.push(...told(number, eventIn(line), () => readEntry(line)));
        upTo = number;
      }
      if (portion.length < PORTION) continue;
      await tallies.add(portion, upTo);
      portion = [];
    }
  }
  if (upTo > counted) await tallies.add(portion, upTo);
}

/** The parts that may hold an event of this number or a later one. */
async function* partsFrom(archive: Pick<StoredArchive, 'parts'>, number: number): AsyncGenerator<ArchivePart> {
  let before: ArchivePart | undefined;
  for await (const part of archive.parts(number)) {
    const first = firstOfEventsFile(basename(part.name));
    if (before !== undefined && (first === undefined || first > number)) yield before;
    before = part;
  }
  if (before !== undefined) yield before;
}

function told(number: number, text: string, read: () => ArchiveEntry | undefined): readonly NumberedTally[] {
  if (!COUNTED_EVENTS.test(text)) return [];
  const entry = read();
  return entry === undefined ? [] : talliesOf(entry.event).map((tally) => ({ ...tally, number }));
}

function numberOf(line: string): number | undefined {
  const digits = /"number":(\d+)\}$/.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The event's text within a line of the archive. */
function eventIn(line: string): string {
  return line.slice('{"event":'.length, line.lastIndexOf(',"hash":'));
}
