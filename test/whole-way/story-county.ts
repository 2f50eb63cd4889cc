import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import type { Story } from '../../infra/local/case-stories/story.ts';
import type { AssistanceChain } from '../../shared/assistance/chain-line.ts';
import { isOffered } from '../../shared/assistance/offers.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { Standing } from '../../shared/warnings/warning.ts';
import { silentLog } from './silent-log.ts';

/** What was there at a moment of a story. */
export interface Snapshot {
  readonly case: Case;
  readonly standings: readonly Standing[];
  /** Measures offered, and those that were held against the household and do not fit. */
  readonly offered: readonly string[];
  readonly notOffered: readonly string[];
  readonly chain: AssistanceChain;
}

/** Plays something in a county of its own, with real files. */
export async function inCounty<T>(at: string, work: (office: CaseOffice) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'aidwatch-story-'));
  const office = await CaseOffice.open(join(root, 'data'), at, silentLog);
  try {
    return await work(office);
  } finally {
    await office.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** Plays a story to its end and answers what was there at each of its moments; `look` sees the county at the end. */
export async function played<T = undefined>(
  story: Story,
  look?: (office: CaseOffice, last: Case) => Promise<T>,
): Promise<{ readonly at: (moment: string) => Snapshot; readonly seen: T | undefined }> {
  return inCounty(story.begins, async (office) => {
    const moments = new Map<string, Snapshot>();
    let last: Case | undefined;
    await story.play(office, async (moment, _, found) => {
      if (found === undefined) return;
      last = found;
      const standings = (await office.platform.stores.standings.load([found.household])).get(found.household) ?? [];
      const offers = await office.offers(found);
      const measures = (wanted: boolean) => [
        ...new Set(offers.filter((offer) => isOffered(offer) === wanted).map(({ measure }) => measure)),
      ];
      moments.set(moment, {
        case: found,
        standings,
        offered: measures(true),
        notOffered: measures(false),
        chain: await office.chain(found.household),
      });
    });
    const seen = last === undefined || look === undefined ? undefined : await look(office, last);
    return {
      at(moment) {
        const snapshot = moments.get(moment);
        if (snapshot === undefined) throw new Error(`the story told of no moment ${moment}`);
        return snapshot;
      },
      seen,
    };
  });
}
