import type { PersonKey } from '../facts/fact.ts';
import type { Sealer } from './sealing.ts';

/**
 * Begins words that are sealed, which stand where the words stood. Nobody can write it: `writtenText` takes no control
 * characters.
 */
const MARK = '\u0002';

/** The seal of words, by which its key is told; undefined for words that are not sealed. */
export function sealOfWords(stored: string): string | undefined {
  return stored.startsWith(MARK) ? stored.slice(MARK.length) : undefined;
}

/** A seal as it stands in place of the words. */
export function wordsUnderSeal(seal: string): string {
  return MARK + seal;
}

/** Seals words that people wrote, bound to whom or what they are about. What is sealed stays as it is. */
export function sealWords(sealer: Sealer, about: PersonKey, words: string): string {
  return sealOfWords(words) === undefined ? wordsUnderSeal(sealer.seal(about, words)) : words;
}

/**
 * Opens what `sealWords` sealed; what is not sealed was kept before words were, and is as it was written.
 * @throws SealError when it was altered, moved here from elsewhere, or sealed with a key that is not held
 */
export function openWords(sealer: Sealer, about: PersonKey, stored: string): string {
  const seal = sealOfWords(stored);
  return seal === undefined ? stored : sealer.open(about, seal);
}

/** What is done to each of the words that people wrote. */
export type ChangeWords = (words: string) => string;

/** Anything with a note that somebody wrote. */
export function changeNote<Noted extends { readonly note?: string | undefined }>(one: Noted, change: ChangeWords): Noted {
  return one.note === undefined ? one : { ...one, note: change(one.note) };
}

/** A kind of record in which people write: all their words are changed in one place, always in the same order. */
export interface Worded<Record> {
  /** Whom or what the words are sealed for. */
  about(record: Record): PersonKey;
  changeWords(record: Record, change: ChangeWords): Record;
}

/** Everything that people wrote in a record, in the order in which it is changed. */
export function wordsIn<Record>(kind: Worded<Record>, record: Record): readonly string[] {
  const found: string[] = [];
  kind.changeWords(record, (words) => {
    found.push(words);
    return words;
  });
  return found;
}

/** A record with all its words sealed. */
export function sealRecord<Record>(kind: Worded<Record>, sealer: Sealer, record: Record): Record {
  return kind.changeWords(record, (words) => sealWords(sealer, kind.about(record), words));
}

/**
 * A record with all its words as they were written.
 * @throws SealError as `openWords` does
 */
export function openRecord<Record>(kind: Worded<Record>, sealer: Sealer, record: Record): Record {
  return kind.changeWords(record, (words) => openWords(sealer, kind.about(record), words));
}

/** Saves changes as `sealed` makes them; answers those not saved as they were given. */
export async function saveSealed<Change>(
  changes: readonly Change[],
  sealed: (change: Change) => Change,
  save: (changes: readonly Change[]) => Promise<readonly Change[]>,
): Promise<readonly Change[]> {
  const given = new Map(changes.map((change) => [sealed(change), change]));
  const lost = await save([...given.keys()]);
  return lost.map((change) => given.get(change) ?? change);
}
