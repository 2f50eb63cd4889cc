/**
 * A medical file at the end of a month on one machine: every person in it is over the line, so each row opens a warning and
 * a case. Measured from the drop until every case waits for its visit, while worklists are asked for as by people at work; and
 * how long a host that is started again takes until it has shown somebody a worklist while all of them wait.
 *
 * Run: node bench/casework.bench.ts [--cases 20000] [--check]; --check fails when it is below the stored expectation.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ClockSetting, clockOf } from '../infra/local/clock.ts';
import { identityNumberOf } from '../infra/local/demo-county/identity.ts';
import { writeCounty } from '../infra/local/demo-county/write-county.ts';
import { announce } from '../infra/local/inbox.ts';
import { openPlatform, type Platform, threadsOfMachine } from '../infra/local/platform.ts';
import { stderrLog } from '../infra/local/stderr-log.ts';
import { addDays, type Instant, type PlainDate } from '../shared/calendar/plain-date.ts';
import type { Case } from '../shared/casework/case.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '20000' }, check: { type: 'boolean', default: false } },
});
const wanted = Number(values.cases);
const COUNTY = '411122';
const CLOCK = { kind: 'stopped', at: '2024-04-20T01:00:00.000Z' as Instant } as const satisfies ClockSetting;
const FEED = 'medical-insurance/inpatient-settlement/2024-03/month-end.csv';
/** Between two requests for a worklist. */
const ASK_MS = 50;

function monthEnd(): string {
  const rows = Array.from({ length: wanted }, (_, n) => {
    const number = identityNumberOf(COUNTY, addDays('1930-01-01' as PlainDate, n % 25_000), Math.floor(n / 25_000) + 1);
    const village = `${COUNTY}${100 + (n % 20)}${200 + (n % 30)}`;
    return `B${n},${number},2024-03-12,${8_000 + (n % 900)}.00,20000.00,${village}`;
  });
  return ['医保结算流水号,身份证件号码,结算日期,个人自付金额(元),医疗总费用(元),参保地行政区划', ...rows, ''].join('\n');
}

function open(dataDir: string): Platform {
  const clock = clockOf(CLOCK);
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'), {
    count: threadsOfMachine(),
    atOnce: true,
    clock: CLOCK,
    logFrom: 'error',
  });
}

function worklist({ stores }: Platform) {
  return stores.cases.list({ areas: [`${COUNTY}105`], order: 'due', limit: 50 });
}

/** Milliseconds from the moment each request was due to its answer, so that a busy host is not asked less. */
function askOnAndOn(platform: Platform): { stop(): readonly number[] } {
  const taken: number[] = [];
  let due = performance.now() + ASK_MS;
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += ASK_MS) {
      const asked = due;
      void worklist(platform).then(() => taken.push(performance.now() - asked));
    }
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return taken.toSorted((a, b) => a - b);
    },
  };
}

async function everyCase({ stores }: Platform): Promise<readonly Case[]> {
  const all: Case[] = [];
  let after: string | undefined;
  do {
    const page = await stores.cases.list({ areas: [''], order: 'due', limit: 1_000, ...(after && { after }) });
    all.push(...page.cases);
    after = page.next;
  } while (after !== undefined);
  return all;
}

/** Seconds from starting `serve` in a process of its own until a supervisor has the first page of the county's worklist. */
async function restarted(dataDir: string): Promise<number> {
  const begun = performance.now();
  const args = [join(import.meta.dirname, '../infra/local/cli.ts'), 'serve', '--data', dataDir, '--now', CLOCK.at];
  const host = spawn(process.execPath, args, {
    env: { ...process.env, PORT: '0', HOST: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let told = '';
      host.stdout.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        const ready = /ready:\s+(http:\S+)/.exec(told)?.[1];
        if (ready !== undefined) resolve(ready);
      });
      host.once('exit', () => reject(new Error('the host ended before it was ready')));
    });
    const user = JSON.stringify({ user: 'supervisor', password: 'supervisor-demo' });
    const signIn = await fetch(`${address}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: user,
    });
    const { token } = (await signIn.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}`, 'x-purpose': 'supervision' };
    const answer = await fetch(`${address}/api/v1/cases?limit=50`, { headers });
    const { items } = (await answer.json()) as { items: readonly unknown[] };
    if (items.length !== 50) throw new Error(`the worklist shows ${items.length} cases`);
    return (performance.now() - begun) / 1_000;
  } finally {
    host.kill('SIGKILL');
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'aidwatch-bench-'));
try {
  const platform = open(dataDir);
  await writeCounty(join(dataDir, 'inbox'), [{ path: FEED, bytes: Buffer.from(monthEnd()) }]);
  const asking = askOnAndOn(platform);
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await announce(platform.stores.queue, [`inbox/${FEED}`]);
  await platform.pump.drain();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const taken = asking.stop();
  const cases = await everyCase(platform);
  const { waiting, stuck } = await platform.stores.workflow.counts();
  await platform.close();

  const restartSeconds = await restarted(dataDir);

  const result = {
    processors: availableParallelism(),
    cases: cases.length,
    lost: wanted - new Set(cases.map(({ household }) => household)).size,
    doubled: cases.length - new Set(cases.map(({ household }) => household)).size,
    waiting,
    stuck,
    seconds: Number(seconds.toFixed(1)),
    // Threads and their start included.
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    casesPerMinute: Math.round((cases.length / seconds) * 60),
    worklistAsked: taken.length,
    worklistP50Ms: Number((taken[Math.floor(taken.length * 0.5)] ?? 0).toFixed(1)),
    worklistP99Ms: Number((taken[Math.floor(taken.length * 0.99)] ?? 0).toFixed(1)),
    restartSeconds: Number(restartSeconds.toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (values.check) {
    const { casework } = JSON.parse(readFileSync(join(import.meta.dirname, 'expectations.json'), 'utf8')) as {
      casework: { casesPerMinute: number; worklistP99MsOnBusyMachine: number; restartSeconds: number };
    };
    const failed =
      result.lost !== 0 ||
      result.doubled !== 0 ||
      result.stuck !== 0 ||
      waiting !== wanted ||
      result.casesPerMinute < casework.casesPerMinute ||
      result.worklistP99Ms > casework.worklistP99MsOnBusyMachine ||
      result.restartSeconds > casework.restartSeconds;
    if (failed) {
      process.stderr.write(`below the stored expectation ${JSON.stringify(casework)}\n`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
