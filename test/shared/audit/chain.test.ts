import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../../shared/audit/chain.ts';
import { verifyArchive } from '../../../shared/audit/verify-archive.ts';
import { archiveOfLines } from '../../builders/archive.ts';
import { householdEvent } from '../../builders/standings.ts';

const entries = extendChain(
  EMPTY_CHAIN,
  [1, 2, 3, 4, 5].map((n) => householdEvent(n, n)),
);
const stored = entries.map(lineOf);
const head = { number: 5, hash: entries.at(-1)?.hash ?? '' };

describe('verifying the archive', () => {
  it('proves an untouched archive and gives its end', async () => {
    expect(await verifyArchive(archiveOfLines(stored), { head })).toEqual({ ok: true, events: 5, head: head.hash, roots: 0 });
  });

  it('holds over archives extended in several steps', () => {
    const first = extendChain(EMPTY_CHAIN, [householdEvent(1, 1), householdEvent(2, 2)]);
    const end = first.at(-1);
    const rest = extendChain(
      { number: 2, hash: end?.hash ?? '', positions: {} },
      [3, 4, 5].map((n) => householdEvent(n, n)),
    );
    expect([...first, ...rest].map(lineOf)).toEqual(stored);
  });

  it('names the first event of which any one byte was changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4 }), fc.nat(), fc.integer({ min: 1, max: 94 }), async (line, at, shift) => {
        const text = stored[line] ?? '';
        const place = at % text.length;
        const changed = String.fromCharCode(((text.charCodeAt(place) - 32 + shift) % 95) + 32);
        const tampered = stored.with(line, text.slice(0, place) + changed + text.slice(place + 1));
        const verdict = await verifyArchive(archiveOfLines(tampered), { head });
        expect(verdict).toMatchObject({ ok: false, number: line + 1, where: `events.jsonl:${line + 1}` });
      }),
    );
  });

  it('names the first missing event', async () => {
    expect(await verifyArchive(archiveOfLines(stored.toSpliced(2, 1)), { head })).toMatchObject({
      ok: false,
      fault: 'missing',
      number: 3,
    });
  });

  it('names the first event out of order', async () => {
    const swapped = [stored[0], stored[2], stored[1], stored[3], stored[4]].map(String);
    expect(await verifyArchive(archiveOfLines(swapped), { head })).toMatchObject({ ok: false, number: 2 });
    const doubled = [stored[0], stored[1], stored[1], stored[2]].map(String);
    expect(await verifyArchive(archiveOfLines(doubled), { head })).toMatchObject({ ok: false, fault: 'added', number: 3 });
  });

  it('misses events cut off the end, when it knows the head', async () => {
    expect(await verifyArchive(archiveOfLines(stored.slice(0, 4)), { head })).toMatchObject({
      ok: false,
      fault: 'cut-off',
      number: 5,
    });
    expect(await verifyArchive(archiveOfLines(stored.slice(0, 4)))).toMatchObject({ ok: true, events: 4 });
  });

  it('sees through a chain that was computed anew after a change', async () => {
    const forged = extendChain(
      EMPTY_CHAIN,
      [1, 2, 9, 4, 5].map((n) => householdEvent(n, n)),
    ).map(lineOf);
    expect(await verifyArchive(archiveOfLines(forged), { head })).toMatchObject({ ok: false, fault: 'altered', number: 5 });
  });

  it('takes an empty archive for whole', async () => {
    expect(await verifyArchive(archiveOfLines([]))).toEqual({ ok: true, events: 0, head: EMPTY_CHAIN.hash, roots: 0 });
  });
});
