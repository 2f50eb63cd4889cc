import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve as listen } from '@hono/node-server';
import { Hono } from 'hono';
import { createApp } from '../../functions/serve-api/app.ts';
import { languageOf } from '../../functions/serve-api/language.ts';
import { ProblemError, problemResponse } from '../../functions/serve-api/problem.ts';
import { readerPage } from '../../functions/serve-api/reader-page.ts';
import { VERSION } from '../../functions/serve-api/version.ts';
import { readWrittenText } from '../written-text.ts';
import { officeOf } from './acting.ts';
import { ServerSentEvents } from './change-streams.ts';
import { announce } from './inbox.ts';
import { UsageError } from './options.ts';
import type { Platform } from './platform.ts';
import { type CheckPassword, checkAgainstDemo, checkAgainstFile } from './sign-in/accounts.ts';
import { demoAccounts } from './sign-in/demo-accounts.ts';
import { enterDemoStaff } from './sign-in/demo-staff.ts';
import { createSignIn } from './sign-in/sign-in-app.ts';
import { isSafeAddress, LOOPBACK, localTokens, oidcTokens } from './sign-in/tokens.ts';
import { localUploads } from './sign-in/upload-links.ts';

/** Largest file taken by upload; larger ones are put into the inbox folder. */
const UPLOAD_BYTES = 512 * 1024 * 1024;

/** A file of that size over a line of 5 Mbit/s takes as long, milliseconds; Node would cut it off after five minutes. */
const REQUEST_MS = 15 * 60 * 1000;
/**
 * Connections held at once; more are closed at once. Each takes a file of those this process may have open, 1,024 where the
 * machine is strict: connections that say nothing kept it from reading the inbox. Clients hold six, changes that are watched for 200
 * at most, a proxy a few dozen.
 */
const MOST_CONNECTIONS = 800;

/** Who may sign in, and how. */
type SignInWay =
  | { readonly kind: 'demo' }
  | { readonly kind: 'accounts-file'; readonly check: CheckPassword }
  | { readonly kind: 'oidc'; readonly issuer: string; readonly audience: string };

/** How this host is reached and who may use it. */
export interface ServerSettings {
  readonly hostname: string;
  readonly port: number;
  readonly signIn: SignInWay;
}

/** A server that listens. */
export interface RunningServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Reads HOST, PORT, OIDC_ISSUER, OIDC_AUDIENCE, ACCOUNTS_FILE and ALLOW_DEMO_ACCOUNTS.
 * @throws UsageError naming the variable; also when the public demo accounts would be open to other machines
 */
export function readServerSettings(env: NodeJS.ProcessEnv): ServerSettings {
  const hostname = given(env['HOST']) ?? '127.0.0.1';
  const portText = given(env['PORT']) ?? '8787';
  if (!/^\d{1,5}$/.test(portText) || Number(portText) > 65_535)
    throw new UsageError(`PORT=${portText}：应为 0 到 65535 的整数 / expected a port number from 0 to 65535`);
  const signIn = signInWay(env);
  if (signIn.kind === 'demo' && !LOOPBACK.has(hostname) && env['ALLOW_DEMO_ACCOUNTS'] !== '1')
    throw new UsageError(
      `HOST=${hostname}：演示账号的口令是公开的，不能向其他机器开放；请用 ACCOUNTS_FILE 或 OIDC_ISSUER 设置账号，确属演示时设 ALLOW_DEMO_ACCOUNTS=1 / the passwords of the demo accounts are public, so they are not opened to other machines: set ACCOUNTS_FILE or OIDC_ISSUER, or ALLOW_DEMO_ACCOUNTS=1 if this really is a demo`,
    );
  return { hostname, port: Number(portText), signIn };
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}

function signInWay(env: NodeJS.ProcessEnv): SignInWay {
  const issuer = given(env['OIDC_ISSUER']);
  const accountsFile = given(env['ACCOUNTS_FILE']);
  if (issuer !== undefined && accountsFile !== undefined)
    throw new UsageError('OIDC_ISSUER 与 ACCOUNTS_FILE 只能设置一个 / set OIDC_ISSUER or ACCOUNTS_FILE, not both');
  if (issuer !== undefined) {
    if (!isSafeAddress(issuer)) throw new UsageError(`OIDC_ISSUER=${issuer}：应为 https 地址 / expected an https address`);
    return { kind: 'oidc', issuer, audience: given(env['OIDC_AUDIENCE']) ?? 'aidwatch' };
  }
  return accountsFile === undefined ? { kind: 'demo' } : { kind: 'accounts-file', check: readAccounts(accountsFile) };
}

