import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import type { Story } from '../../infra/local/case-stories/story.ts';
import { type Moments, momentsOf } from '../stories/moments.ts';
import { silentLog } from './silent-log.ts';

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

/** Plays a story to its end on one machine and answers what was there at each of its moments; `look` sees the county at the end. */
export async function played(story: Story): Promise<{ readonly at: Moments; readonly seen: undefined }>;
export async function played<T>(
  story: Story,
  look: (office: CaseOffice) => Promise<T>,
): Promise<{ readonly at: Moments; readonly seen: T }>;
export async function played<T>(story: Story, look?: (office: CaseOffice) => Promise<T>) {
  return inCounty(story.begins, async (office) => ({ at: await momentsOf(story, office), seen: await look?.(office) }));
}
