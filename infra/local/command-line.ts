import { resolve } from 'node:path';
import { type ClockSetting, clockFrom, clockOf, systemClock } from './clock.ts';
import { AUDIT_OPTIONS, audit } from './commands/audit.ts';
import { verifyCopy, worksOnCopy } from './commands/audit-archive.ts';
import { CASES_OPTIONS, cases } from './commands/cases.ts';
import { CORRECTIONS_OPTIONS, corrections } from './commands/corrections.ts';
import { DASHBOARD_OPTIONS, dashboard } from './commands/dashboard.ts';
import { DEAD_LETTER_OPTIONS, deadLetters } from './commands/dead-letters.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { household } from './commands/household.ts';
import { ingest } from './commands/ingest.ts';
import { keys } from './commands/keys.ts';
import { NEWBORNS_OPTIONS, newborns } from './commands/newborns.ts';
import { PERIOD_OPTIONS, period } from './commands/period.ts';
import { PIA_OPTIONS, pia } from './commands/pia.ts';
import { REPORT_OPTIONS, report } from './commands/report.ts';
import { retention } from './commands/retention.ts';
import { SCORECARD_OPTIONS, scorecard } from './commands/scorecard.ts';
import { SERVE_OPTIONS, serve } from './commands/serve.ts';
import { SIMULATE_OPTIONS, simulate } from './commands/simulate.ts';
import { warnings } from './commands/warnings.ts';
import { requireCounty } from './data-directory.ts';
import { failureInWords } from './failure-words.ts';
import { type CommonOptions, readOptions, UsageError, workersOf } from './options.ts';
import { openPlatform, type Platform, threadsOfMachine } from './platform.ts';
import { print, tell } from './print.ts';
import { READING_OPTIONS } from './reading.ts';
import { stderrLog } from './stderr-log.ts';

/** A command: what it is for, its own options, and what it does. False means it found something wrong. */
interface Command {
  readonly usage: string;
  readonly purpose: string;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  /** Makes the county when the data directory is new; other commands only read one. */
  readonly makesCounty?: true;
  /** Most words it takes beside options; 0 unless given. */
  readonly words?: number;
  readonly run: (platform: Platform, options: CommonOptions) => Promise<boolean>;
}

const LIST_OPTIONS = {
  ...READING_OPTIONS,
  status: { type: 'string' },
  grade: { type: 'string' },
  area: { type: 'string' },
} as const;

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve [--empty] [--households N]',
    purpose: '运行本机平台 / run the county on this machine',
    options: SERVE_OPTIONS,
    makesCounty: true,
    run: serve,
  },
  ingest: {
    usage: 'ingest <file|folder>…',
    purpose: '接收文件并评估 / take files in and assess',
    options: {},
    words: Number.POSITIVE_INFINITY,
    makesCounty: true,
    run: ingest,
  },
  simulate: {
    usage: 'simulate --out <folder> [--seed N] [--households N] [--months N] [--until YYYY-MM]',
    purpose: '生成虚构县的文件 / make the files of an invented county',
    options: SIMULATE_OPTIONS,
    run: (platform, options) => simulate(platform.clock, options),
  },
  warnings: {
    usage: 'warnings [--status S] [--grade G] [--area PREFIX]',
    purpose: '预警清单 / list warnings',
    options: LIST_OPTIONS,
    run: warnings,
  },
  household: {
    usage: 'household <id|identity number>',
    purpose: '一户全貌 / all about one household',
    options: READING_OPTIONS,
    words: 1,
    run: household,
  },
  explain: {
    usage: 'explain <warning>',
    purpose: '解释预警 / put a warning into words',
    options: READING_OPTIONS,
    words: 1,
    run: explain,
  },
  cases: {
    usage: 'cases [list|show <case>|act <case> <action>] [--as A] [--with JSON]',
    purpose: '办件：清单、详情、办理 / cases: list, show, act',
    options: CASES_OPTIONS,
    words: 3,
    run: cases,
  },
  corrections: {
    usage: 'corrections [list|show <id>] [--status S] [--department D] [--area PREFIX]',
    purpose: '更正通知：入户核查发现有误的数据行 / rows found wrong, and what departments answered',
    options: CORRECTIONS_OPTIONS,
    words: 2,
    run: corrections,
  },
  scorecard: {
    usage: 'scorecard [--from DATE] [--to DATE] [--department D]',
    purpose: '数据质量记分，按部门和数据类别 / data quality by department and feed',
    options: SCORECARD_OPTIONS,
    run: scorecard,
  },
  dashboard: {
    usage: 'dashboard [--area PREFIX] [--month YYYY-MM]',
    purpose: '辖区概况：在办、逐月、规则成效、下级对比 / an area at a glance: cases, months, rules, areas below',
    options: DASHBOARD_OPTIONS,
    run: dashboard,
  },
  report: {
    usage: 'report [name] --from DATE --to DATE [--area P] [--format F] [--out DIR]',
    purpose: '台账与报表，附封面和校验值 / ledgers and reports, with cover and digests',
    options: REPORT_OPTIONS,
    words: 1,
    run: report,
  },
  period: {
    usage: 'period list|close <YYYY-MM> [--as A] [--area PREFIX]',
    purpose: '关账：此后报表不再变动，迟到的列为调整 / close a month, later events show as adjustments',
    options: PERIOD_OPTIONS,
    words: 2,
    run: period,
  },
  newborns: {
    usage: 'newborns [--area PREFIX] [--from DATE] [--to DATE]',
    purpose: '新生儿参保率，按县 / share of newborns enrolled, by county',
    options: NEWBORNS_OPTIONS,
    run: newborns,
  },
  demo: {
    usage: 'demo [story]',
    purpose: '演示家庭从预警或电话到办结 / families from file or call to the closed case',
    options: {},
    words: 1,
    run: (_, options) => demo(options),
  },
  audit: {
    usage: 'audit verify|roots|reads <household>|findings|replay <event>',
    purpose: '验证档案、日根；谁查询过一户；审计发现 / prove the archive, its roots; who looked; findings; replay',
    options: AUDIT_OPTIONS,
    words: 2,
    run: audit,
  },
  pia: {
    usage: 'pia [--language zh|en]',
    purpose: '个人信息保护影响评估 / the impact assessment',
    options: PIA_OPTIONS,
    run: pia,
  },
  retention: {
    usage: 'retention plan|apply',
    purpose: '保存期：到期数据清单、删除并出具凭证 / what is past keeping; deleting it, with certificates',
    options: {},
    words: 1,
    run: retention,
  },
  keys: {
    usage: 'keys status|rotate',
    purpose: '数据密钥：现状、更换 / data keys: how they stand, changing them',
    options: {},
    words: 1,
    run: keys,
  },
  doctor: { usage: 'doctor', purpose: '检查数据目录 / look over the data directory', options: {}, run: doctor },
  'dead-letters': {
    usage: 'dead-letters [--put-back]',
    purpose: '死信清单与放回 / messages that failed, and putting them back',
    options: DEAD_LETTER_OPTIONS,
    run: deadLetters,
  },
};

