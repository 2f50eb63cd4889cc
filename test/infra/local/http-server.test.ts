import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { readServerSettings, startServer } from '../../../infra/local/http-server.ts';
import { openPlatform } from '../../../infra/local/platform.ts';
import { stderrLog } from '../../../infra/local/stderr-log.ts';
import { instant } from '../../builders/facts.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

/** More than the host holds, and about as many as a strict machine lets a process have files open. */
const CONNECTIONS = 1_000;

/** A connection that says nothing; resolves once it stands. */
function silent(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** The status of one request on the agent's connection, its body read to the end. */
function statusOf(agent: Agent, port: number, method: string, path: string, body?: Uint8Array): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': body.byteLength };
    const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the HTTP interface of one machine', () => {
  it('answers what comes after a refused body on the same connection, as a proxy sends it, which may be somebody else’s', () =>
    withFolder(async (folder) => {
      const clock = stoppedClock(instant(1));
      const platform = openPlatform(join(folder, 'data'), clock, stderrLog(clock, 'error'));
      const server = await startServer(platform, readServerSettings({ PORT: '0' }));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        for (const bytes of [1_000, 200_000, 3_000_000]) {
          const photo = new Uint8Array(bytes);
          expect(await statusOf(agent, server.port, 'POST', '/api/v1/search', photo)).toBe(bytes > 16_384 ? 400 : 401);
          expect(await statusOf(agent, server.port, 'GET', '/api/v1/health')).toBe(200);
          expect(await statusOf(agent, server.port, 'PUT', '/api/v1/uploads/expired', photo)).toBe(403);
          expect(await statusOf(agent, server.port, 'GET', '/api/v1/health')).toBe(200);
        }
      } finally {
        agent.destroy();
        await server.close();
        await platform.close();
      }
    }));

  it('lets go of connections beyond those it can hold beside the files it works on', () =>
    withFolder(async (folder) => {
      const clock = stoppedClock(instant(1));
      const platform = openPlatform(join(folder, 'data'), clock, stderrLog(clock, 'error'));
      const server = await startServer(platform, readServerSettings({ PORT: '0' }));
      const sockets: Socket[] = [];
      try {
        let ended = 0;
        for (let n = 0; n < CONNECTIONS; n += 1) {
          const socket = await silent(server.port);
          socket.on('close', () => {
            ended += 1;
          });
          socket.on('error', () => undefined);
          socket.resume();
          sockets.push(socket);
        }
        await expect.poll(() => ended, { timeout: 10_000 }).toBe(200);
        for (const socket of sockets) socket.destroy();
        await expect.poll(async () => (await fetch(`${server.address}/api/v1/health`)).status, { timeout: 10_000 }).toBe(200);
      } finally {
        for (const socket of sockets) socket.destroy();
        await server.close();
        await platform.close();
      }
    }));
});
