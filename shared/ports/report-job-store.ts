import type { DomainEvent } from '../audit/event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { QuestionId, ReportJob, ReportJobId, ReportPull, ReportPullId } from '../reports/report-job.ts';
import type { ObjectStore } from './object-store.ts';
import type { OutboxMessage } from './outbox.ts';

/** A new version of a job. `job.version` is one above the version it was computed from (0 = none there). */
export interface ReportJobChange {
  readonly job: ReportJob;
  readonly events: readonly DomainEvent[];
  readonly messages: readonly OutboxMessage[];
}

/** Which pulls to list, the newest coming first. */
export interface ReportPullQuery {
  readonly owner: string;
  readonly limit: number;
  readonly after?: string;
}

/** Reports that were asked for: a record for each computing, with everybody who waits for it. */
export interface ReportJobStore {
  /** Strongly consistent. */
  get(id: ReportJobId): Promise<ReportJob | undefined>;
  /** The last computing of a question. Strongly consistent. */
  latest(question: QuestionId): Promise<ReportJob | undefined>;
  /** The job that holds a pull. Strongly consistent. */
  find(pull: ReportPullId): Promise<ReportJob | undefined>;
  /**
   * Saves the change with its events and messages, atomically, if the stored version is still `job.version - 1`; else false.
   * A pull may be in one job only: it is found in the one saved last with it.
   */
  save(change: ReportJobChange): Promise<boolean>;
  /** Listing may lag a moment behind `save` in the cloud, and a page may be shorter than asked while `next` is given. */
  list(
    query: ReportPullQuery,
  ): Promise<{ readonly pulls: readonly { readonly pull: ReportPull; readonly job: ReportJob }[]; readonly next?: string }>;
  /** Jobs whose files are kept (`keptSince`) since before a moment, the oldest first. May lag a moment behind `save`. */
  kept(before: Instant, limit: number): Promise<readonly ReportJob[]>;
}

/** Where reports, and the rows computed for them, lie; all keys begin with `reports/`. */
export interface ReportFiles extends Pick<ObjectStore, 'read' | 'write' | 'list'> {
  /** Deletes an object; false when it was not there. */
  remove(key: string): Promise<boolean>;
}