const COMMON = '--data DIR  --now <ISO date-time>  --json  --help';

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name === undefined ? undefined : COMMANDS[name];
  if (command === undefined) {
    const asked = name === undefined || name === '--help' || name === 'help';
    if (!asked) tell(`没有“${name}”这个命令，可用的如下 / there is no command "${name}"; these are`);
    (asked ? print : tell)(usage());
    return asked && name !== undefined ? 0 : 2;
  }
  const options = readOptions(rest, command.options, process.env);
  if (options.help) {
    print(`aidwatch ${command.usage}\n  ${command.purpose}\n  ${COMMON}`);
    return 0;
  }
  if (options.args.length > (command.words ?? 0)) {
    throw new UsageError(`参数多了；用法：aidwatch ${command.usage} / too many words; usage: aidwatch ${command.usage}`);
  }
  const clockSetting = clockSettingOf(name, options);
  const clock = clockOf(clockSetting);
  if (name === 'demo') return (await demo(options)) ? 0 : 1;
  if (name === 'simulate') return (await simulate(clock, options)) ? 0 : 1;
  if (name === 'audit' && worksOnCopy(options)) return (await verifyCopy(options)) ? 0 : 1;
  if (command.makesCounty !== true) requireCounty(resolve(options.dataDir));
  const logFrom = process.env['LOG_LEVEL'] === 'info' ? 'info' : 'warn';
  const workers = workersOf(process.env);
  const platform = openPlatform(resolve(options.dataDir), clock, stderrLog(clock, logFrom), {
    count: workers ?? threadsOfMachine(),
    atOnce: workers !== undefined,
    clock: clockSetting,
    logFrom,
  });
  try {
    return (await command.run(platform, options)) ? 0 : 1;
  } finally {
    await platform.close();
  }
}

/** A server's clock runs on from the moment given; a run over files stands on it. */
function clockSettingOf(name: string | undefined, { now }: CommonOptions): ClockSetting {
  if (now === undefined) return systemClock;
  return name === 'serve' ? clockFrom(now) : { kind: 'stopped', at: now };
}

function usage(): string {
  const lines = Object.values(COMMANDS).map((command) => `  ${command.usage.padEnd(52)} ${command.purpose}`);
  return ['aidwatch <command>', ...lines, `  ${COMMON}`].join('\n');
}

// Whoever reads the answer may stop before its end (`| head`): the command goes on, to nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tell(failureInWords(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
