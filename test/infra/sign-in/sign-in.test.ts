import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { checkAgainstDemo, checkAgainstFile, hashPassword } from '../../../infra/local/sign-in/accounts.ts';
import { demoAccounts } from '../../../infra/local/sign-in/demo-accounts.ts';
import { createSignIn } from '../../../infra/local/sign-in/sign-in-app.ts';
import { localTokens, oidcTokens } from '../../../infra/local/sign-in/tokens.ts';
import { roles } from '../../../shared/access/principal.ts';
import { type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';

const secret = new Uint8Array(32).fill(3);

function at(time: string) {
  const state = { now: time as Instant };
  return { now: () => state.now, advance: (ms: number) => (state.now = instantOf(Date.parse(state.now) + ms)) };
}

function signIn(clock = at('2024-04-01T00:00:00.000Z')) {
  const tokens = localTokens(secret, clock);
  const app = createSignIn({
    check: checkAgainstDemo(demoAccounts),
    issue: tokens.issue,
    clock,
    newId: () => 'r',
    demo: demoAccounts,
  });
  const enter = (user: string, password: string) =>
    app.request('/sign-in', { method: 'POST', body: JSON.stringify({ user, password }) });
  return { app, enter, tokens, clock };
}

function bearer(token: string): Request {
  return new Request('http://localhost/', { headers: { authorization: `Bearer ${token}` } });
}

describe('built-in issuer', () => {
  it('has a demo account for each role', () => {
    expect(new Set(demoAccounts.flatMap((account) => account.roles))).toEqual(new Set(roles));
  });

  it('gives a token that names the user, the roles and the areas, for eight hours', async () => {
    const { enter, tokens, clock } = signIn();
    const answer = (await (await enter('caseworker', 'caseworker-demo')).json()) as { token: string; expiresIn: number };
    expect(answer.expiresIn).toBe(28_800);
    expect(await tokens.authenticate(bearer(answer.token))).toEqual({
      id: 'caseworker',
      name: '乡镇经办人',
      roles: ['caseworker'],
      areas: ['411122100'],
      departments: [],
    });
    clock.advance(28_800_000);
    expect(await tokens.authenticate(bearer(answer.token))).toBeUndefined();
  });

  it('refuses a wrong password and an unknown user with the same answer', async () => {
    const { enter } = signIn();
    const wrong = await enter('caseworker', 'x');
    const unknown = await enter('nobody', 'x');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  it('makes a user wait fifteen minutes after five failures, even with the right password', async () => {
    const { enter, clock } = signIn();
    for (let i = 0; i < 5; i += 1) expect((await enter('auditor', `wrong ${i}`)).status).toBe(401);
    expect((await enter('auditor', 'auditor-demo')).status).toBe(429);
    expect((await enter('caseworker', 'caseworker-demo')).status).toBe(200);
    clock.advance(15 * 60_000);
    expect((await enter('auditor', 'auditor-demo')).status).toBe(200);
  });

  it('checks passwords one at a time and lets few wait: hashing them for everybody at once would stop all other work', async () => {
    const clock = at('2024-04-01T00:00:00.000Z');
    const begun: (() => void)[] = [];
    let held = true;
    const check = async () => {
      if (held) await new Promise<void>((resolve) => begun.push(resolve));
      return undefined;
    };
    const app = createSignIn({ check, issue: async () => '', clock, newId: () => 'r' });
    const enter = (n: number) =>
      app.request('/sign-in', { method: 'POST', body: JSON.stringify({ user: `user-${n}`, password: 'x' }) });
    const answers = Array.from({ length: 60 }, (_, n) => enter(n));
    const refused = await Promise.race(answers);
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '5']);
    expect(begun).toHaveLength(1);
    held = false;
    begun[0]?.();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    // Whoever was turned away has no failure counted.
    for (let i = 0; i < 5; i += 1) expect((await enter(59)).status).toBe(401);
  });

  it('clears the failures with a success', async () => {
    const { enter } = signIn();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) await enter('auditor', 'wrong');
      expect((await enter('auditor', 'auditor-demo')).status).toBe(200);
    }
  });

  it.each(['', '{', '{}', '{"user":"a"}', '{"user":1,"password":"x"}', '{"user":"a","password":"b","role":"supervisor"}'])(
    'refuses the body %s',
    async (body) => {
      expect((await signIn().app.request('/sign-in', { method: 'POST', body })).status).toBe(400);
    },
  );

  it('refuses tokens that are altered, unsigned, of another secret or another audience', async () => {
    const { tokens, clock } = signIn();
    const subject = { user: 'u', name: '', roles: ['supervisor'], areas: ['*'], departments: [] };
    const good = await tokens.issue(subject);
    const [header, payload, signature] = good.split('.');
    const raised = Buffer.from(JSON.stringify({ sub: 'u', 'cognito:groups': ['auditor'] })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const otherSecret = await localTokens(new Uint8Array(32).fill(4), clock).issue(subject);
    const otherAudience = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('u')
      .setIssuer('aidwatch-local')
      .setAudience('other')
      .setExpirationTime(4_000_000_000)
      .sign(secret);
    for (const token of [`${header}.${raised}.${signature}`, `${none}.${payload}.`, otherSecret, otherAudience, 'x', ''])
      expect(await tokens.authenticate(bearer(token))).toBeUndefined();
    expect(await tokens.authenticate(new Request('http://localhost/'))).toBeUndefined();
    expect(await tokens.authenticate(bearer(good))).toMatchObject({ id: 'u', areas: [''] });
  });

  it('refuses a secret that is too short', () => {
    expect(() => localTokens(new Uint8Array(16), at('2024-04-01T00:00:00.000Z'))).toThrow(RangeError);
  });

  it('does not list accounts when it has no demo accounts', async () => {
    const clock = at('2024-04-01T00:00:00.000Z');
    const app = createSignIn({ check: async () => undefined, issue: async () => '', clock, newId: () => 'r' });
    expect((await app.request('/sign-in/accounts')).status).toBe(404);
    expect((await signIn().app.request('/sign-in/accounts')).status).toBe(200);
  });
});

