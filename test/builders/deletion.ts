import { packsOfFolder } from '../../infra/pack-folder.ts';
import type { Embedded } from '../../shared/adapters/embedded/open-embedded.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { DeletionDeps } from '../../shared/privacy/delete-expired.ts';
import { compilePack } from '../../shared/scoring/compile.ts';

const packs = packsOfFolder('shared/scoring/packs').map((pack) => compilePack(pack, catalog));

/** What deleting needs, over the stores of one machine at a moment, with every pack that ships in force. */
export function deletionOver(
  stores: Embedded,
  at: Instant,
  changes: Partial<Pick<DeletionDeps, 'retention' | 'keptFacts'>> = {},
): DeletionDeps {
  const { expired, eventLog, facts, keptFacts, households: registry, standings, cases, corrections, files: register } = stores;
  const parts = { expired, eventLog, facts, keptFacts, registry, standings, cases, corrections, register };
  return { clock: { now: () => at }, catalog, ...parts, retention: [], packs, ...changes };
}
