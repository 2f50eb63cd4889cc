import { makeEvent } from '../audit/make-event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import { resealAttachments } from '../casework/attachments.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { SealedTexts } from '../ports/sealed-texts.ts';
import { resealPage } from '../registry/reseal.ts';
import type { Sealer } from '../registry/sealing.ts';

/** What sealing everything anew in portions needs. */
export interface ResealDeps {
  readonly sealed: SealedTexts;
  readonly sealer: Sealer;
  /** Number of the key that seals. */
  readonly current: number;
  readonly objects: Pick<ObjectStore, 'list' | 'read' | 'write'>;
  /** Files and messages on their way that may carry old seals, dead letters among them. */
  readonly onTheirWay: () => Promise<number>;
  readonly eventLog: Pick<EventLog, 'append'>;
  readonly clock: Clock;
}

/**
 * How far sealing anew came: `waiting` when all is done but something on its way may bring old seals, `done` when one whole look
 * found nothing old with nothing on its way.
 */
export interface ResealRun {
  readonly state: 'going-on' | 'waiting' | 'done';
  readonly current: number;
  readonly by: string;
  readonly since: Instant;
  /** Records and attachments sealed anew by this run. */
  readonly resealed: number;
  /** The look under way: what it found old, how much was on its way when it began, where it is: records first, then attachments. */
  readonly look?: {
    readonly found: number;
    readonly onTheirWay: number;
    readonly of: 'records' | 'attachments';
    readonly after?: string;
  };
}

/** A run for the key that seals now. */
export function newResealRun({ current, clock }: ResealDeps, by: string): ResealRun {
  return { state: 'going-on', current, by, since: clock.now(), resealed: 0 };
}

/** Goes on page by page until nothing old is left or time is up; `save` is called after each page. */
export async function goOnResealing(
  deps: ResealDeps,
  run: ResealRun,
  save: (run: ResealRun) => Promise<void>,
  timeIsUp: () => boolean,
): Promise<ResealRun> {
  const telling = run.resealed > 0 ? deps : tellingFirst(deps, run);
  let now = run;
  while (now.state === 'going-on' && !timeIsUp()) {
    now = await step(telling, now, timeIsUp);
    await save(now);
  }
  return now;
}

/** Tells that the run has begun before the first text it changes: told afterwards, a run that is cut off in between never is. */
function tellingFirst(deps: ResealDeps, run: ResealRun): ResealDeps {
  let begun = false;
  const begin = async () => {
    if (begun) return;
    await tell(deps, run, 'keys.rotation-begun', {});
    begun = true;
  };
  const { sealed, objects } = deps;
  return {
    ...deps,
    sealed: {
      page: (after, limit) => sealed.page(after, limit),
      replace: async (changes) => {
        await begin();
        return sealed.replace(changes);
      },
    },
    objects: {
      list: (prefix) => objects.list(prefix),
      read: (key) => objects.read(key),
      write: async (key, body) => {
        await begin();
        await objects.write(key, body);
      },
    },
  };
}

async function step(deps: ResealDeps, run: ResealRun, timeIsUp: () => boolean): Promise<ResealRun> {
  const { look } = run;
  if (look === undefined) {
    return { ...run, look: { found: 0, onTheirWay: await deps.onTheirWay(), of: 'records' } };
  }
  return look.of === 'records' ? records(deps, run, look) : attachments(deps, run, look, timeIsUp);
}

type Look = NonNullable<ResealRun['look']>;

async function records(deps: ResealDeps, run: ResealRun, { after, ...look }: Look): Promise<ResealRun> {
  const { resealed, missed, next } = await resealPage(deps.sealed, deps.sealer, run.current, after);
  const found = look.found + resealed + missed;
  const there: Look = next === undefined ? { ...look, found, of: 'attachments' } : { ...look, found, after: next };
  return { ...run, resealed: run.resealed + resealed, look: there };
}

async function attachments(
  deps: ResealDeps,
  { look: _, ...run }: ResealRun,
  { after, ...look }: Look,
  timeIsUp: () => boolean,
): Promise<ResealRun> {
  const { resealed, next } = await resealAttachments(deps.objects, deps.sealer, run.current, after, timeIsUp);
  const found = look.found + resealed;
  const all: ResealRun = { ...run, resealed: run.resealed + resealed };
  if (next !== undefined) return { ...all, look: { ...look, found, after: next } };
  // Once more: what was found old may have come in behind this look.
  if (found > 0) return all;
  if (look.onTheirWay > 0) return { ...all, state: 'waiting' };
  if (all.resealed > 0) await tell(deps, all, 'keys.rotated', { resealed: all.resealed });
  return { ...all, state: 'done' };
}

async function tell(
  { eventLog }: ResealDeps,
  { current, since, by }: ResealRun,
  type: 'keys.rotation-begun' | 'keys.rotated',
  data: Readonly<Record<string, number>>,
): Promise<void> {
  await eventLog.append([makeEvent(type, since, { key: String(current) }, data, since, by)]);
}
