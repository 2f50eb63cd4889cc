import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { NoRoomError } from '../../../shared/ports/errors.ts';
import { LogCode } from '../../../shared/ports/log.ts';
import { tellOfArchiveBeyond } from '../archive-beyond.ts';
import type { Command } from '../command.ts';
import { demoWanted, makeDemo } from '../demo.ts';
import { type RunningServer, readServerSettings, startServer } from '../http-server.ts';
import { InboxWatch } from '../inbox.ts';
import { type CommonOptions, UsageError, wholeNumber } from '../options.ts';
import { ownDataDir } from '../owner.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';
import { sealWordsOfBefore } from '../words-of-before.ts';
import { DEMO_HOUSEHOLDS } from './simulate.ts';

const IDLE_MS = 100;
/** After a batch that failed as a whole (database held by another program). */
const PAUSE_MS = 1_000;
/** While the disk is full, until somebody has made room. */
const NO_ROOM_PAUSE_MS = 10_000;
/** Signals this close together are one press of a key. */
const SAME_KEY_MS = 500;
/** Exit code of a process ended by Ctrl-C. */
const INTERRUPTED = 130;
const MOST_DEMO_HOUSEHOLDS = 100_000;

/** The command `serve`. */
export const SERVE: Command = {
  usage: 'serve',
  purpose: '运行本机平台 / run the county on this machine',
  options: {
    empty: { type: 'boolean', about: '不生成演示县 / without the demo county' },
    households: {
      type: 'string',
      value: 'N',
      about: `演示县的户数，缺省 ${DEMO_HOUSEHOLDS} / households of the demo county; ${DEMO_HOUSEHOLDS} unless given`,
    },
  },
  makesCounty: true,
  run: serve,
};

/**
 * Runs the county: demo on a first start, then the inbox watch, the queues and the HTTP interface, until SIGINT or SIGTERM.
 * @throws UsageError when another process runs the same data directory, or a setting or the address cannot be used
 */
async function serve(platform: Platform, options: CommonOptions): Promise<boolean> {
  // Everything that can be wrong is looked at before the first file is made.
  const settings = readServerSettings(process.env);
  const demoHouseholds = wholeNumber(options, 'households', DEMO_HOUSEHOLDS, 1, MOST_DEMO_HOUSEHOLDS);
  const owner = ownDataDir(platform.dataDir);
  if (owner === undefined) {
    throw new UsageError(
      `另一进程正在使用数据目录 ${platform.dataDir}，请先停止它或换用 DATA_DIR / another process runs the data directory ${platform.dataDir}: stop it first, or set DATA_DIR to another`,
    );
  }
  try {
    await sealWordsOfBefore(platform);
    await tellOfArchiveBeyond(platform);
    const server = await startServer(platform, settings);
    try {
      await run(platform, options, demoHouseholds, server);
    } finally {
      await server.close();
    }
  } finally {
    owner.release();
  }
  return true;
}

async function run(platform: Platform, options: CommonOptions, demoHouseholds: number, server: RunningServer): Promise<void> {
  const { stores, pump, log } = platform;
  const stopped = stopOnSignal(() => pump.stop());
  await stores.objects.clearUnfinished();
  await stores.followClock();
  await stores.queue.takeBackAll();
  // The host may have been down when the day changed.
  await platform.beginDay();
  if (options.own['empty'] !== true && (await demoWanted(platform))) await makeDemo(platform, options, demoHouseholds, stopped);
  if (stopped()) return;
  const inbox = new InboxWatch({ exchange: stores.objects, register: stores.files, queue: stores.queue, log });
  await inbox.start(platform.dataDir);
  log.info(LogCode.HostStarted, { port: server.port });
  greet(platform, server.address);
  await work(platform, stopped);
  await pump.rest();
  await inbox.stop();
  log.info(LogCode.HostStopped);
}

/** Works batch after batch; rests when there is nothing to do; looks at everybody again when the day changes. */
async function work(platform: Platform, stopped: () => boolean): Promise<void> {
  let day = dateInChina(platform.clock.now());
  let before = Date.now();
  while (!stopped()) {
    // Put right while the host runs, as some minutes after a start of the machine.
    if (Date.now() < before) await platform.stores.followClock();
    before = Date.now();
    const today = dateInChina(platform.clock.now());
    if (today !== day) await platform.beginDay();
    day = today;
    const rest = await stepOrRecover(platform);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

/** One step; answers how long to rest. A batch that failed as a whole must not take the host down: it comes again. */
async function stepOrRecover({ pump, stores, log }: Platform): Promise<number> {
  try {
    return (await pump.step()) ? 0 : IDLE_MS;
  } catch (error) {
    const full = error instanceof NoRoomError;
    const name = error instanceof Error ? error.name : 'unknown';
    log.error(LogCode.MessageRetried, { error: name, ...(full ? { reason: error.message } : undefined) });
    // Whatever made the batch fail may make this fail too; the next round asks again.
    await stores.queue.takeBackAll({ blameless: full }).catch(() => undefined);
    return full ? NO_ROOM_PAUSE_MS : PAUSE_MS;
  }
}

/**
 * The first signal stops the work, a later one ends the process at once. One Ctrl-C may come twice: from the terminal and
 * handed on by npm.
 */
function stopOnSignal(stop: () => void): () => boolean {
  let stoppedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppedAt !== undefined && performance.now() - stoppedAt > SAME_KEY_MS) process.exit(INTERRUPTED);
      if (stoppedAt === undefined) tell('正在停止，数据已保存 / stopping; everything is kept');
      stoppedAt ??= performance.now();
      stop();
    });
  }
  return () => stoppedAt !== undefined;
}

function greet(platform: Platform, address: string): void {
  print(`Aidwatch 已就绪 / ready:  ${address}`);
  print(`  接口说明与登录 / API reader and sign-in:  ${address}/`);
  print(`  投放目录 / drop files into:  ${platform.dataDir}/inbox/<department>/<category>/<period>/`);
  print('  按 Ctrl-C 停止 / Ctrl-C to stop');
}
