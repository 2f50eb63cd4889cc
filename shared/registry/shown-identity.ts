import { discloseIdentity } from '../access/masking.ts';
import type { Disclosure } from '../access/policy.ts';
import type { SealedIdentity } from '../ports/identity-vault.ts';
import { openIdentity, type Sealer } from './sealing.ts';

/** Name and number of somebody as a disclosure shows them; empty for somebody no file has named. */
export function shownIdentity(
  sealer: Sealer,
  kept: SealedIdentity | undefined,
  disclosure: Disclosure,
): { readonly name: string; readonly number: string | null } {
  const identity = kept === undefined ? { name: '', number: '' } : openIdentity(sealer, kept.person, kept.sealed);
  return discloseIdentity(identity, disclosure);
}
