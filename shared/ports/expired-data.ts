import type { Instant } from '../calendar/plain-date.ts';
import type { RetentionPurpose } from '../privacy/retention.ts';

/** What can be deleted thing by thing. Facts cannot yet: see docs/decisions/0035-deletion.md. */
export type DeletablePurpose = Exclude<RetentionPurpose, 'facts'>;

/** One thing whose time is over. */
export interface ExpiredThing {
  /** `inbox-file`, `fix-it-file`, `attachment`, `identity`, `read`. */
  readonly kind: string;
  /** Names it in the store. May be a path as somebody named it, so it is told to nobody. */
  readonly key: string;
}

/** Things kept for a time, found and deleted by what they were kept for. */
export interface ExpiredData {
  /** Everything kept for this purpose whose time was over before a moment, by kind and key. */
  of(purpose: DeletablePurpose, before: Instant): Promise<readonly ExpiredThing[]>;
  /** Deletes what is still as it was found; what is gone already is passed by. Answers how many were there. */
  remove(purpose: DeletablePurpose, things: readonly ExpiredThing[], before: Instant): Promise<number>;
}
