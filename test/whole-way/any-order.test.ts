import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stoppedClock } from '../../infra/local/clock.ts';
import { generateCounty } from '../../infra/local/demo-county/generate.ts';
import { writeCounty } from '../../infra/local/demo-county/write-county.ts';
import { announce } from '../../infra/local/inbox.ts';
import { openPlatform, type Platform } from '../../infra/local/platform.ts';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { type Instant, parseInstant } from '../../shared/calendar/plain-date.ts';
import type { OutgoingMessage, QueueName } from '../../shared/ports/queue.ts';
import { countyState } from './county-state.ts';
import { silentLog } from './silent-log.ts';

const NOW = parseInstant('2024-04-20T09:00:00+08:00') as Instant;
const MONTHS = ['2024-01', '2024-02', '2024-03'] as Period[];

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aidwatch-order-'));
  await writeCounty(join(root, 'files'), generateCounty({ seed: 11, households: 120, months: MONTHS, area: '411122' }));
  loadOrCreateKeys(join(root, 'keys.json'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function freshPlatform(name: string): Promise<Platform> {
  const dataDir = join(root, name);
  await mkdir(dataDir, { recursive: true });
  await cp(join(root, 'keys.json'), join(dataDir, 'keys.json'), { preserveTimestamps: true });
  await cp(join(root, 'files'), join(dataDir, 'inbox'), { recursive: true });
  return openPlatform(dataDir, stoppedClock(NOW), silentLog);
}

async function keysOf(platform: Platform): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of platform.stores.objects.list('inbox/')) keys.push(key);
  return keys;
}

/** A fixed sequence of numbers in [0, 1): the same shuffles on every run. */
function fixedRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sends every message of two queues twice, each batch shuffled with what waits already. */
function makeChaotic(platform: Platform, seed: number): void {
  const random = fixedRandom(seed);
  const { queue } = platform.stores;
  const send = queue.send.bind(queue);
  const waiting = queue.waiting.bind(queue);
  const held: OutgoingMessage[] = [];
  queue.send = async (name: QueueName, messages: readonly OutgoingMessage[]) => {
    if (name !== 'updates') return send(name, [...messages, ...messages.map(({ body }) => ({ body }))]);
    held.push(...messages, ...messages);
  };
  queue.waiting = async (name, max, apart) => {
    // Once all files are read, their facts come in any order, a few at a time.
    if (name === 'updates' && held.length > 0) {
      const shuffled = held
        .splice(0)
        .map((message) => ({ message, place: random() }))
        .sort((a, b) => a.place - b.place);
      await send(
        'updates',
        shuffled.map(({ message }) => ({ body: message.body })),
      );
    }
    return waiting(name, name === 'files' ? 1 : Math.min(max, 1 + Math.floor(random() * 7)), apart);
  };
}

describe('messages that come twice and in any order', () => {
  it('bring a county to the same state as messages that come once and in order', async () => {
    const plain = await freshPlatform('plain');
    await announce(plain.stores.queue, await keysOf(plain));
    await plain.pump.drain();
    const expected = await countyState(plain.stores);
    await plain.close();
    expect(expected.standings.length).toBeGreaterThan(100);

    for (const seed of [1, 2, 3]) {
      const chaotic = await freshPlatform(`chaotic-${seed}`);
      makeChaotic(chaotic, seed);
      await announce(chaotic.stores.queue, await keysOf(chaotic));
      await chaotic.pump.drain();
      const state = await countyState(chaotic.stores);
      await chaotic.close();
      expect(state, `seed ${seed}`).toEqual(expected);
    }
  }, 300_000);
});
