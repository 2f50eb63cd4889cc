import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const venv = join(root, '.venv');
const requirements = join(root, 'test/cloud/requirements.txt');

/** A running emulator of the cloud, as any process may know it. */
export interface Emulator {
  readonly endpoint: string;
  /** What it and the functions it ran have written so far. */
  readonly logFile: string;
  /** A directory that goes away with it. */
  readonly scratch: string;
  /** Environment in which AWS tools speak to it and to nothing else. */
  readonly env: NodeJS.ProcessEnv;
}

/** An emulator in the hands of who started it. */
interface MiniStack extends Emulator {
  stop(): Promise<void>;
}

/** Runs a program to its end; rejects with the end of what it said when it fails. */
export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.slice(-4000)}`);
  return said;
}

/** Installs the pinned emulator into `.venv` (once per change of requirements.txt) and starts it on a free port. */
export async function startMiniStack(): Promise<MiniStack> {
  await install();
  const port = await freePort();
  const scratch = mkdtempSync(join(tmpdir(), 'aidwatch-cloud-'));
  const logFile = join(scratch, 'ministack.log');
  const endpoint = `http://localhost:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...withoutAws(process.env),
    // The functions run on the Node of the project, whatever the machine has.
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  const log = openSync(logFile, 'a');
  const child = spawn(join(venv, 'bin/ministack'), [], {
    cwd: scratch,
    env: {
      ...env,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      TMPDIR: scratch,
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', log, log],
  });
  const lastResort = () => void child.kill('SIGKILL');
  process.once('exit', lastResort);
  const stop = async () => {
    await ended(child);
    process.off('exit', lastResort);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answering(endpoint, child, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, logFile, scratch, env, stop };
}

async function install(): Promise<void> {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stamp = join(venv, 'requirements.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await run('python3', ['-m', 'venv', venv], process.env);
  await run(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements], process.env);
  writeFileSync(stamp, wanted);
}

function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS_|CDK_|VITEST|NODE_OPTIONS)/.test(name)));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answering(endpoint: string, child: ChildProcess, logFile: string): Promise<void> {
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    try {
      await fetch(`${endpoint}/_ministack/health`);
      return;
    } catch {
      await wait(200);
    }
  }
  throw new Error(`the emulator did not start:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, wait(10_000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await gone;
}
