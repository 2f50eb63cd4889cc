import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { HouseholdId, Member, Membership } from '../registry/household.ts';

/** What the registry keeps for a person, derived from the person's facts. */
export interface PersonRegistration {
  readonly person: PersonKey;
  readonly birth: Member['birth'];
  readonly sex: Member['sex'];
  readonly memberships: readonly Membership[];
  /** How many chunks it was derived from. Facts only grow, so more chunks is newer. */
  readonly version: number;
}

/** Who lives with whom, over time. */
export interface HouseholdRegistry {
  /**
   * Keeps each registration unless one of the same or a higher version is there, atomically with the `membership.changed`
   * event that tells that the memberships differ; an event may tell of many people. Answers with every household each person was ever placed in, the new ones included.
   */
  register(registrations: readonly PersonRegistration[], at: Instant): Promise<ReadonlyMap<PersonKey, readonly HouseholdId[]>>;
  /**
   * Everyone ever placed in these households, each with all their stretches: in it (possibly none any more) and elsewhere, by
   * which somebody who moved away is told from somebody who died. Strongly consistent.
   */
  membersOf(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, readonly PersonRegistration[]>>;
  /** Every household each of these people was ever placed in, as `register` answers; also those they are no longer said to have been in. */
  everOf(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly HouseholdId[]>>;
  /** The registration of these people. */
  ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, PersonRegistration>>;
  /**
   * Pages through all households ever placed, in a fixed order. With `livedInFrom` a store may leave out those nobody belongs
   * to on that day or later and that were never assessed: most people were once alone before somebody registered them.
   */
  households(query: {
    readonly limit: number;
    readonly after?: string;
    readonly livedInFrom?: PlainDate;
  }): Promise<{ readonly households: readonly HouseholdId[]; readonly next?: string }>;
}
