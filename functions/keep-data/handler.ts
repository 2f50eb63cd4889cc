import * as z from 'zod';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import type { Bilingual } from '../../shared/catalog/feed.ts';
import { PermanentError } from '../../shared/ports/errors.ts';
import type { KeptRun } from '../../shared/ports/kept-run.ts';
import type { DeletionCertificate, DeletionDeps, DeletionPlan } from '../../shared/privacy/delete-expired.ts';
import { confirmed, type DeletionRun, digestOfPlans, newDeletionRun, proceed } from '../../shared/privacy/deletion-run.ts';
import { goOnResealing, newResealRun, type ResealDeps, type ResealRun } from '../../shared/privacy/reseal-run.ts';
import { sayingWhy } from '../saying-why.ts';

/** Stops a slip of the hand from being taken for an order. */
const Order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('plan') }),
  z.strictObject({ do: z.literal('delete'), digest: z.string().regex(/^[0-9a-f]{64}$/), by: z.string().min(1).max(128) }),
  z.strictObject({ do: z.literal('reseal'), by: z.string().min(1).max(128) }),
]);

/** What the function needs. */
export interface KeepDeps {
  readonly deletion: DeletionDeps;
  /** With the keys as they are now. */
  readonly resealing: () => Promise<ResealDeps>;
  readonly deletionRun: KeptRun<DeletionRun>;
  readonly resealRun: KeptRun<ResealRun>;
}

/** What the person who called is told; with `going-on` the same call is to be made again. */
export interface KeepAnswer {
  readonly state: 'going-on' | 'planned' | 'done' | 'waiting';
  readonly say: Bilingual;
  /** What a deletion is confirmed by. */
  readonly digest?: string;
  readonly plans?: readonly DeletionPlan[];
  readonly certificates?: readonly DeletionCertificate[];
  readonly sealing?: ResealRun;
}

/** Answers a person who plans and confirms a deletion, or has everything sealed anew, each in portions of the time given. */
export function createHandler(deps: KeepDeps): (event: unknown, timeIsUp: () => boolean) => Promise<KeepAnswer> {
  return (event, timeIsUp) => sayingWhy(() => obey(deps, event, timeIsUp));
}

async function obey(deps: KeepDeps, event: unknown, timeIsUp: () => boolean): Promise<KeepAnswer> {
  const order = Order.safeParse(event);
  if (!order.success) {
    throw new PermanentError(
      'UNKNOWN_ORDER',
      '应为 {"do":"plan"}、{"do":"delete","digest":…,"by":…} 或 {"do":"reseal","by":…} / expected one of these orders',
    );
  }
  switch (order.data.do) {
    case 'plan':
      return plan(deps, timeIsUp);
    case 'delete':
      return remove(deps, order.data, timeIsUp);
    case 'reseal':
      return reseal(deps, order.data.by, timeIsUp);
  }
}

async function plan({ deletion, deletionRun }: KeepDeps, timeIsUp: () => boolean): Promise<KeepAnswer> {
  const there = await deletionRun.load();
  if (there?.state === 'checking' || there?.state === 'deleting') {
    throw new PermanentError(
      'DELETION_UNDER_WAY',
      `有一次删除尚未完成，请先以其摘要继续 / a deletion is not finished: go on with its digest first: ${there.confirmed}`,
    );
  }
  const on = dateInChina(deletion.clock.now());
  const run = there?.state === 'planning' && there.on === on ? there : newDeletionRun(on);
  return told(await proceed(deletion, run, (one) => deletionRun.save(one), timeIsUp));
}

async function remove(
  { deletion, deletionRun }: KeepDeps,
  { digest, by }: { readonly digest: string; readonly by: string },
  timeIsUp: () => boolean,
): Promise<KeepAnswer> {
  const there = await deletionRun.load();
  // The same order once more goes on with what it began, or tells again what came of it.
  const begun = there !== undefined && 'confirmed' in there && there.confirmed === digest;
  const run = begun ? there : confirmed(there ?? newDeletionRun(dateInChina(deletion.clock.now())), digest, by);
  if (!begun) await deletionRun.save(run);
  return told(await proceed(deletion, run, (one) => deletionRun.save(one), timeIsUp));
}

function told(run: DeletionRun): KeepAnswer {
  switch (run.state) {
    case 'planned': {
      const say = {
        zh: '清单已生成：核对后以此摘要确认，确认时清单若已变化会请您重新核对',
        en: 'planned: look at it and confirm it by this digest; should it change meanwhile, you are asked to look again',
      };
      return { state: 'planned', say, digest: digestOfPlans(run.on, run.plans), plans: run.plans };
    }
    case 'done':
      return { state: 'done', say: deletedText(leftOf(run.certificates)), certificates: run.certificates };
    case 'planning':
    case 'checking':
    case 'deleting':
      return { state: 'going-on', say: { zh: '尚未完成，请再次调用', en: 'not finished: make the same call again' } };
  }
}

/** Things of the certificates that had changed when their turn came and were left. */
function leftOf(certificates: readonly DeletionCertificate[]): number {
  return certificates.flatMap(({ kinds, deleted }) => [...kinds.map(({ count }) => count), -deleted]).reduce((a, b) => a + b, 0);
}

function deletedText(left: number): Bilingual {
  if (left === 0) return { zh: '已删除，凭证已存档', en: 'deleted; the certificates are archived' };
  return {
    zh: `凭证已存档；其中 ${left} 项在删除时已有变动，未删除，请再次生成清单`,
    en: `the certificates are archived; ${left} things had changed when their turn came and were left: plan again`,
  };
}

async function reseal({ resealing, resealRun }: KeepDeps, by: string, timeIsUp: () => boolean): Promise<KeepAnswer> {
  const [deps, there] = [await resealing(), await resealRun.load()];
  const unfinished = there !== undefined && there.state !== 'done' && there.current === deps.current;
  const run: ResealRun = unfinished ? { ...there, state: 'going-on' } : newResealRun(deps, by);
  const after = await goOnResealing(deps, run, (one) => resealRun.save(one), timeIsUp);
  const say = {
    'going-on': { zh: '尚未完成，请再次调用', en: 'not finished: make the same call again' },
    waiting: {
      zh: '已全部重新加密；尚有文件或消息在途（含死信），处理完后请再次调用，旧密钥暂勿移除',
      en: 'all is sealed anew; files or messages (dead letters too) are on their way: call again afterwards, keep the old keys until then',
    },
    done: {
      zh: '没有任何内容再由旧密钥加密，可移除旧密钥',
      en: 'nothing is sealed with an old key any more: they may be taken out',
    },
  }[after.state];
  return { state: after.state, say, sealing: after };
}
