import { setTimeout as sleep } from 'node:timers/promises';
import { addDataKey, dataKeysIn, KEYS_SEEN_MS, retireOldDataKeys } from '../../shared/adapters/embedded/key-file.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import { resealAttachments } from '../../shared/casework/attachments.ts';
import { resealAll } from '../../shared/registry/reseal.ts';
import type { Platform } from './platform.ts';

/** How far a rotation came. */
export interface Rotation {
  /** `waiting`: files or rows on their way may still be sealed with the old key; it is kept until they are through. */
  readonly state: 'done' | 'waiting';
  readonly current: number;
  readonly retired: readonly number[];
  /** Records and attachments sealed anew by this run. */
  readonly resealed: number;
  /** Messages that may carry old seals, dead letters among them. */
  readonly waiting: number;
}

/** Longest list of dead letters looked at: whether there are any is what counts. */
const ANY = 1;

/**
 * Changes the data key of this machine beside all other work, or goes on with a change that was broken off: makes the new
 * key, lets every process see it, seals everything anew, and takes the old key away once nothing can be sealed with it.
 */
export async function rotateDataKey(platform: Platform, keyFile: string, actor: string): Promise<Rotation> {
  const { stores, sealer, clock } = platform;
  const before = dataKeysIn(keyFile);
  const tell = async (type: 'keys.rotation-begun' | 'keys.rotated', current: number, data: Readonly<Record<string, number>>) =>
    stores.eventLog.append([makeEvent(type, clock.now(), { key: String(current) }, data, clock.now(), actor)]);
  const current = before.held.length > 1 ? before.current : addDataKey(keyFile);
  const old = before.held.filter((id) => id !== current);
  if (before.held.length === 1) await tell('keys.rotation-begun', current, { from: before.current });
  // Processes that run see the new key within this time; what they seal from then on is sealed with it.
  await sleep(2 * KEYS_SEEN_MS);
  let resealed = 0;
  for (;;) {
    const waiting = await onTheirWay(platform);
    const pass = await resealAll(stores.sealed, sealer, current);
    const { resealed: attachments } = await resealAttachments(stores.objects, sealer, current);
    resealed += pass.resealed + attachments;
    // What nothing was on its way to and one whole look found nothing of is gone.
    if (pass.resealed + pass.missed + attachments > 0) continue;
    if (waiting > 0) return { state: 'waiting', current, retired: [], resealed, waiting };
    retireOldDataKeys(keyFile);
    await tell('keys.rotated', current, { resealed });
    return { state: 'done', current, retired: old, resealed, waiting: 0 };
  }
}

/** Files being read and updates not yet stored, both of which hold sealed fields. */
async function onTheirWay({ stores: { queue } }: Platform): Promise<number> {
  const [files, updates] = [await queue.depth('files'), await queue.depth('updates')];
  return files + updates + (await queue.list('updates', ANY)).length;
}
