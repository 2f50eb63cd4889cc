import type { Story, StoryOffice } from '../../infra/local/case-stories/story.ts';
import type { AssistanceChain } from '../../shared/assistance/chain-line.ts';
import { isOffered, type Offer } from '../../shared/assistance/offers.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import type { Standing } from '../../shared/warnings/warning.ts';

/** What was there at a moment of a story. */
export interface Snapshot {
  readonly case: Case;
  readonly standings: readonly Standing[];
  /** Measures offered, and those that were held against the household and do not fit. */
  readonly offered: readonly string[];
  readonly notOffered: readonly string[];
  readonly chain: AssistanceChain;
}

/** The moments of a story that was played, by name. Throws for one that was not told. */
export type Moments = (moment: string) => Snapshot;

/** The county of a story as a test looks at it. */
export interface SeenOffice extends StoryOffice {
  standings(household: HouseholdId): Promise<readonly Standing[]>;
  /** What is put before whoever works on a case. */
  offers(found: Case): Promise<readonly Pick<Offer, 'measure' | 'outcome'>[]>;
  /** Everything asked, given and refused for a household. */
  chain(household: HouseholdId): Promise<AssistanceChain>;
}

/** Plays a story to its end and answers what was there at each of its moments. */
export async function momentsOf(story: Story, office: SeenOffice): Promise<Moments> {
  const moments = new Map<string, Snapshot>();
  await story.play(office, async (moment, _, found) => {
    if (found !== undefined) moments.set(moment, await snapshotOf(office, found));
  });
  return (moment) => {
    const snapshot = moments.get(moment);
    if (snapshot === undefined) throw new Error(`the story told of no moment ${moment}`);
    return snapshot;
  };
}

async function snapshotOf(office: SeenOffice, found: Case): Promise<Snapshot> {
  const standings = await office.standings(found.household);
  // One after the other: in the cloud each call at the same time would start another copy of the function.
  const offers = await office.offers(found);
  const chain = await office.chain(found.household);
  const measures = (wanted: boolean) => [
    ...new Set(offers.filter((offer) => isOffered(offer) === wanted).map(({ measure }) => measure)),
  ];
  return { case: found, standings, offered: measures(true), notOffered: measures(false), chain };
}
