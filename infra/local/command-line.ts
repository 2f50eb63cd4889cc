import { resolve } from 'node:path';
import { type ClockSetting, clockFrom, clockOf, systemClock } from './clock.ts';
import { COMMON, type Command, helpOf } from './command.ts';
import { AUDIT } from './commands/audit.ts';
import { BACKUP } from './commands/backup.ts';
import { CASES } from './commands/cases.ts';
import { CORRECTIONS } from './commands/corrections.ts';
import { DASHBOARD } from './commands/dashboard.ts';
import { DEAD_LETTERS } from './commands/dead-letters.ts';
import { DEMO } from './commands/demo.ts';
import { DOCTOR } from './commands/doctor.ts';
import { EXPLAIN } from './commands/explain.ts';
import { HOUSEHOLD } from './commands/household.ts';
import { INGEST } from './commands/ingest.ts';
import { KEYS } from './commands/keys.ts';
import { NEWBORNS } from './commands/newborns.ts';
import { PERIOD } from './commands/period.ts';
import { PIA } from './commands/pia.ts';
import { REPORT } from './commands/report.ts';
import { RETENTION } from './commands/retention.ts';
import { SCORECARD } from './commands/scorecard.ts';
import { SERVE } from './commands/serve.ts';
import { SIMULATE } from './commands/simulate.ts';
import { WARNINGS } from './commands/warnings.ts';
import { requireCounty } from './data-directory.ts';
import { failureInWords } from './failure-words.ts';
import { type CommonOptions, readOptions, UsageError, workersOf } from './options.ts';
import { openPlatform, threadsOfMachine } from './platform.ts';
import { print, tell } from './print.ts';
import { stderrLog } from './stderr-log.ts';

/** In the order in which `--help` lists them. */
const COMMANDS: Readonly<Record<string, Command>> = {
  serve: SERVE,
  ingest: INGEST,
  simulate: SIMULATE,
  warnings: WARNINGS,
  household: HOUSEHOLD,
  explain: EXPLAIN,
  cases: CASES,
  corrections: CORRECTIONS,
  scorecard: SCORECARD,
  dashboard: DASHBOARD,
  report: REPORT,
  period: PERIOD,
  newborns: NEWBORNS,
  demo: DEMO,
  audit: AUDIT,
  pia: PIA,
  retention: RETENTION,
  keys: KEYS,
  backup: BACKUP,
  doctor: DOCTOR,
  'dead-letters': DEAD_LETTERS,
};

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
    if (!asked) tell(`没有“${name}”这个命令，可用的如下 / there is no command "${name}"; these are`);
    (asked ? print : tell)(usage());
    return asked && name !== undefined ? 0 : 2;
  }
  const options = readOptions(rest, command.options, process.env);
  if (options.help) {
    print(helpOf(command));
    return 0;
  }
  if (options.args.length > (command.words ?? 0)) {
    throw new UsageError(`参数多了；用法：aidwatch ${command.usage} / too many words; usage: aidwatch ${command.usage}`);
  }
  const clockSetting = clockSettingOf(name, options);
  const clock = clockOf(clockSetting);
  const alone = command.runAlone?.(options, clock);
  if (alone !== undefined || command.run === undefined) return (await alone) ? 0 : 1;
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
  const more = '  aidwatch <command> --help：该命令的全部选项 / every option of a command';
  const codes =
    '  退出码：0 完成；1 有问题或被拒绝；2 命令写法有误 / exit code: 0 done; 1 something is wrong or was refused; 2 not a command as it must be written';
  return ['aidwatch <command>', ...lines, `  ${COMMON}`, more, codes].join('\n');
}

// Whoever reads the answer may stop before its end (`| head`): the command goes on, to nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  // An answer that is cut short, where the disk it goes to is full, must not pass for one.
  tell(failureInWords(error));
  process.exit(1);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tell(failureInWords(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
