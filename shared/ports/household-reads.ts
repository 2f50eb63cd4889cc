import type { HouseholdRead } from '../audit/household-reads.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { HouseholdId } from '../registry/household.ts';

/** Which reads of a household to list. */
export interface HouseholdReadQuery {
  readonly household: HouseholdId;
  /** At this moment or later. */
  readonly from?: Instant;
  /** Before this moment. */
  readonly before?: Instant;
  readonly limit: number;
  readonly after?: string;
}

/** Who was shown a household: kept by `EventLog.append` with each read that shows it, so that nobody searches the archive. */
export interface HouseholdReads {
  /** Newest first. Knows a read as soon as its event was appended. */
  ofHousehold(query: HouseholdReadQuery): Promise<{ readonly reads: readonly HouseholdRead[]; readonly next?: string }>;
}