function readAccounts(path: string): CheckPassword {
  try {
    // A pipe would be waited for without end.
    if (!statSync(path).isFile()) throw new Error('not a file');
    return checkAgainstFile(readWrittenText(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not readable';
    throw new UsageError(
      `ACCOUNTS_FILE=${path}：账号文件不能读取或内容有误，请改正后重试 / the accounts file cannot be read or is not as expected: ${reason}`,
    );
  }
}

/**
 * Starts the HTTP interface with the sign-in set.
 * @throws UsageError when the address cannot be listened on
 */
export async function startServer(platform: Platform, settings: ServerSettings): Promise<RunningServer> {
  const { hostname, port } = settings;
  if (settings.signIn.kind === 'demo') await enterDemoStaff(platform.stores.staff, demoAccounts, platform.clock);
  const streams = new ServerSentEvents(platform.log);
  const app = appOf(platform, settings, streams);
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: app.fetch, hostname, port, serverOptions: { requestTimeout: REQUEST_MS } }, (info) => {
      resolve({
        address: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${info.port}`,
        port: info.port,
        async close() {
          // Streams end by themselves first, so that clients see an end and no broken line.
          await streams.close();
          await new Promise<void>((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) setImmediate(() => server.closeAllConnections());
          });
        },
      });
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.prependListener('request', readAwayOnceAnswered);
    server.once('error', (error: Error & { code?: string }) => reject(new UsageError(`${hostname}:${port}：${whyNot(error)}`)));
  });
}

/**
 * Reads away what nobody read of a body that was refused. The listener stops reading a body half read, and ends the connection half a
 * second later with whatever has come on it since: behind a proxy that is somebody else's request.
 */
function readAwayOnceAnswered(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once('finish', () => {
    if (incoming.readableEnded) return;
    incoming.removeAllListeners('data');
    incoming.resume();
  });
}

function whyNot(error: Error & { code?: string }): string {
  if (error.code === 'EADDRINUSE')
    return '端口已被占用，请停止占用它的程序，或用 PORT 换一个 / the port is taken: stop what uses it, or set PORT to another';
  if (error.code === 'EACCES')
    return '无权使用该端口，请用 PORT 换一个 1024 以上的 / this port needs more rights: set PORT to one above 1023';
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return '本机没有这个地址，请检查 HOST / this machine does not have that address: check HOST';
  return error.message;
}

function appOf(platform: Platform, { hostname, signIn }: ServerSettings, streams: ServerSentEvents): Hono {
  const { stores, metrics, clock } = platform;
  const tokens = localTokens(platform.tokenSecret, clock);
  const uploads = localUploads({
    secret: platform.tokenSecret,
    clock,
    store: stores.objects,
    announce: (key) => announce(stores.queue, [key]),
    maxBytes: UPLOAD_BYTES,
  });
  const api = createApp({
    ...officeOf(platform),
    exchange: stores.objects,
    links: uploads,
    directUpload: uploads,
    streams,
    authenticate: signIn.kind === 'oidc' ? oidcTokens(signIn.issuer, signIn.audience) : tokens.authenticate,
    newId: randomUUID,
    metrics,
    version: VERSION,
    // Loaded on demand: making the document needs code no other request does.
    openApi: async (language) =>
      JSON.stringify((await import('../../functions/serve-api/openapi.ts')).openApiDocument(language, VERSION)),
    readerPage,
  });
  const app = new Hono();
  if (LOOPBACK.has(hostname)) app.use(onlyOwnNames);
  if (signIn.kind !== 'oidc') {
    const accounts =
      signIn.kind === 'demo' ? { check: checkAgainstDemo(demoAccounts), demo: demoAccounts } : { check: signIn.check };
    app.route('/', createSignIn({ ...accounts, issue: tokens.issue, clock, newId: randomUUID }));
  }
  app.route('/', api);
  return app;
}

/**
 * A page of a foreign site whose name was made to point at this machine (DNS rebinding) is of one origin with this host in
 * the eyes of a browser; the name in its requests gives it away.
 */
async function onlyOwnNames(
  c: { req: { url: string; header(name: string): string | undefined } },
  next: () => Promise<void>,
): Promise<Response | undefined> {
  if (!LOOPBACK.has(new URL(c.req.url).hostname)) {
    const detail = {
      zh: '本机只接受以 127.0.0.1 或 localhost 为名的请求；要供其他机器使用，请设置 HOST。',
      en: 'This host answers to 127.0.0.1 and localhost only; to serve other machines set HOST.',
    };
    return problemResponse(new ProblemError('bad-request', detail), languageOf(c.req.header('accept-language')), randomUUID());
  }
  await next();
  return undefined;
}
