import { appendFile, chmod, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFamilyFiles } from '../../infra/local/demo-county/case-families.ts';
import { hashPassword } from '../../infra/local/sign-in/accounts.ts';
import { openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { chunksArchived } from './chunks-archived.ts';
import { jsonLines, runCli, startCli } from './run-cli.ts';
import { ask, eventually, type RunningHost, refusedHost, scratch, signIn, startHost } from './running-host.ts';

const NOW = '2024-04-20T09:00:00+08:00';
const SMALL_DEMO = ['--households', '60', '--now', NOW];
const LAST = '2024-03' as Period;

interface WarningLine {
  readonly id: string;
  readonly area: string;
  readonly reasons: readonly { readonly indicator: string; readonly result: string }[];
}

let root = '';
let remove = async () => {};

beforeAll(async () => {
  ({ root, remove } = await scratch('serve'));
});

afterAll(() => remove());

/** Puts a family's files into an inbox as a copy program does: whole, under their own names. */
async function dropFamily(dataDir: string, family: 'henan' | 'hinggan'): Promise<void> {
  for (const { path, bytes } of caseFamilyFiles(family, LAST)) {
    const target = join(dataDir, 'inbox', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(join(dirname(target), '.copying.part'), bytes);
    await rename(join(dirname(target), '.copying.part'), target);
  }
}

/** The files of a family whose mother was in hospital, in folders as a department keeps them. */
async function putFiles(folder: string): Promise<void> {
  for (const { path, bytes } of caseFamilyFiles('henan', LAST)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

async function warningsOf(host: RunningHost, area = ''): Promise<WarningLine[]> {
  const token = await signIn(host.address, 'province');
  const response = await ask(host.address, `/api/v1/warnings?limit=200${area === '' ? '' : `&area=${area}`}`, token);
  return ((await response.json()) as { items: WarningLine[] }).items;
}

/** Numbers that a second start must not change. */
async function countsOf(dataDir: string) {
  const stores = openEmbedded(dataDir);
  try {
    const head = await stores.archive.head();
    expect(await verifyArchive(stores.archive, { head })).toMatchObject({ ok: true });
    const chunks = await chunksArchived(stores.archive);
    const { files } = await stores.files.list({ limit: 500 });
    const { households } = await stores.households.households({ limit: 2_000 });
    const standings = await stores.standings.load(households);
    return {
      facts: chunks.length,
      files: files.map(({ path, receipt }) => [path, receipt?.status, receipt?.rows]).sort(),
      households: households.length,
      standings: standings.size,
    };
  } finally {
    stores.close();
  }
}

describe('the host', () => {
  it('makes the demo county once, ends cleanly at Ctrl-C and makes nothing twice at the second start', async () => {
    const dataDir = join(root, 'twice');
    const first = await startHost(dataDir, SMALL_DEMO);
    expect(first.output()).toMatch(/文件 \/ files.*接收/);
    expect(first.output()).toMatch(/行 \/ rows.*退回待改/);
    expect(first.output()).toMatch(/已评估户 \/ households assessed\s+\d+/);
    expect(first.output()).toMatch(/预警 \/ warnings.*一般 \d+/);
    expect(first.output().match(/^【/gm)).toHaveLength(5);
    const ended = await first.stop('SIGINT');
    expect(ended).toMatchObject({ code: 0 });
    const before = await countsOf(dataDir);
    expect(before.facts).toBeGreaterThan(100);

    const second = await startHost(dataDir, SMALL_DEMO);
    expect(second.output()).not.toContain('已评估户');
    expect((await warningsOf(second)).length).toBeGreaterThan(0);
    expect(await second.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(await countsOf(dataDir)).toEqual(before);
  });

  it('completes a demo county that was killed in the middle, and one that was stopped', async () => {
    const undisturbed = join(root, 'demo-whole');
    await (await startHost(undisturbed, SMALL_DEMO)).stop();
    const expected = await countsOf(undisturbed);
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const dataDir = join(root, `demo-${signal}`);
      const { child, finished } = startCli(['serve', '--data', dataDir, ...SMALL_DEMO], { PORT: '0', HOST: '' });
      await eventually(
        () => stat(join(dataDir, 'receipts')).catch(() => undefined),
        (there) => there !== undefined,
      );
      child.kill(signal);
      expect(await finished).toMatchObject({ code: signal === 'SIGKILL' ? null : 0 });
      const again = await startHost(dataDir, SMALL_DEMO);
      expect(again.output()).toContain('households assessed');
      await again.stop();
      const { facts, ...counts } = await countsOf(dataDir);
      expect(counts, signal).toEqual({ files: expected.files, households: expected.households, standings: expected.standings });
      expect(facts, signal).toBe(expected.facts);
    }
  });

  it('shows the warning of a file dropped into its inbox while it runs', async () => {
    const dataDir = join(root, 'drop');
    const host = await startHost(dataDir, ['--empty', '--now', '2024-04-05T09:00:00+08:00']);
    expect(await warningsOf(host)).toEqual([]);
    await dropFamily(dataDir, 'henan');
    const warnings = await eventually(
      () => warningsOf(host),
      (found) => found.length > 0,
    );
    expect(warnings[0]?.area).toMatch(/^41/);
    expect(warnings[0]?.reasons.some((reason) => reason.result === 'hit')).toBe(true);
    await host.stop();
  });

  it('streams changes to a page while it runs, and ends the stream whole at Ctrl-C', async () => {
    const dataDir = join(root, 'stream');
    const host = await startHost(dataDir, ['--empty', '--now', '2024-04-05T09:00:00+08:00']);
    const token = await signIn(host.address, 'supervisor');
    const response = await ask(host.address, '/api/v1/cases/changes', token, { accept: 'text/event-stream' });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    const events = async (count: number) => {
      while (told.split('event: changed').length <= count) told += (await reader?.read())?.value ?? '';
    };
    await events(1);
    await dropFamily(dataDir, 'henan');
    await events(2);
    const stopped = host.stop();
    while (!(await reader?.read())?.done);
    expect(await stopped).toMatchObject({ code: 0 });
  });

  it('does not read half of a file that is copied slowly', async () => {
    const dataDir = join(root, 'slow');
    const host = await startHost(dataDir, ['--empty', '--now', '2024-04-05T09:00:00+08:00']);
    const file = caseFamilyFiles('henan', LAST).find(({ path }) => path.startsWith('medical-insurance/inpatient'));
    if (file === undefined) throw new Error('the family has no hospital bill');
    const target = join(dataDir, 'inbox', file.path);
    await mkdir(dirname(target), { recursive: true });
    const parts = 8;
    const step = Math.ceil(file.bytes.length / parts);
    for (let part = 0; part < parts; part += 1) {
      await appendFile(target, file.bytes.subarray(part * step, (part + 1) * step));
      // Once it was seen to grow, a copy may pause for longer than a whole file has to hold still.
      await new Promise((resolve) => setTimeout(resolve, part < 5 ? 120 : 800));
    }
    const token = await signIn(host.address, 'databureau');
    const files = await eventually(
      async () => ((await (await ask(host.address, '/api/v1/files', token)).json()) as { items: { status?: string }[] }).items,
      (found) => found.length > 0,
    );
    expect(files).toHaveLength(1);
    await host.stop();
    expect(await countsOf(dataDir)).toMatchObject({ files: [[file.path, 'accepted', { rejected: 0 }]] });
  });

  it('takes in what was dropped while it did not run', async () => {
    const dataDir = join(root, 'before');
    await mkdir(join(dataDir, 'inbox'), { recursive: true });
    await dropFamily(dataDir, 'hinggan');
    const host = await startHost(dataDir, ['--empty', '--now', '2024-04-05T09:00:00+08:00']);
    const found = await eventually(
      () => warningsOf(host, '1522'),
      (warnings) => warnings.length > 0,
    );
    expect(found.length).toBeGreaterThan(0);
    await host.stop();
  });

  it('does the work of an ingest that is run beside it', async () => {
    const dataDir = join(root, 'beside');
    const folder = join(root, 'beside-files');
    await putFiles(folder);
    const host = await startHost(dataDir, ['--empty', '--now', '2024-04-05T09:00:00+08:00']);
    const ingest = await runCli(['ingest', folder, '--data', dataDir, '--json', '--now', '2024-04-05T09:00:00+08:00']);
    expect(ingest).toMatchObject({ code: 0 });
    expect(ingest.stderr).toContain('another process is running');
    expect(jsonLines(ingest).length).toBe(caseFamilyFiles('henan', LAST).length);
    expect((await warningsOf(host)).length).toBeGreaterThan(0);
    await host.stop();
  });

  it('has its work done by the ingest beside it when it is killed: nobody waits for the dead', async () => {
    const dataDir = join(root, 'killed-beside');
    const folder = join(root, 'killed-files');
    await putFiles(folder);
    const host = await startHost(dataDir, ['--empty']);
    // It stands still as long as it takes the other to see that it runs.
    void host.stop('SIGSTOP');
    const { child, finished } = startCli(['ingest', folder, '--data', dataDir, '--json', '--now', '2024-04-05T09:00:00+08:00']);
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()));
    await host.stop('SIGKILL');
    const ingest = await finished;
    expect(ingest.stderr).toContain('another process is running');
    expect(jsonLines(ingest).map(({ status }) => status)).toEqual(caseFamilyFiles('henan', LAST).map(() => 'accepted'));
  });

  it('lets an ingest beside it end with files that it could not answer', async () => {
    const dataDir = join(root, 'unanswered');
    const folder = join(root, 'unanswered-files');
    await putFiles(folder);
    const host = await startHost(dataDir, ['--empty']);
    // Nothing can be put where receipts go.
    await writeFile(join(dataDir, 'receipts'), '');
    const ingest = await runCli(['ingest', folder, '--data', dataDir, '--json', '--now', '2024-04-05T09:00:00+08:00']);
    expect(ingest.code).toBe(1);
    expect(jsonLines<{ errors: { code: string }[] }>(ingest).flatMap(({ errors }) => errors.map(({ code }) => code))).toContain(
      'NOT_PROCESSED',
    );
    await host.stop();
  });
});

describe('a host that cannot run as asked', () => {
  it('says that another process runs the data directory', async () => {
    const dataDir = join(root, 'owned');
    const host = await startHost(dataDir, ['--empty']);
    const second = await refusedHost(dataDir);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(/另一进程正在使用数据目录.*another process runs the data directory/);
    expect(await host.stop()).toMatchObject({ code: 0 });
  });

  it('says that the port is taken, before it makes a demo', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const dataDir = join(root, 'port');
    const refused = await refusedHost(dataDir, { PORT: String(port) }, []);
    server.close();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/端口已被占用.*the port is taken/);
    await expect(stat(join(dataDir, 'demo.json'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['PORT', { PORT: 'http' }, /PORT=http.*expected a port number/],
    ['PORT', { PORT: '70000' }, /PORT=70000.*expected a port number/],
    ['HOST', { HOST: '0.0.0.0' }, /ACCOUNTS_FILE.*ALLOW_DEMO_ACCOUNTS=1.*passwords of the demo accounts are public/],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'http://issuer.example' }, /OIDC_ISSUER.*expected an https address/],
    ['ACCOUNTS_FILE', { ACCOUNTS_FILE: '/nowhere/accounts.json' }, /ACCOUNTS_FILE.*账号文件不能读取/],
    ['ACCOUNTS_FILE', { ACCOUNTS_FILE: 'a.json', OIDC_ISSUER: 'https://issuer.example' }, /只能设置一个/],
  ])('names %s when it cannot be used: %j', async (_, env, message) => {
    const refused = await refusedHost(join(root, 'settings'), env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(message);
    expect(refused.stderr).not.toContain(' at ');
  });

  it('refuses a folder that is not its data directory, one without its keys, a file, and a broken database', async () => {
    const foreign = join(root, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.docx'), 'mine');
    expect(await refusedHost(foreign)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/不是本平台的数据目录.*other files/),
    });

    const keyless = join(root, 'keyless');
    await (await startHost(keyless, ['--empty'])).stop();
    await rename(join(keyless, 'keys.json'), join(root, 'keys-lost.json'));
    expect(await refusedHost(keyless)).toMatchObject({ code: 1, stderr: expect.stringMatching(/备份恢复密钥.*restore it/) });

    await writeFile(join(root, 'a-file'), '');
    expect(await refusedHost(join(root, 'a-file'))).toMatchObject({ code: 1, stderr: expect.stringContaining('应为目录') });

    const broken = join(root, 'broken');
    await (await startHost(broken, ['--empty'])).stop();
    await writeFile(join(broken, 'aidwatch.db'), 'not a database at all');
    expect(await refusedHost(broken)).toMatchObject({ code: 1, stderr: expect.stringContaining('不是 SQLite 数据库') });
  });

  it('refuses a key file that others can read', async () => {
    const dataDir = join(root, 'open-keys');
    await (await startHost(dataDir, ['--empty'])).stop();
    await chmod(join(dataDir, 'keys.json'), 0o644);
    expect(await refusedHost(dataDir)).toMatchObject({ code: 1, stderr: expect.stringContaining('chmod 600') });
  });
});

describe('who may come in', () => {
  it('takes the accounts of a file and no demo accounts when one is set', async () => {
    const accounts = join(root, 'accounts.json');
    const password = await hashPassword('correct horse', Buffer.alloc(16, 7));
    await writeFile(
      accounts,
      JSON.stringify({ accounts: [{ user: 'zhao', password, roles: ['supervisor'], areas: ['411122'] }] }),
    );
    const host = await startHost(join(root, 'own-accounts'), ['--empty'], { ACCOUNTS_FILE: accounts });
    const enter = (user: string, word: string) =>
      fetch(`${host.address}/sign-in`, { method: 'POST', body: JSON.stringify({ user, password: word }) });
    expect((await enter('supervisor', 'supervisor-demo')).status).toBe(401);
    expect((await fetch(`${host.address}/sign-in/accounts`)).status).toBe(404);
    const { token } = (await (await enter('zhao', 'correct horse')).json()) as { token: string };
    expect(await (await ask(host.address, '/api/v1/me', token)).json()).toMatchObject({ id: 'zhao', areas: ['411122'] });
    await host.stop();
  });

  it('has no sign-in of its own when another issuer is set, and takes no token of its own', async () => {
    const dataDir = join(root, 'oidc');
    const own = await startHost(dataDir, ['--empty']);
    const token = await signIn(own.address, 'province');
    await own.stop();
    const host = await startHost(dataDir, ['--empty'], { OIDC_ISSUER: 'http://127.0.0.1:9' });
    expect((await fetch(`${host.address}/sign-in/accounts`)).status).toBe(404);
    // Nobody can tell a good token from a bad one while the issuer is away.
    expect((await ask(host.address, '/api/v1/warnings', token)).status).toBe(503);
    await host.stop();
  });

  it('answers to its own names only, so that a foreign site cannot pose as this host', async () => {
    const host = await startHost(join(root, 'names'), ['--empty']);
    const { port } = new URL(host.address);
    const status = (name: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/api/v1/health', headers: { host: name } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status('county.example')).toBe(400);
    await host.stop();
  });
});
