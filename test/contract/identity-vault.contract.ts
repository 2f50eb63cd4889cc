import { describe, expect, it } from 'vitest';
import type { IdentityVault } from '../../shared/ports/identity-vault.ts';
import { fileSequence, personKey } from '../builders/facts.ts';
import { sealedIdentity } from '../builders/registrations.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

/** What every IdentityVault promises. */
export function identityVaultContract(name: string, maker: SubjectMaker<IdentityVault>): void {
  const eventually = settle(maker);
  describe(`identity vault: ${name}`, () => {
    it('gives back a sealed identity exactly as it was put', () =>
      withSubject(maker, async (vault) => {
        const identity = sealedIdentity(1, { sealed: 'A'.repeat(400) });
        await vault.put([identity]);
        expect(await vault.get([identity.person])).toEqual(new Map([[identity.person, identity]]));
        expect(await vault.known([identity.person])).toEqual(
          new Map([[identity.person, { nameKey: identity.nameKey, seq: identity.seq }]]),
        );
      }));

    it('keeps the spelling of the latest file, in whatever order they come', () =>
      withSubject(maker, async (vault) => {
        await vault.put([sealedIdentity(1, { seq: fileSequence(5), nameKey: 'march' })]);
        await vault.put([sealedIdentity(1, { seq: fileSequence(9, '2024-02-29'), nameKey: 'february, arrived later' })]);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.nameKey).toBe('march');
        await vault.put([sealedIdentity(1, { seq: fileSequence(6), nameKey: 'march, corrected' })]);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.nameKey).toBe('march, corrected');
      }));

    it('keeps the latest of several spellings in one call', () =>
      withSubject(maker, async (vault) => {
        await vault.put([3, 7, 5].map((n) => sealedIdentity(1, { seq: fileSequence(n), nameKey: `file ${n}` })));
        expect((await vault.known([personKey(1)])).get(personKey(1))).toEqual({ nameKey: 'file 7', seq: fileSequence(7) });
      }));

    it('keeps the latest of simultaneous puts', () =>
      withSubject(maker, async (vault) => {
        await Promise.all(
          [2, 6, 4, 1].map((n) => vault.put([sealedIdentity(1, { seq: fileSequence(n), nameKey: `file ${n}` })])),
        );
        expect((await vault.known([personKey(1)])).get(personKey(1))?.nameKey).toBe('file 6');
      }));

    it('takes the same put twice', () =>
      withSubject(maker, async (vault) => {
        await vault.put([sealedIdentity(1)]);
        await vault.put([sealedIdentity(1), sealedIdentity(1)]);
        expect((await vault.get([personKey(1)])).get(personKey(1))).toEqual(sealedIdentity(1));
      }));

    it('finds people of exactly a name by person key, up to a limit, and not under a name they no longer have', () =>
      withSubject(maker, async (vault) => {
        const people = Array.from({ length: 30 }, (_, n) => sealedIdentity(n, { nameKey: n % 3 === 0 ? 'same' : `other-${n}` }));
        await vault.put(people);
        const same = people
          .filter((_, n) => n % 3 === 0)
          .map((one) => one.person)
          .sort();
        await eventually(async () => {
          expect(await vault.byName('same', 100)).toEqual(same);
          expect(await vault.byName('same', 4)).toEqual(same.slice(0, 4));
          expect(await vault.byName('same', 4, same[3])).toEqual(same.slice(4, 8));
          expect(await vault.byName('same', 4, same.at(-1))).toEqual([]);
          expect(await vault.byName('sam', 4)).toEqual([]);
        });
        await vault.put([sealedIdentity(0, { nameKey: 'renamed', seq: fileSequence(8) })]);
        await eventually(async () => {
          expect(await vault.byName('same', 100)).toEqual(same.filter((person) => person !== personKey(0)));
          expect(await vault.byName('renamed', 100)).toEqual([personKey(0)]);
        });
      }));

    it('takes more than one batch of any store holds, leaves unknown people out, and takes empty lists', () =>
      withSubject(maker, async (vault) => {
        const people = Array.from({ length: 130 }, (_, n) => sealedIdentity(n));
        await vault.put(people);
        const asked = [...people.map((one) => one.person), personKey(999)];
        expect((await vault.get(asked)).size).toBe(130);
        expect((await vault.known(asked)).size).toBe(130);
        await vault.put([]);
        expect(await vault.get([])).toEqual(new Map());
        expect(await vault.known([])).toEqual(new Map());
      }));
  });
}
