import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, startCli } from './run-cli.ts';

/** A host of this test's own, on a port the system chose. */
export interface RunningHost {
  readonly address: string;
  /** Ends it with a signal and answers what it left. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
  /** What it has written to standard output until now. */
  output(): string;
}

/** Settings of the shell the tests run in must not reach a host under test. */
const NO_SETTINGS = { HOST: '', OIDC_ISSUER: '', ACCOUNTS_FILE: '', ALLOW_DEMO_ACCOUNTS: '', LOG_LEVEL: '' };

/** Starts `serve` and waits until it says that it is ready. Throws with its complaints when it ends before. */
export async function startHost(
  dataDir: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<RunningHost> {
  const { child, finished } = startCli(['serve', '--data', dataDir, ...args], { ...NO_SETTINGS, PORT: '0', ...env });
  // A test that fails in the middle leaves nothing running behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void finished.then(() => process.off('exit', kill));
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (text: string) => {
      output += text;
      const found = /ready:\s+(http:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void finished.then(({ code, stderr }) => reject(new Error(`the host ended with ${code}: ${stderr}`)));
  });
  return {
    address,
    output: () => output,
    stop(signal = 'SIGINT') {
      child.kill(signal);
      return finished;
    },
  };
}

/** Runs `serve` that is expected to refuse. */
export function refusedHost(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = ['--empty'],
): Promise<Finished> {
  return startCli(['serve', '--data', dataDir, ...args], { ...NO_SETTINGS, PORT: '0', ...env }).finished;
}

/** The token of a demo account. */
export async function signIn(address: string, user: string): Promise<string> {
  const response = await fetch(`${address}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password: `${user}-demo` }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** Asks the interface as a signed-in user, with a purpose. */
export function ask(address: string, path: string, token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${address}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'x-purpose': 'supervision', ...headers },
  });
}

/** Asks again until the answer is what is wanted; the time limit of the test ends it. */
export async function eventually<T>(question: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await question();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A folder of a test's own, taken away at its end. */
export async function scratch(name: string): Promise<{ readonly root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), `aidwatch-${name}-`));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
