import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { MAX_ATTEMPTS } from '../../../../shared/adapters/embedded/queue.ts';
import { withFolder } from './data-folder.ts';

const HOUR_MS = 60 * 60 * 1000;

describe('the embedded queue', () => {
  it('delivers what was sent under a clock that was ahead, once that is put right', () =>
    withFolder(async (folder) => {
      let real = 9_000 * HOUR_MS;
      const { queue, followClock, close } = openEmbedded(folder, { nowMs: () => real });
      await queue.send('updates', [{ body: 'in hand' }]);
      expect(await queue.receive('updates', 1, 900)).toHaveLength(1);
      await queue.send('updates', [{ body: 'waits' }]);
      real -= HOUR_MS / 2;
      await followClock();
      expect(await queue.receive('updates', 10, 900)).toMatchObject([{ body: 'waits', attempt: 1 }]);
      real -= 24 * HOUR_MS;
      expect(await queue.receive('updates', 10, 900)).toEqual([]);
      await followClock();
      expect(await queue.receive('updates', 10, 900)).toHaveLength(2);
      close();
    }));

  it('frees what a killed process had in hand, and does not count that attempt', () =>
    withFolder(async (folder) => {
      for (let kill = 0; kill < 20; kill += 1) {
        const { queue, close } = openEmbedded(folder);
        await queue.takeBackAll();
        if (kill === 0) await queue.send('updates', [{ body: 'one' }]);
        expect(await queue.receive('updates', 10, 600)).toMatchObject([{ body: 'one', attempt: 1 }]);
        close();
      }
    }));

  it('buries in the end a message that is in hand at every one of very many starts', () =>
    withFolder(async (folder) => {
      const { queue, close } = openEmbedded(folder);
      await queue.send('updates', [{ body: 'kills the process' }]);
      for (let start = 0; start < 50 + MAX_ATTEMPTS; start += 1) {
        expect(await queue.receive('updates', 10, 600)).toHaveLength(1);
        await queue.takeBackAll();
      }
      expect(await queue.receive('updates', 10, 600)).toEqual([]);
      expect(await queue.list('updates', 10)).toMatchObject([{ body: 'kills the process' }]);
      close();
    }));

  it('never counts against a message what the machine is to blame for', () =>
    withFolder(async (folder) => {
      const { queue, close } = openEmbedded(folder);
      await queue.send('updates', [{ body: 'a large file' }]);
      for (let round = 0; round < 200; round += 1) {
        expect(await queue.receive('updates', 10, 600)).toMatchObject([{ attempt: 1 }]);
        await queue.takeBackAll({ blameless: true });
      }
      expect(await queue.list('updates', 10)).toEqual([]);
      close();
    }));

  it('delivers a message given back after its delay, and buries it with the last reason', () =>
    withFolder(async (folder) => {
      let nowMs = 0;
      const { queue, close } = openEmbedded(folder, { nowMs: () => nowMs });
      await queue.send('updates', [{ body: 'poison' }]);
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const [message] = await queue.receive('updates', 10, 600);
        expect(message?.attempt).toBe(attempt);
        await queue.retry([message?.id ?? ''], 3, `reason ${attempt}`);
        nowMs += 2_999;
        expect(await queue.receive('updates', 10, 600)).toEqual([]);
        nowMs += 1;
      }
      expect(await queue.receive('updates', 10, 600)).toEqual([]);
      expect(await queue.list('updates', 10)).toMatchObject([{ body: 'poison', reason: `reason ${MAX_ATTEMPTS}` }]);
      expect(await queue.depth('updates')).toBe(0);
      close();
    }));
});
