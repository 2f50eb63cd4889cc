import type { ResealedRecord, SealedRecord, SealedTexts } from '../ports/sealed-texts.ts';
import { keyIdOf, type Sealer } from './sealing.ts';

/** Records looked at in one go. */
const PAGE = 500;

/** What one way through everything sealed came to. */
export interface ResealPass {
  readonly looked: number;
  /** Records that were sealed with another key than the current one, or not at all, and are no more. */
  readonly resealed: number;
  /** Records that somebody changed meanwhile, to be looked at again. */
  readonly missed: number;
}

/**
 * Goes once through everything a store keeps sealed and seals anew, with the current key, what is sealed with another, and words
 * that are not sealed yet. May be
 * killed anywhere and begun again: what is sealed anew already is passed by. People read on meanwhile.
 */
export async function resealAll(
  store: SealedTexts,
  sealer: Sealer,
  current: number,
  progress: (pass: ResealPass) => void = () => undefined,
): Promise<ResealPass> {
  let pass: ResealPass = { looked: 0, resealed: 0, missed: 0 };
  let after: string | undefined;
  do {
    const page = await resealPage(store, sealer, current, after);
    pass = {
      looked: pass.looked + page.looked,
      resealed: pass.resealed + page.resealed,
      missed: pass.missed + page.missed,
    };
    progress(pass);
    after = page.next;
  } while (after !== undefined);
  return pass;
}

/** The same for one page; `next` is the place to go on after. */
export async function resealPage(
  store: SealedTexts,
  sealer: Sealer,
  current: number,
  after: string | undefined,
): Promise<ResealPass & { readonly next?: string }> {
  const { records, next } = await store.page(after, PAGE);
  const old = records.filter(
    ({ texts, unsealed = [] }) => unsealed.length > 0 || texts.some((text) => keyIdOf(text) !== current),
  );
  const replaced = old.length === 0 ? 0 : await store.replace(old.map((record) => resealed(record, sealer, current)));
  const pass = { looked: records.length, resealed: replaced, missed: old.length - replaced };
  return next === undefined ? pass : { ...pass, next };
}

function resealed(record: SealedRecord, sealer: Sealer, current: number): ResealedRecord {
  const texts = record.texts.map((text) =>
    keyIdOf(text) === current ? text : sealer.seal(record.person, sealer.open(record.person, text)),
  );
  return { record, texts, sealed: (record.unsealed ?? []).map((words) => sealer.seal(record.person, words)) };
}

/** How many sealed texts there are under each key. */
export async function countByKey(store: SealedTexts): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  let after: string | undefined;
  do {
    const page = await store.page(after, PAGE);
    for (const { texts } of page.records) {
      for (const text of texts) counts.set(keyIdOf(text), (counts.get(keyIdOf(text)) ?? 0) + 1);
    }
    after = page.next;
  } while (after !== undefined);
  return counts;
}
