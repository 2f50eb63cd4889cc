import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { serve as listen } from '@hono/node-server';
import { Hono } from 'hono';
import { createApp } from '../../../functions/serve-api/app.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { LogCode } from '../../../shared/ports/log.ts';
import { demoWanted, makeDemo } from '../demo.ts';
import { announce, InboxWatch } from '../inbox.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import { ownDataDir } from '../owner.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { readingOf } from '../reading.ts';
import { checkAgainstDemo, checkAgainstFile } from '../sign-in/accounts.ts';
import { demoAccounts } from '../sign-in/demo-accounts.ts';
import { createSignIn } from '../sign-in/sign-in-app.ts';
import { localTokens, oidcTokens } from '../sign-in/tokens.ts';
import { localUploads } from '../sign-in/upload-links.ts';

export const SERVE_OPTIONS = { empty: { type: 'boolean' } } as const;

/** Largest file taken by upload; larger ones are put into the inbox folder. */
const UPLOAD_BYTES = 512 * 1024 * 1024;
const IDLE_MS = 100;
const VERSION = '0.1.0';

/**
 * Runs the county: demo on a first start, then the inbox watch, the queues and the HTTP interface, until SIGINT or SIGTERM.
 * @throws UsageError when another process runs the same data directory, or HOST or PORT cannot be used
 */
export async function serve(platform: Platform, options: CommonOptions): Promise<boolean> {
  const { stores, pump, log } = platform;
  const owner = ownDataDir(platform.dataDir);
  if (owner === undefined) {
    throw new UsageError(
      `另一进程正在使用数据目录 ${platform.dataDir},请先停止它或换用 DATA_DIR / another process runs this data directory`,
    );
  }
  await stores.queue.takeBackAll();
  const signals = stopOnSignal(() => pump.stop());
  if (options.own['empty'] !== true && (await demoWanted(platform))) await makeDemo(platform, options);
  if (!signals.stopped()) {
    const server = await startServer(platform);
    const inbox = new InboxWatch({ exchange: stores.objects, register: stores.files, queue: stores.queue });
    await inbox.start(platform.dataDir);
    log.info(LogCode.HostStarted, { port: server.port });
    greet(platform, server.address);
    await work(platform, signals.stopped);
    await inbox.stop();
    await server.close();
    log.info(LogCode.HostStopped);
  }
  owner.release();
  return true;
}

/** Works batch after batch; rests when there is nothing to do; looks at everybody again when the day changes. */
async function work(platform: Platform, stopped: () => boolean): Promise<void> {
  let day = dateInChina(platform.clock.now());
  while (!stopped()) {
    const today = dateInChina(platform.clock.now());
    if (today !== day) platform.pump.requestSweep();
    day = today;
    if (!(await platform.pump.step())) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  }
}

function stopOnSignal(stop: () => void): { stopped: () => boolean } {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped = true;
      stop();
    });
  }
  return { stopped: () => stopped };
}

function authentication(platform: Platform) {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, ACCOUNTS_FILE: accountsFile } = process.env;
  if (issuer !== undefined && issuer !== '')
    return { authenticate: oidcTokens(issuer, audience ?? 'aidwatch'), signIn: undefined };
  const tokens = localTokens(platform.tokenSecret, platform.clock);
  const own = accountsFile !== undefined && existsSync(accountsFile) ? readFileSync(accountsFile, 'utf8') : undefined;
  const signIn = createSignIn({
    check: own === undefined ? checkAgainstDemo(demoAccounts) : checkAgainstFile(own),
    issue: tokens.issue,
    clock: platform.clock,
    newId: randomUUID,
    ...(own === undefined ? { demo: demoAccounts } : {}),
  });
  return { authenticate: tokens.authenticate, signIn };
}

async function startServer(platform: Platform) {
  const { stores, log, metrics } = platform;
  const { authenticate, signIn } = authentication(platform);
  const uploads = localUploads({
    secret: platform.tokenSecret,
    clock: platform.clock,
    store: stores.objects,
    announce: (key) => announce(stores.queue, [key]),
    maxBytes: UPLOAD_BYTES,
  });
  const api = createApp({
    ...readingOf(platform),
    exchange: stores.objects,
    links: uploads,
    directUpload: uploads,
    authenticate,
    newId: randomUUID,
    log,
    metrics,
    version: VERSION,
  });
  const app = new Hono();
  if (signIn !== undefined) app.route('/', signIn);
  app.route('/', api);
  const hostname = process.env['HOST'] ?? '127.0.0.1';
  const port = Number(process.env['PORT'] ?? 8787);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`PORT ${process.env['PORT']}: 应为 0 到 65535 / expected a port number`);
  return new Promise<{ address: string; port: number; close: () => Promise<void> }>((resolve, reject) => {
    const server = listen({ fetch: app.fetch, hostname, port }, (info) => {
      resolve({
        address: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${info.port}`,
        port: info.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', (error: Error & { code?: string }) => {
      const reason =
        error.code === 'EADDRINUSE' ? '端口已被占用,请用 PORT 换一个 / the port is taken: set PORT to another' : error.message;
      reject(new UsageError(`${hostname}:${port}: ${reason}`));
    });
  });
}

function greet(platform: Platform, address: string): void {
  print(`Aidwatch 已就绪 / ready:  ${address}`);
  print(`  接口说明与演示账号 / API reader and demo sign-ins:  ${address}/`);
  print(`  投放目录 / drop files into:  ${platform.dataDir}/inbox/<department>/<category>/<period>/`);
  print('  Ctrl-C 停止 / to stop');
}
