import type { ReadTrail } from '../access/read-trail.ts';
import type { Catalog } from '../catalog/feed.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import type { IdentityVault } from '../ports/identity-vault.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { ReasonText } from '../warnings/present-warning.ts';
import type { Pseudonyms } from './pseudonym.ts';
import type { Sealer } from './sealing.ts';

/** What reading a household page or searching for a person needs. */
export interface HouseholdReading extends ReadTrail {
  readonly catalog: Catalog;
  readonly registry: Pick<HouseholdRegistry, 'membersOf' | 'ofPersons'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly vault: Pick<IdentityVault, 'get' | 'byName'>;
  readonly standings: Pick<StandingStore, 'load' | 'past'>;
  readonly files: Pick<FileRegister, 'getMany'>;
  readonly pseudonyms: Pick<Pseudonyms, 'person' | 'name'>;
  readonly sealer: Sealer;
  readonly reasonText: ReasonText;
}
