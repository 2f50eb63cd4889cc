import { catalog } from '../../../shared/catalog/index.ts';
import {
  type DeletionCertificate,
  type DeletionDeps,
  type DeletionPlan,
  deleteExpired,
  planDeletion,
} from '../../../shared/privacy/delete-expired.ts';
import type { CompiledPack } from '../../../shared/scoring/compiled.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import { ownDataDir } from '../owner.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';
import { operatorName } from '../reading.ts';
import { loadSettings } from '../settings.ts';

/** The command `retention`. */
export const RETENTION: Command = {
  usage: 'retention [plan|apply]',
  purpose: '保存期：到期数据清单、删除并出具凭证 / what is past keeping; deleting it, with certificates',
  options: {},
  words: 1,
  run: retention,
};

/**
 * `retention plan`: what is past keeping today, by purpose and rule. `retention apply`: deletes it and prints a certificate for
 * each purpose; with `--json` a line each (`DeletionPlan`, `DeletionCertificate`).
 */
async function retention(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [verb = 'plan'] = options.args;
  if (verb !== 'plan' && verb !== 'apply') throw new UsageError(`retention ${verb}：应为 plan 或 apply / expected plan or apply`);
  const deps = depsOf(platform);
  if (verb === 'plan') {
    for (const plan of await planDeletion(deps)) print(options.json ? JSON.stringify(plan) : planText(plan));
    return true;
  }
  const certificates = await deleteExpired(deps, operatorName());
  for (const one of certificates) print(options.json ? JSON.stringify(one) : certificateText(one));
  if (certificates.length === 0 && !options.json) print('没有到期数据 / nothing is past keeping');
  clearRemains(platform);
  return true;
}

/** What is deleted is overwritten at once; what passed through queues before may lie in space given free. */
function clearRemains({ dataDir, stores }: Platform): void {
  const owner = ownDataDir(dataDir);
  if (owner === undefined) {
    tell(
      '平台正在运行：数据库空闲空间里的残余待停机后再运行一次本命令时清除 / the platform is running: run this once more while it stands, to clear remains in free space of the database',
    );
    return;
  }
  try {
    stores.rewrite();
  } finally {
    owner.release();
  }
}

function depsOf({ dataDir, stores, clock, casework, packsFor }: Platform): DeletionDeps {
  const packs = new Map<string, CompiledPack>();
  for (const { prefix } of loadSettings(dataDir).areaPacks) for (const pack of packsFor(prefix)) packs.set(pack.pack.id, pack);
  const { expired, eventLog, facts, keptFacts, households: registry, standings, cases, corrections, files: register } = stores;
  return {
    clock,
    catalog,
    expired,
    eventLog,
    facts,
    keptFacts,
    registry,
    standings,
    cases,
    corrections,
    register,
    retention: casework.parameters.retention,
    packs: [...packs.values()],
  };
}

function planText({ title, rule, before, kinds }: DeletionPlan): string {
  const counts = kinds.map(({ kind, count }) => `${kind} ${count}`).join('，') || '无 / none';
  return `${title.zh}：保存${rule.months}个月，${before} 之前的到期：${counts}（${rule.basis.zh}）`;
}

function certificateText(certificate: DeletionCertificate): string {
  const { id, title, rule, before, kinds, digest, at, by, deleted } = certificate;
  return [
    `删除凭证 / certificate of deletion  ${id}`,
    `  内容 / what      ${title.zh} / ${title.en}`,
    `  范围 / before    ${before}`,
    `  数量 / count     ${kinds.map(({ kind, count }) => `${kind} ${count}`).join(', ')}；已删除 / deleted ${deleted}`,
    `  依据 / rule      ${rule.months}个月 / months: ${rule.basis.zh} / ${rule.basis.en}`,
    `  清单摘要 / SHA-256 ${digest}`,
    `  时间与经办 / when, by whom  ${at}  ${by}`,
  ].join('\n');
}
