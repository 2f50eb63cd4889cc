import { join } from 'node:path';
import { type Casework, caseworkOf } from '../../functions/casework-parts.ts';
import { rulePacks } from '../../functions/rule-packs.ts';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import { type Embedded, openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import type { WriteTurn } from '../../shared/adapters/embedded/write-turn.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type Pseudonyms, pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { type Sealer, sealerUnder } from '../../shared/registry/sealing.ts';
import type { CompiledPack } from '../../shared/scoring/compiled.ts';
import { packsOfFolder } from '../pack-folder.ts';
import { KEY_FILE } from './data-directory.ts';
import { loadParameters } from './parameters.ts';
import { loadSettings } from './settings.ts';
import { CountedMetrics } from './stderr-log.ts';

/** A county on one machine as one thread has it open: its stores, secrets and rules. */
export interface County {
  readonly dataDir: string;
  readonly stores: Embedded;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: CountedMetrics;
  readonly pseudonyms: Pseudonyms;
  readonly sealer: Sealer;
  readonly tokenSecret: Uint8Array;
  readonly packsFor: (area: string) => readonly CompiledPack[];
  readonly casework: Casework;
}

/** Folder of the rule packs that come with the program. */
const PACKS = join(import.meta.dirname, '../../shared/scoring/packs');

/**
 * Opens a data directory that was looked over before. The threads of a process that have it open share a turn to write.
 * @throws PermanentError when keys, settings or database are not as they must be, saying what to do
 */
export function openCounty(dataDir: string, clock: Clock, log: Log, turn: WriteTurn): County {
  // Keys before the database: a database without its keys is refused at the next start.
  const keys = loadOrCreateKeys(join(dataDir, KEY_FILE));
  const stores = openEmbedded(dataDir, { clock, turn });
  const settings = loadSettings(dataDir);
  const packsFor = rulePacks(packsOfFolder(PACKS), JSON.stringify(settings.areaPacks), catalog);
  return {
    dataDir,
    stores,
    clock,
    log,
    metrics: new CountedMetrics(),
    pseudonyms: pseudonymsOf(keys.pseudonymKey),
    sealer: sealerUnder(keys.dataKeys),
    tokenSecret: keys.tokenSecret,
    packsFor,
    casework: caseworkOf({
      cases: stores.cases,
      registry: stores.households,
      facts: stores.facts,
      catalog,
      clock,
      packsFor,
      parameters: loadParameters(dataDir),
      // The other threads of this machine are done with a case within milliseconds.
      pause: (attempt) => new Promise((resolve) => setTimeout(resolve, 5 * attempt)),
    }),
  };
}
