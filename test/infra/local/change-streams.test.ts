import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve as listen } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerSentEvents } from '../../../infra/local/change-streams.ts';
import type { Principal } from '../../../shared/access/principal.ts';
import { type Embedded, openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import { aCase, caseChange } from '../../builders/cases.ts';
import { type DemoApi, demoApi, inside, PURPOSE, userOf } from '../../functions/serve-api/demo-api.ts';

const VILLAGE = inside.area;
const STREAM = { ...PURPOSE, accept: 'text/event-stream' };

let folder: string;
let stores: Embedded;
let streams: ServerSentEvents;
let signedIn: Principal | undefined;
let api: DemoApi;
let server: ReturnType<typeof listen>;
let address = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
  stores = openEmbedded(join(folder, 'data'));
  signedIn = userOf('caseworker');
  await serveWith({});
});
afterEach(async () => {
  await stop();
  stores.close();
  rmSync(folder, { recursive: true });
});

async function serveWith(settings: ConstructorParameters<typeof ServerSentEvents>[1]): Promise<void> {
  await stop();
  streams = new ServerSentEvents({ info() {}, warn() {}, error() {} }, { lookMs: 5, ...settings });
  api = demoApi(undefined, { cases: stores.cases, streams, authenticate: async () => signedIn });
  address = await new Promise((resolve) => {
    server = listen({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 }, (info: AddressInfo) =>
      resolve(`http://127.0.0.1:${info.port}/api/v1/cases/changes`),
    );
  });
}

async function stop(): Promise<void> {
  await (streams as ServerSentEvents | undefined)?.close();
  await new Promise<void>((done) => ((server as typeof server | undefined) === undefined ? done() : server.close(() => done())));
}

/** A client of a stream: the next piece that is an event or a heartbeat, and the going away. */
async function client(headers: Record<string, string> = {}, query = '') {
  const gone = new AbortController();
  const response = await fetch(`${address}${query}`, { headers: { ...STREAM, ...headers }, signal: gone.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  /** Undefined when the stream has ended. */
  const piece = async (): Promise<string | undefined> => {
    for (;;) {
      const end = waiting.indexOf('\n\n');
      if (end >= 0) {
        const text = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (!text.startsWith('retry:')) return text;
      } else {
        const read = await reader?.read();
        if (read === undefined || read.done) return undefined;
        waiting += read.value;
      }
    }
  };
  const event = async () => {
    const text = await piece();
    const [, id, data = ''] = /^id: (\w+)\nevent: changed\ndata: (.*)$/.exec(text ?? '') ?? [];
    expect(text).toBeDefined();
    expect(JSON.parse(data)).toEqual({ changed: true, token: id });
    return id ?? '';
  };
  return { piece, event, leave: () => gone.abort() };
}

async function keep(...cases: readonly ReturnType<typeof aCase>[]): Promise<void> {
  expect(await stores.cases.save(cases.map((one) => caseChange(one)))).toEqual([]);
}

async function polled(): Promise<string> {
  const response = await fetch(`${address}?wait=0`, { headers: PURPOSE });
  return ((await response.json()) as { token: string }).token;
}

describe('a stream of changes', () => {
  it('tells how the worklist stands, and each change with the token the poll gives', async () => {
    const { event } = await client();
    expect(await event()).toBe(await polled());
    await keep(aCase(1, { area: VILLAGE }));
    expect(await event()).toBe(await polled());
    await keep(aCase(1, { area: VILLAGE, version: 2, stage: 'review' }));
    expect(await event()).toBe(await polled());
  });

  it('goes on where a client was: nothing is told again, and what changed meanwhile is told at once', async () => {
    const seen = await polled();
    const same = await client({ 'last-event-id': seen });
    await keep(aCase(1, { area: VILLAGE }));
    const next = await same.event();
    expect(next).not.toBe(seen);
    for (const position of [{ 'last-event-id': seen }, { 'last-event-id': 'something of another time' }]) {
      expect(await (await client(position)).event()).toBe(next);
    }
    expect(await (await client({}, `?token=${seen}`)).event()).toBe(next);
  });

  it('is of the reader’s areas only, and writes no more into the read trail than the poll', async () => {
    const { event } = await client();
    const before = await event();
    await keep(aCase(1, { area: '370602001002' }));
    expect(await polled()).toBe(before);
    await keep(aCase(2, { area: VILLAGE }));
    const told = await event();
    expect(told).toBe(await polled());
    expect(api.events).toEqual([]);
  });

  it('says that it lives while nothing changes', async () => {
    await serveWith({ heartbeatMs: 1 });
    const { event, piece } = await client();
    await event();
    expect([await piece(), await piece()]).toEqual([': ', ': ']);
  });

  it('ends when the sign-in does, and does not begin without one', async () => {
    const { event, piece } = await client();
    await event();
    signedIn = undefined;
    expect(await piece()).toBeUndefined();
    expect(streams.open).toBe(0);
    expect((await fetch(address, { headers: STREAM })).status).toBe(401);
  });

  it('ends when the reader loses the right to look', async () => {
    const { event, piece } = await client();
    await event();
    signedIn = userOf('department');
    expect(await piece()).toBeUndefined();
  });

  it.each([
    ['without a purpose', userOf('caseworker'), { accept: 'text/event-stream' }, '', 400],
    ['of an area that is not the reader’s', userOf('caseworker'), STREAM, '?area=37', 404],
    ['of a role that has no worklist', userOf('department'), STREAM, '', 403],
  ])('%s is refused before it begins', async (_, principal, headers, query, status) => {
    signedIn = principal;
    const response = await fetch(`${address}${query}`, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(streams.open).toBe(0);
  });

  it('is let go of when its client goes away', async () => {
    const { event, leave } = await client();
    await event();
    expect(streams.open).toBe(1);
    leave();
    await vi.waitFor(() => expect(streams.open).toBe(0));
  });

  it('is bounded for each user: one too many is refused, says to poll, and has its place when another goes', async () => {
    await serveWith({ perUser: 2 });
    const first = await client();
    await client();
    const refused = await fetch(address, { headers: STREAM });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await refused.json()).toMatchObject({ code: 'too-many-streams' });
    signedIn = { ...userOf('caseworker'), id: 'somebody-else' };
    const other = await client();
    await other.event();
    signedIn = userOf('caseworker');
    first.leave();
    await vi.waitFor(() => expect(streams.open).toBe(2));
    await (await client()).event();
  });

  it('is bounded for all together', async () => {
    await serveWith({ inAll: 1 });
    await (await client()).event();
    signedIn = { ...userOf('caseworker'), id: 'somebody-else' };
    expect((await fetch(address, { headers: STREAM })).status).toBe(429);
  });

  it('ends whole when the host stops, and none begins any more', async () => {
    const { event, piece } = await client();
    await event();
    await streams.close();
    expect(await piece()).toBeUndefined();
    expect((await fetch(address, { headers: STREAM })).status).toBe(429);
  });

  it('is not kept for a request that reads no body', async () => {
    expect((await fetch(`${address}?wait=0`, { method: 'HEAD', headers: STREAM })).status).toBe(200);
    expect(streams.open).toBe(0);
  });
});

describe('a host that cannot keep answers open', () => {
  it('answers the poll, whatever the client accepts', async () => {
    const { app } = demoApi(userOf('caseworker'), { cases: stores.cases });
    const response = await app.request('/api/v1/cases/changes?wait=0', { headers: STREAM });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ changed: true });
  });
});
