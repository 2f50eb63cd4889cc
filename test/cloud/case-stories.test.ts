import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { henan } from '../../infra/local/case-stories/henan.ts';
import { hinggan } from '../../infra/local/case-stories/hinggan.ts';
import { huangshi } from '../../infra/local/case-stories/huangshi.ts';
import { jiangxi } from '../../infra/local/case-stories/jiangxi.ts';
import { shandong } from '../../infra/local/case-stories/shandong.ts';
import type { Story } from '../../infra/local/case-stories/story.ts';
import { yantai } from '../../infra/local/case-stories/yantai.ts';
import { caseFamilyPeople, printedLastMonth } from '../../infra/local/demo-county/case-families.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import { archiveLines } from '../builders/archive.ts';
import { expectHenan } from '../stories/henan.ts';
import { type Afterwards, afterHinggan, expectHinggan } from '../stories/hinggan.ts';
import { expectHuangshi } from '../stories/huangshi.ts';
import { expectJiangxi } from '../stories/jiangxi.ts';
import { type Moments, momentsOf } from '../stories/moments.ts';
import { expectShandong } from '../stories/shandong.ts';
import { expectYantai } from '../stories/yantai.ts';
import { signIn } from './clients.ts';
import { CloudOffice } from './cloud-office.ts';
import { StoryTime } from './story-time.ts';
import { TrialCounty } from './trial-county.ts';

/** Before the first story begins. */
const BEGINS = '2024-01-15T00:00:00.000Z' as Instant;
const stories: readonly Story[] = [henan, shandong, yantai, hinggan, huangshi, jiangxi];

let trial: TrialCounty;
const played = new Map<Story, Promise<{ readonly at: Moments; readonly afterwards: Afterwards | undefined }>>();

/**
 * The stories that test/whole-way plays on one machine, in the cloud: all six in one deployment, side by side from January 2024
 * to March 2025. The emulator does not end waits by their time, so tending does, as it would if the engine had slept.
 */
beforeAll(async () => {
  trial = await TrialCounty.deploy(inject('emulator'), BEGINS);
  const keeper = signIn(trial.cloud, { name: 'trial-keeper', role: 'security-admin', areas: '*' });
  const time = new StoryTime((to) => trial.pass(to));
  const plays = stories.map((story) => async () => {
    const office = new CloudOffice(trial, time, story, () => keeper);
    await office.until(story.begins);
    const at = await momentsOf(story, office);
    return { at, afterwards: story === hinggan ? await afterHinggan(office) : undefined };
  });
  for (const [index, play] of time.play(plays).entries()) {
    const story = stories[index];
    // Each is waited for below, where it belongs.
    play.catch(() => undefined);
    if (story !== undefined) played.set(story, play);
  }
});

afterAll(() => trial.close());

function inTheCloud(story: Story, expectations: (at: Moments, afterwards: () => Afterwards) => void): void {
  describe(`In the cloud: ${story.title.en}`, () => {
    let told: Awaited<ReturnType<(typeof played)['get']>>;
    beforeAll(async () => {
      told = await played.get(story);
    });
    expectations(
      (moment) => {
        if (told === undefined) throw new Error('the story was not played');
        return told.at(moment);
      },
      () => {
        if (told?.afterwards === undefined) throw new Error('nothing was looked at afterwards');
        return told.afterwards;
      },
    );
  });
}

inTheCloud(henan, expectHenan);
inTheCloud(yantai, expectYantai);
inTheCloud(huangshi, expectHuangshi);
inTheCloud(jiangxi, expectJiangxi);
inTheCloud(hinggan, expectHinggan);
inTheCloud(shandong, expectShandong);

describe('the deployment in which the stories were played', () => {
  it('has archived every event in one unbroken chain, without a name or number of the families', async () => {
    const families = (['henan', 'shandong', 'yantai', 'hinggan'] as const).flatMap((family) =>
      caseFamilyPeople(family, printedLastMonth[family]),
    );
    const head = await trial.archive.head();
    expect(await verifyArchive(trial.archive, { head })).toMatchObject({ ok: true });
    const lines: string[] = [];
    for await (const text of archiveLines(trial.archive)) lines.push(text);
    const text = lines.join('\n');
    expect(text).toContain('case.closed');
    expect(families.flatMap(({ name, identityNumber }) => [name, identityNumber]).filter((one) => text.includes(one))).toEqual(
      [],
    );
  });

  it('leaves no dead letters', async () => {
    expect(await trial.deadLetters()).toEqual([]);
  });
});
