import type { Instant } from '../calendar/plain-date.ts';
import type { RetentionPurpose } from '../privacy/retention.ts';

/**
 * What a store deletes thing by thing. Facts are judged by the domain: see privacy/expired-facts.ts; reports are copies and go by
 * themselves.
 */
export type DeletablePurpose = Exclude<RetentionPurpose, 'facts' | 'reports'>;

/** One thing whose time is over. */
export interface ExpiredThing {
  /** `inbox-file`, `fix-it-file`, `attachment`, `identity`, `read`; of facts the feed. */
  readonly kind: string;
  /** Names it in the store. May be a path as somebody named it, so it is told to nobody. */
  readonly key: string;
}

/** Some of what is past keeping; `next` is the place to go on after, absent at the end. */
export interface ExpiredPage {
  readonly things: readonly ExpiredThing[];
  readonly next?: string;
}

/** Things kept for a time, found and deleted by what they were kept for. */
export interface ExpiredData {
  /**
   * Some of what was kept for this purpose and whose time was over before a moment, after a place, in a fixed order. About
   * `limit` are looked at; a page may be empty while `next` is given.
   */
  page(purpose: DeletablePurpose, before: Instant, after: string | undefined, limit: number): Promise<ExpiredPage>;
  /** Deletes what is still as it was found; what is gone already is passed by. Answers how many were there. */
  remove(purpose: DeletablePurpose, things: readonly ExpiredThing[], before: Instant): Promise<number>;
}
