/**
 * The case workflow on one machine: cases opened at once and followed to the wait for their visit, a restart while all wait,
 * and all of them woken and followed to the wait for the review. The task logic is a stub, so this is the engine alone.
 *
 * Run: node bench/case-workflow.bench.ts [--cases 50000] [--check]; --check fails when it is below the stored expectation.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATABASE_FILE } from '../shared/adapters/embedded/database.ts';
import { openEmbedded } from '../shared/adapters/embedded/open-embedded.ts';
import type { CaseTasks } from '../shared/adapters/embedded/run-passage.ts';
import type { CaseId, Stage } from '../shared/casework/case.ts';
import type { StepAnswer } from '../shared/casework/step.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '50000' }, check: { type: 'boolean', default: false } },
});
const cases = Number(values.cases);
const AT_ONCE = 1_000;

const answer = (stage: Stage): StepAnswer => ({ stage, referrals: [], seconds: 864_000, goesOn: false });
const tokens: string[] = [];
const tasks: CaseTasks = async (call) => {
  if ('token' in call) {
    tokens.push(call.token);
    return undefined;
  }
  return answer(call.step === 'enter' ? 'opened' : 'visit');
};

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function measured(work: () => Promise<void>): Promise<Measured> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

const dataDir = mkdtempSync(join(tmpdir(), 'aidwatch-bench-'));
try {
  let stores = openEmbedded(dataDir);
  const started = await measured(async () => {
    for (let n = 0; n < cases; n += 1) {
      await stores.workflow.start({ case: `C-H${String(n).padStart(24, '0')}-1` as CaseId, run: 1 });
    }
    while ((await stores.workflow.work(tasks, AT_ONCE)) > 0);
  });
  const residentMB = process.memoryUsage().rss / 1024 / 1024;
  stores.close();

  const restarted = await measured(async () => {
    stores = openEmbedded(dataDir);
    await stores.workflow.work(tasks, AT_ONCE);
  });
  const { waiting } = await stores.workflow.counts();

  const woken = await measured(async () => {
    for (const token of tokens.splice(0)) await stores.workflow.wake(token, answer('review'));
    while ((await stores.workflow.work(tasks, AT_ONCE)) > 0);
  });
  stores.close();
  const result = {
    cases,
    waiting,
    startedPerSecond: Math.round(cases / started.seconds),
    startCpuMicroseconds: Math.round((started.cpuSeconds / cases) * 1e6),
    restartSeconds: Number(restarted.seconds.toFixed(3)),
    wokenPerSecond: Math.round(cases / woken.seconds),
    residentMB: Math.round(residentMB),
    bytesPerCase: Math.round(statSync(join(dataDir, DATABASE_FILE)).size / cases),
  };
  console.log(JSON.stringify(result));
  if (values.check) {
    const expectations: unknown = JSON.parse(readFileSync(new URL('./expectations.json', import.meta.url), 'utf8'));
    const { 'case-workflow': expected } = expectations as {
      'case-workflow': { startedPerSecond: number; restartSeconds: number };
    };
    if (result.startedPerSecond < expected.startedPerSecond || result.restartSeconds > expected.restartSeconds) {
      console.error(`below the stored expectation ${JSON.stringify(expected)}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
