import { join } from 'node:path';
import { type Casework, caseworkOf } from '../../functions/casework-parts.ts';
import { rulePacks } from '../../functions/rule-packs.ts';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import { type Embedded, openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import type { WriteTurn } from '../../shared/adapters/embedded/write-turn.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { PermanentError } from '../../shared/ports/errors.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type Pseudonyms, pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { SealError, type Sealer, sealerUnder } from '../../shared/registry/sealing.ts';
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
/** Seals tried when a county is opened: one may be damaged. */
const TRIED = 3;

/**
 * Opens a data directory that was looked over before. The threads of a process that have it open share a turn to write.
 * @throws PermanentError when keys, settings or database are not as they must be, saying what to do
 */
export function openCounty(dataDir: string, clock: Clock, log: Log, turn: WriteTurn): County {
  // Keys before the database: a database without its keys is refused at the next start.
  const keyFile = join(dataDir, KEY_FILE);
  const keys = loadOrCreateKeys(keyFile);
  const stores = openEmbedded(dataDir, { clock, turn });
  const sealer = sealerUnder(keys.dataKeys);
  if (!opens(sealer, stores)) {
    stores.close();
    throw new PermanentError('keys-of-another-county', foreignKeys(keyFile));
  }
  const settings = loadSettings(dataDir);
  const packsFor = rulePacks(packsOfFolder(PACKS), JSON.stringify(settings.areaPacks), catalog);
  return {
    dataDir,
    stores,
    clock,
    log,
    metrics: new CountedMetrics(),
    pseudonyms: pseudonymsOf(keys.pseudonymKey),
    sealer,
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

/**
 * Whether the keys are those the stored data were sealed with. Files taken in under others would be kept under pseudonyms that fit
 * nothing that is there, and nothing could part them again.
 */
function opens(sealer: Sealer, { identities }: Embedded): boolean {
  const tried = identities.oldest(TRIED);
  const opened = tried.some(({ person, sealed }) => {
    try {
      sealer.open(person, sealed);
      return true;
    } catch (error) {
      if (error instanceof SealError) return false;
      throw error;
    }
  });
  return tried.length === 0 || opened;
}

function foreignKeys(keyFile: string): string {
  return `${keyFile}：密钥文件与数据库不是一套（来自别的县，或来自更换密钥之前或之后的备份），已有姓名打不开，新文件也对不上；请恢复与数据库同一次备份的密钥文件 / ${keyFile}: the keys are not those of this database (of another county, or of a backup before or after a change of keys); no name that is stored could be shown and no new file matched: restore the key file of the same backup as the database`;
}
