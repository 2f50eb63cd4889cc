import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BEYOND_FOLDER } from '../../../shared/adapters/embedded/folder-event-archive.ts';
import { verifyArchive } from '../../../shared/audit/verify-archive.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { missingWhereCasesAreOpen } from '../../../shared/casework/missing-parameters.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { coverageOf } from '../../../shared/facts/coverage.ts';
import { feedKnown } from '../../../shared/facts/freshness.ts';
import { QUEUE_NAMES } from '../../../shared/ports/queue.ts';
import type { Command } from '../command.ts';
import { type Check, dataChecks } from '../data-checks.ts';
import type { CommonOptions } from '../options.ts';
import { ownDataDir } from '../owner.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { FAULT_ZH } from './audit-archive.ts';

/** The command `doctor`. */
export const DOCTOR: Command = {
  usage: 'doctor',
  purpose: '检查数据目录 / look over the data directory',
  options: {},
  run: doctor,
};

/** Counties named in a line. */
const COUNTIES_NAMED = 5;

/** Looks over the data directory and says what needs attention. Fails when something is wrong, not when a feed is merely late. */
async function doctor(platform: Platform, options: CommonOptions): Promise<boolean> {
  const checks = [
    runtime(),
    ...(await dataChecks(platform)),
    owner(platform),
    await queues(platform),
    await deadLetters(platform),
    await runs(platform),
    await archive(platform),
    ...archiveBeyond(platform),
    await feeds(platform),
    await parameters(platform),
  ];
  for (const one of checks) {
    if (options.json) print(JSON.stringify(one));
    else print(`${one.ok ? '✓' : '✗'} ${one.zh} / ${one.en}`);
  }
  return checks.every((one) => one.ok);
}

function runtime(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    check: 'node',
    ok: major >= 24,
    zh: `Node ${process.versions.node}（需要 24 以上，用 npm 脚本启动即可）`,
    en: `Node ${process.versions.node}, 24 or later is needed`,
  };
}

function owner(platform: Platform): Check {
  const lock = ownDataDir(platform.dataDir);
  lock?.release();
  return lock === undefined
    ? { check: 'host', ok: true, zh: '有主机进程正在运行', en: 'a host process is running' }
    : {
        check: 'host',
        ok: true,
        zh: '没有主机进程在运行；新文件在 npm start 后处理',
        en: 'no host process is running; new files wait for npm start',
      };
}

async function queues(platform: Platform): Promise<Check> {
  const depths = await Promise.all(QUEUE_NAMES.map((name) => platform.stores.queue.depth(name)));
  const text = QUEUE_NAMES.map((name, index) => `${name} ${depths[index]}`).join(', ');
  return { check: 'queues', ok: true, zh: `待处理 ${text}`, en: `waiting: ${text}` };
}

async function deadLetters(platform: Platform): Promise<Check> {
  const letters = (await Promise.all(QUEUE_NAMES.map((name) => platform.stores.queue.list(name, 100)))).flat();
  const [first] = letters;
  const reason = first === undefined ? '' : `（${first.reason}）`;
  return {
    check: 'dead-letters',
    ok: letters.length === 0,
    zh: `死信 ${letters.length} 条${reason}${letters.length > 0 ? '；排除原因后用 aidwatch dead-letters --put-back 放回' : ''}`,
    en: `${letters.length} dead letters${first === undefined ? '' : ` (${first.reason})`}${letters.length > 0 ? '; put them back with aidwatch dead-letters --put-back once the reason is gone' : ''}`,
  };
}

async function runs({ stores }: Platform): Promise<Check> {
  const { waiting, due, stuck } = await stores.workflow.counts();
  const [first] = await stores.workflow.stuck(1);
  const reason = first === undefined ? '' : `（${first.case}：${first.reason}）`;
  return {
    check: 'case-runs',
    ok: stuck === 0,
    zh: `办件流程 ${waiting} 个等待，${due} 个待续，${stuck} 个卡住${reason}${stuck > 0 ? '；排除原因后用 aidwatch dead-letters --put-back 续办，每天开始时也会另起一程' : ''}`,
    en: `case runs: ${waiting} wait, ${due} to go on with, ${stuck} stuck${stuck > 0 ? '; go on with them by aidwatch dead-letters --put-back once the reason is gone; when the day begins another run takes over' : ''}`,
  };
}

