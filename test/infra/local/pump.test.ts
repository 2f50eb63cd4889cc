import { beforeEach, describe, expect, it } from 'vitest';
import { Pump } from '../../../infra/local/pump.ts';
import { Schedule } from '../../../infra/local/schedule.ts';
import type { Task } from '../../../infra/local/work.ts';
import type { QueueName } from '../../../shared/ports/queue.ts';

let waiting: Record<QueueName, string[]>;
let worked: string[];
let reporters: number;
/** Ends the report in hand. */
let finish: (error?: Error) => void;
let pump: Pump;

beforeEach(() => {
  waiting = { files: [], updates: [], assessments: [], cases: [], reports: [] };
  worked = [];
  reporters = 0;
  const queue = {
    waiting: async (name: QueueName, max: number) =>
      waiting[name].slice(0, max).map((id) => ({ id, share: 0, bytes: 1, body: undefined })),
    depth: async (name: QueueName) => waiting[name].length,
  };
  const work = async (task: Task) => {
    worked.push(task.kind);
    if (task.kind === 'messages') waiting[task.queue] = [];
    return 1;
  };
  pump = new Pump({
    queue,
    schedule: new Schedule({
      queue,
      exchange: { info: async () => undefined },
      households: async () => ({ households: [] }),
      runsDue: () => false,
      eventsWaiting: async () => 0,
    }),
    work,
    reports: () => {
      reporters += 1;
      return (task) =>
        new Promise((resolve, reject) => {
          worked.push(`${task.kind} begun`);
          finish = (error) => {
            if (error !== undefined) return reject(error);
            waiting.reports.shift();
            worked.push(`${task.kind} ended`);
            resolve(1);
          };
        });
    },
  });
});

const ended = () => new Promise((resolve) => setImmediate(resolve));

describe('reports beside the work of the pump', () => {
  it('hold up nothing that comes while one is made', async () => {
    waiting.reports.push('report');
    expect(await pump.step()).toBe(false);
    waiting.files.push('file');
    expect(await pump.step()).toBe(true);
    expect(worked).toEqual(['reports begun', 'messages']);
    finish();
    await ended();
    expect(worked).toEqual(['reports begun', 'messages', 'reports ended']);
  });

  it('are made one after the other, by one that is started once', async () => {
    waiting.reports.push('first', 'second');
    for (let n = 0; n < 3; n += 1) await pump.step();
    expect(worked).toEqual(['reports begun']);
    finish();
    await ended();
    await pump.step();
    finish();
    await ended();
    await pump.step();
    expect(worked).toEqual(['reports begun', 'reports ended', 'reports begun', 'reports ended']);
    expect(reporters).toBe(1);
  });

  it('are part of what draining waits for, and of resting', async () => {
    waiting.reports.push('report');
    let drained = false;
    const draining = pump.drain().then(() => {
      drained = true;
    });
    for (let n = 0; n < 5; n += 1) await ended();
    expect([worked, drained]).toEqual([['reports begun'], false]);
    finish();
    await draining;
    expect(waiting.reports).toEqual([]);
  });

  it('that fail as a whole are told of at the next step, and begun again after it', async () => {
    waiting.reports.push('report');
    await pump.step();
    finish(new Error('disk full'));
    await ended();
    await expect(pump.step()).rejects.toThrow('disk full');
    await pump.step();
    expect(worked).toEqual(['reports begun', 'reports begun']);
    finish();
    await pump.rest();
  });
});
