import { join } from 'node:path';
import { createHandler as normalizeHandler } from '../../functions/normalize-file/handler.ts';
import { queueFinder } from '../../functions/queue-of.ts';
import { rulePacks } from '../../functions/rule-packs.ts';
import { createHandler as scoreHandler } from '../../functions/score-households/handler.ts';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import { type Embedded, openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type Pseudonyms, pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { type Sealer, sealerOf } from '../../shared/registry/sealing.ts';
import type { CompiledPack } from '../../shared/scoring/compiled.ts';
import { assessPage } from '../../shared/warnings/assess-households.ts';
import { packsOfFolder } from '../pack-folder.ts';
import { KEY_FILE, prepareDataDirectory } from './data-directory.ts';
import { Pump } from './pump.ts';
import { loadSettings } from './settings.ts';
import { CountedMetrics } from './stderr-log.ts';

/** A county on one machine: its stores, secrets and the pump that runs the functions over them. */
export interface Platform {
  readonly dataDir: string;
  readonly stores: Embedded;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: CountedMetrics;
  readonly pseudonyms: Pseudonyms;
  readonly sealer: Sealer;
  readonly tokenSecret: Uint8Array;
  readonly packsFor: (area: string) => readonly CompiledPack[];
  readonly pump: Pump;
  close(): void;
}

/** Folder of the rule packs that come with the program. */
const PACKS = join(import.meta.dirname, '../../shared/scoring/packs');
/** Events archived in one go. */
const ARCHIVE_BATCH = 40_000;
const SOURCE = 'outbox';

/**
 * Opens the data directory, making it with fresh keys when it is new. Reads no file and starts no work.
 * @throws PermanentError when keys, settings or database are not as they must be, saying what to do
 */
export function openPlatform(dataDir: string, clock: Clock, log: Log): Platform {
  prepareDataDirectory(dataDir);
  // Keys before the database: a database without its keys is refused at the next start.
  const keys = loadOrCreateKeys(join(dataDir, KEY_FILE));
  const stores = openEmbedded(dataDir);
  const settings = loadSettings(dataDir);
  const pseudonyms = pseudonymsOf(keys.pseudonymKey);
  const sealer = sealerOf(keys.dataKey);
  const metrics = new CountedMetrics();
  const packsFor = rulePacks(packsOfFolder(PACKS), JSON.stringify(settings.areaPacks), catalog);
  const deps = {
    catalog,
    pseudonyms,
    sealer,
    exchange: stores.objects,
    register: stores.files,
    vault: stores.identities,
    facts: stores.facts,
    registry: stores.households,
    standings: stores.standings,
    queue: stores.queue,
    deadLetters: stores.queue,
    clock,
    log,
    metrics,
    packsFor,
    queueOf: queueFinder({ files: 'files', updates: 'updates', assessments: 'assessments' }),
    pause: (attempt: number) => new Promise<void>((resolve) => setTimeout(resolve, 5 * attempt)),
    // One household a message: the queue then merges those that wait already.
    householdsPerMessage: 1,
    sweepCovers: (households: number) => pump.sweepCovers(households),
  };
  const score = scoreHandler(deps);
  const pump: Pump = new Pump({
    queue: stores.queue,
    handlers: { files: normalizeHandler(deps), updates: score, assessments: score },
    sweep: (after) => assessPage(deps, after),
    archive: () => archiveOutbox(stores),
  });
  return {
    dataDir,
    stores,
    clock,
    log,
    metrics,
    pseudonyms,
    sealer,
    tokenSecret: keys.tokenSecret,
    packsFor,
    pump,
    close: () => stores.close(),
  };
}

/** Moves one batch of waiting events to the archive; answers how many it moved. */
async function archiveOutbox(stores: Embedded): Promise<number> {
  const { positions } = await stores.archive.head();
  const taken = positions[SOURCE] ?? '';
  const batch = await stores.outbox.pending(taken, ARCHIVE_BATCH);
  const last = batch.at(-1);
  if (last === undefined) return 0;
  await archiveEvents(stores.archive, SOURCE, batch);
  await stores.outbox.discard(last.position);
  return batch.length;
}