async function archive(platform: Platform): Promise<Check> {
  const { archive: stored } = platform.stores;
  const verdict = await verifyArchive(stored.files(), { head: await stored.head() });
  return verdict.ok
    ? {
        check: 'archive',
        ok: true,
        zh: `事件档案完好，${verdict.events} 个事件`,
        en: `the archive is whole, ${verdict.events} events`,
      }
    : {
        check: 'archive',
        ok: false,
        zh: `事件档案第 ${verdict.number} 个事件有误（${FAULT_ZH[verdict.fault]}）；请停止，保留现状并告知审计管理员，再从备份恢复，见 docs/runbook.md`,
        en: `the archive is ${verdict.fault} at event ${verdict.number}, ${verdict.where}: stop, keep it as it is for the audit administrator, then restore a backup, see docs/runbook.md`,
      };
}

/** What was put aside is somebody's to settle; said until its folder is moved elsewhere. */
function archiveBeyond({ dataDir }: Platform): readonly Check[] {
  const folder = join(dataDir, BEYOND_FOLDER);
  if (!existsSync(folder)) return [];
  return [
    {
      check: 'archive-beyond',
      ok: false,
      zh: `${folder} 中有数据库不认识的事件（数据库曾被换成较旧的）；核对后移到别处保存，见 docs/runbook.md`,
      en: `${folder} holds events that the database does not know, since it was replaced by an older one: settle that, then keep them elsewhere, see docs/runbook.md`,
    },
  ];
}

async function feeds(platform: Platform): Promise<Check> {
  const coverage = coverageOf(await platform.stores.files.deliveries());
  const today = dateInChina(platform.clock.now());
  const late = [...catalog.values()].filter((feed) => {
    const counties = [...(coverage.get(feed.id)?.keys() ?? [])];
    return counties.length === 0 || counties.some((county) => !feedKnown(feed, coverage, county, today));
  });
  const zh = late.map((feed) => feed.title.zh).join('、');
  return {
    check: 'feeds',
    ok: true,
    zh: `${catalog.size - late.length} 类数据是最新的${late.length > 0 ? `；缺少或过期：${zh}` : ''}`,
    en: `${catalog.size - late.length} feeds are fresh${late.length > 0 ? `; missing or stale: ${late.map((feed) => feed.id).join(', ')}` : ''}`,
  };
}

/** Figures nobody may guess, for the counties where families wait for them. Without them offers say "unknown", and that is right. */
async function parameters({ stores, casework, clock }: Platform): Promise<Check> {
  const missing = await missingWhereCasesAreOpen({ cases: stores.cases, parameters: casework.parameters, clock }, ['']);
  const [first] = missing;
  if (first === undefined) {
    return {
      check: 'parameters',
      ok: true,
      zh: '有未结办件的县，本地标准均已录入',
      en: 'local standards are entered wherever cases are open',
    };
  }
  const named = [...Map.groupBy(missing, ({ name }) => name).values()].flatMap((some) => {
    const [one] = some;
    const areas = some
      .slice(0, COUNTIES_NAMED)
      .map(({ area }) => area)
      .join('、');
    const more = some.length - COUNTIES_NAMED;
    if (one === undefined) return [];
    return {
      zh: `${one.title.zh}：${areas}${more > 0 ? `等${some.length}个县` : ''}（${one.without.zh}）`,
      en: `${one.title.en}: ${areas.replaceAll('、', ', ')}${more > 0 ? ` and ${more} more` : ''} (${one.without.en})`,
    };
  });
  return {
    check: 'parameters',
    ok: true,
    zh: `有未结办件而未录入${named.map(({ zh }) => zh).join('；')}。${first.enter.zh}`,
    en: `cases are open and not entered is ${named.map(({ en }) => en).join('; ')}: ${first.enter.en}`,
  };
}
