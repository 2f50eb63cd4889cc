import type { Bilingual, FeedId } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import { type Reach, reachOf } from '../facts/freshness.ts';
import type { CompiledPack } from './compiled.ts';
import { type Explainable, feedTitles } from './explain.ts';

/** A feed that left questions open: how far its data go, and since when they are lacking. */
export interface MissingFeed {
  readonly feed: FeedId;
  /** The latest period delivered; null when none ever was. */
  readonly latest: string | null;
  /** The first month or day that is lacking, or from which the data no longer count; null when none ever came, or none is lacking. */
  readonly since: string | null;
  readonly text: Bilingual;
}

/** The feeds that left questions of a trace open, each once and in catalog order, with how far they went on the trace's day. */
export function explainMissing(
  compiled: CompiledPack,
  { area, asOf, results }: Pick<Explainable, 'area' | 'asOf' | 'results'>,
  coverage: Coverage,
): readonly MissingFeed[] {
  const missing = new Set(results.flatMap((result) => result.missing));
  return compiled.feeds
    .filter(({ id }) => missing.has(id))
    .map((feed) => {
      const reach = reachOf(feed, coverage, area.slice(0, 6), asOf);
      const title = feedTitles(compiled, [feed.id]);
      const how = reachText(reach);
      const text = { zh: `${title.zh}（${how.zh}）`, en: `${title.en} (${how.en})` };
      return { feed: feed.id, latest: reach.latest ?? null, since: reach.lacking ?? null, text };
    });
}

function reachText({ latest, lacking }: Reach): Bilingual {
  if (latest === undefined) return { zh: '本县从未报送', en: 'never received for this county' };
  if (lacking === undefined) {
    return {
      zh: `已报至${latest}，但有内容不全或退回的行，或晚于本次评估才到`,
      en: `received up to ${latest}, but with rows refused or not complete, or only after this was assessed`,
    };
  }
  return lacking < latest
    ? { zh: `已报至${latest}，其间缺${lacking}`, en: `received up to ${latest}, without ${lacking}` }
    : { zh: `只报至${latest}，自${lacking}起缺`, en: `received up to ${latest} only, lacking since ${lacking}` };
}