describe('accounts file', () => {
  it('takes a scrypt password and refuses another one and another user', async () => {
    const password = await hashPassword('正确的口令', Buffer.alloc(16, 1));
    const check = checkAgainstFile(
      JSON.stringify({ accounts: [{ user: 'wang', password, roles: ['caseworker'], areas: ['411122'] }] }),
    );
    expect(await check('wang', '正确的口令')).toMatchObject({ user: 'wang', roles: ['caseworker'], areas: ['411122'] });
    expect(await check('wang', '错误的口令')).toBeUndefined();
    expect(await check('li', '正确的口令')).toBeUndefined();
  });

  it.each([
    ['a plain password', { user: 'wang', password: 'plain', roles: ['caseworker'] }],
    ['an unknown role', { user: 'wang', password: `${'0'.repeat(32)}:${'0'.repeat(64)}`, roles: ['root'] }],
    ['no role', { user: 'wang', password: `${'0'.repeat(32)}:${'0'.repeat(64)}`, roles: [] }],
  ])('refuses a file with %s', (_, account) => {
    expect(() => checkAgainstFile(JSON.stringify({ accounts: [account] }))).toThrow();
  });
});

/** An issuer on this machine: what it answers to discovery and for its keys may be changed while it runs. */
async function withIssuer(
  test: (issuer: {
    readonly url: string;
    readonly token: (audience?: string) => Promise<string>;
    readonly answers: { keys: number; keysAt: string };
  }) => Promise<void>,
): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' };
  const answers = { keys: 200, keysAt: '' };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/jwks') response.statusCode = answers.keys;
    response.end(JSON.stringify(request.url === '/jwks' ? { keys: [jwk] } : { jwks_uri: answers.keysAt }));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answers.keysAt = `${url}/jwks`;
  const token = (audience = 'aidwatch') =>
    new SignJWT({ roles: ['auditor'], areas: '411122' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setSubject('z')
      .setIssuer(url)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(privateKey);
  try {
    await test({ url, token, answers });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('any OpenID Connect issuer', () => {
  it('takes its tokens by discovery, for the audience set only', () =>
    withIssuer(async ({ url, token }) => {
      const authenticate = oidcTokens(url, 'aidwatch');
      expect(await authenticate(bearer(await token()))).toMatchObject({ id: 'z', roles: ['auditor'], areas: ['411122'] });
      expect(await authenticate(bearer(await token('other')))).toBeUndefined();
    }));

  it('throws when the issuer cannot be reached, instead of calling the token wrong', async () => {
    await expect(oidcTokens('http://127.0.0.1:9', 'aidwatch')(bearer('a.b.c'))).rejects.toThrow();
  });

  it('throws when its keys cannot be had, and goes on once they can', () =>
    withIssuer(async ({ url, token, answers }) => {
      answers.keys = 500;
      const authenticate = oidcTokens(url, 'aidwatch');
      await expect(authenticate(bearer(await token()))).rejects.toThrow(RetryLaterError);
      answers.keys = 200;
      expect(await authenticate(bearer(await token()))).toMatchObject({ id: 'z' });
    }));

  it('takes no keys from where anybody between could change them, though discovery says so', () =>
    withIssuer(async ({ url, token, answers }) => {
      answers.keysAt = answers.keysAt.replace('127.0.0.1', '127.0.0.2');
      await expect(oidcTokens(url, 'aidwatch')(bearer(await token()))).rejects.toThrow(RetryLaterError);
    }));

  it('refuses tokens that are unsigned, of no known key, not valid yet or over', () =>
    withIssuer(async ({ url, token }) => {
      const authenticate = oidcTokens(url, 'aidwatch');
      const [, payload, signature] = (await token()).split('.');
      const headed = (header: object) => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
      const { privateKey } = await generateKeyPair('ES256');
      const made = (times: (jwt: SignJWT) => SignJWT) =>
        times(new SignJWT({ roles: ['auditor'] }).setProtectedHeader({ alg: 'ES256', kid: 'k' }))
          .setSubject('z')
          .setIssuer(url)
          .setAudience('aidwatch')
          .sign(privateKey);
      const wrong = [
        headed({ alg: 'none' }),
        headed({ alg: 'HS256', kid: 'k' }),
        headed({ alg: 'ES256', kid: '../../../dev/null' }),
        await made((jwt) => jwt.setExpirationTime('5m')),
        await made((jwt) => jwt.setExpirationTime('-5m')),
        await made((jwt) => jwt.setExpirationTime('9m').setNotBefore('5m')),
      ];
      for (const one of wrong) expect(await authenticate(bearer(one)), one).toBeUndefined();
    }));
});
