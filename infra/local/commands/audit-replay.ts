import { allow } from '../../../shared/access/policy.ts';
import { recordRead } from '../../../shared/access/read-trail.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import { type ReplayObstacle, replayAssessment } from '../../../shared/warnings/replay-assessment.ts';
import { readerAccess } from '../acting.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { readingOf } from '../reading.ts';
import { archiveAll } from '../work.ts';

const OBSTACLES: Readonly<Record<ReplayObstacle, string>> = {
  'inputs-not-told': '该评估由较早版本写入，未记当时所知 / written by an earlier version that did not say what was known',
  'facts-deleted': '当时所据的数据有的已到期删除 / some of what was known has been deleted since, its time being over',
  'facts-missing': '档案所记的数据行有的已不在库中 / facts the archive tells of are no longer stored',
  'deliveries-differ': '当时的报送情况无法还原 / what had been delivered then cannot be told any more',
  'rules-not-here': '此机没有当时版本的规则包 / the version of the rule pack is not on this machine',
};

/**
 * `audit replay <event>`: computes an assessment again from what was known then and says whether it comes out bit for bit. The
 * event is that of `household.assessed`. Fails when it does not come out.
 */
export async function auditReplay(platform: Platform, options: CommonOptions): Promise<boolean> {
  const id = options.args[1];
  if (id === undefined) throw new UsageError('哪一次评估？ / which assessment? aidwatch audit replay <event>');
  const access = await readerAccess(platform, options);
  allow(access.principal, 'household.read');
  await archiveAll(platform);
  const { stores, packsFor, pseudonyms } = platform;
  const replay = await replayAssessment(
    { archive: stores.archive, facts: stores.facts, register: stores.files, catalog, packsFor, pseudonyms },
    id,
  );
  if (replay === undefined) {
    throw new NotFoundError(`${id}：档案中没有这次评估 / the archive has no such assessment`);
  }
  allow(access.principal, 'household.read', { area: replay.area });
  await recordRead(readingOf(platform), access, 'household.read', { household: replay.household }, 1);
  if (options.json) print(JSON.stringify(replay));
  else if ('obstacle' in replay) {
    print(`无法重算：${OBSTACLES[replay.obstacle]}`);
    for (const { on, certificate } of replay.deleted ?? []) print(`  ${on} 删除，凭证 / deleted, certificate ${certificate}`);
  } else if (replay.outcome === 'same') {
    print(
      `一致：第 ${replay.number} 个事件的评估由当时所知重算，逐位相同 / the same: it comes out bit for bit, ${replay.digest}`,
    );
  } else {
    print(`不一致：第 ${replay.number} 个事件的评估重算结果不同，数据或规则已被改动`);
    print(`different: ${replay.recomputed} instead of ${replay.digest}; facts or rules are not what they were`);
  }
  return replay.outcome === 'same';
}
