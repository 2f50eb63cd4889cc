import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import { WriteTurn } from '../../../../shared/adapters/embedded/write-turn.ts';
import { withFolder } from './data-folder.ts';

/** A thread that takes the turn, says so, and gives it up after a moment. */
const HOLDER = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ WriteTurn }) => {
    const turn = new WriteTurn(workerData.shared);
    turn.take();
    parentPort.postMessage('taken');
    setTimeout(() => turn.give(), 50);
  });`;

/** Settles once another thread has the turn, which it keeps for a moment. */
function heldElsewhere(turn: WriteTurn): Promise<unknown> {
  const module = new URL('../../../../shared/adapters/embedded/write-turn.ts', import.meta.url).href;
  const holder = new Worker(HOLDER, { eval: true, workerData: { module, shared: turn.shared } });
  return new Promise((resolve) => holder.once('message', resolve));
}

describe('the turn to write', () => {
  it('belongs to one thread at a time; another sleeps until it is given up', async () => {
    const turn = new WriteTurn();
    await heldElsewhere(turn);
    expect(turn.takeIfFree()).toBe(false);
    turn.take();
    expect(new WriteTurn(turn.shared).takeIfFree()).toBe(false);
    turn.give();
    expect(turn.takeIfFree()).toBe(true);
  });

  it('lets a thread that waits for it do other things meanwhile', () =>
    withFolder(async (folder) => {
      const turn = new WriteTurn();
      const database = new EmbeddedDatabase(folder, turn);
      await heldElsewhere(turn);
      const order: string[] = [];
      const written = database.writeWhenFree(() => order.push('written'));
      await new Promise((resolve) => setImmediate(resolve));
      order.push('something else');
      await written;
      expect(order).toEqual(['something else', 'written']);
      expect(turn.takeIfFree(), 'given up after the change').toBe(true);
      turn.give();
      database.close();
    }));

  it('is given up by a change that fails', () =>
    withFolder(async (folder) => {
      const turn = new WriteTurn();
      const database = new EmbeddedDatabase(folder, turn);
      const fail = () => {
        throw new Error('no');
      };
      expect(() => database.write(fail)).toThrow('no');
      await expect(database.writeWhenFree(fail)).rejects.toThrow('no');
      expect(turn.takeIfFree()).toBe(true);
      turn.give();
      database.close();
    }));
});
