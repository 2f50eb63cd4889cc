import { beforeEach, describe, expect, it } from 'vitest';
import { Schedule } from '../../../infra/local/schedule.ts';
import type { Task } from '../../../infra/local/work.ts';
import type { QueueName } from '../../../shared/ports/queue.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';

interface Message {
  readonly id: string;
  readonly share: number;
  readonly bytes: number;
  readonly body: string | undefined;
}

let waiting: Record<QueueName, Message[]>;
let pages: string[][];
let events: number;
let runsDue: boolean;
let schedule: Schedule;

beforeEach(() => {
  waiting = { files: [], updates: [], assessments: [], cases: [], reports: [] };
  pages = [];
  runsDue = false;
  events = 0;
  schedule = new Schedule({
    queue: {
      waiting: async (queue, max, apart = []) => waiting[queue].filter((message) => !apart.includes(message.share)).slice(0, max),
      depth: async (queue) => waiting[queue].length,
    },
    exchange: {
      info: async (key) => ({ key, size: key.length, version: '1', lastModified: '2024-04-20T01:00:00.000Z' as never }),
    },
    runsDue: () => runsDue,
    eventsWaiting: async () => events,
    households: async (after) => {
      const number = Number(after ?? 0);
      const next = number + 1 < pages.length ? String(number + 1) : undefined;
      return { households: (pages[number] ?? []) as HouseholdId[], ...(next === undefined ? undefined : { next }) };
    },
  });
});

function file(id: string, path: string): Message {
  return { id, share: 0, bytes: 100, body: JSON.stringify({ v: 1, kind: 'file-dropped', key: `inbox/${path}` }) };
}

const JANUARY = file('1', 'housing/dilapidated-housing/2024-01/a.csv');
const FEBRUARY = file('2', 'housing/dilapidated-housing/2024-02/a-longer-name-is-a-larger-file-here.csv');
const PUPILS = file('3', 'education/enrolment/2024-01/pupils.csv');

function facts(id: string, share: number): Message {
  return { id, share, bytes: 200_000, body: undefined };
}

async function taken(hands: number): Promise<readonly string[] | undefined> {
  return idsOf((await schedule.next(hands))?.task);
}

function idsOf(task: Task | undefined): readonly string[] | undefined {
  if (task?.kind === 'messages') return task.ids;
  return task?.kind === 'households' ? task.households : undefined;
}

describe('what is done next', () => {
  it('never has two files of one feed in hand, and keeps their order', async () => {
    waiting.files = [JANUARY, FEBRUARY, PUPILS];
    const first = await schedule.next(3);
    const second = await schedule.next(3);
    expect([idsOf(first?.task), idsOf(second?.task)]).toEqual([['1'], ['3']]);
    expect(await schedule.next(3)).toBeUndefined();
    waiting.files = [FEBRUARY, PUPILS];
    if (first !== undefined) schedule.ended(first);
    expect(await taken(3)).toEqual(['2']);
  });

  it('takes files in the order they came where one works, the largest first where several do', async () => {
    waiting.files = [PUPILS, FEBRUARY];
    expect(await taken(2)).toEqual(['2']);
    expect(await taken(1)).toEqual(['3']);
  });

  it('takes in no facts while a file waits or is in hand', async () => {
    waiting.files = [JANUARY];
    waiting.updates = [facts('7', 0)];
    const reading = await schedule.next(2);
    expect(await schedule.next(2)).toBeUndefined();
    waiting.files = [];
    expect(await schedule.next(2)).toBeUndefined();
    if (reading !== undefined) schedule.ended(reading);
    expect(await taken(2)).toEqual(['7']);
  });

  it('gives every share of people to one hand at a time, whole shares where they fit', async () => {
    waiting.updates = [
      ...Array.from({ length: 40 }, (_, n) => facts(`a${n}`, 0)),
      ...Array.from({ length: 40 }, (_, n) => facts(`b${n}`, 1)),
    ];
    expect(await taken(2)).toEqual(waiting.updates.slice(0, 40).map((message) => message.id));
    expect(await taken(2)).toEqual(waiting.updates.slice(40).map((message) => message.id));
    expect(await schedule.next(2)).toBeUndefined();
  });

  it('hands out each household once, then everybody page by page once all facts are in', async () => {
    waiting.updates = [facts('7', 0)];
    waiting.assessments = [facts('8', 0)];
    pages = [['H1', 'H2'], ['H3']];
    const placing = await schedule.next(2);
    expect(await schedule.next(2)).toBeUndefined();
    waiting.updates = [];
    if (placing !== undefined) schedule.ended(placing);
    const touched = await schedule.next(2);
    expect(idsOf(touched?.task)).toEqual(['8']);
    expect(await schedule.next(2), 'a few households have their turn before everybody').toBeUndefined();
    waiting.assessments = [];
    if (touched !== undefined) schedule.ended(touched);
    expect([await taken(2), await taken(2), await taken(2)]).toEqual([['H1', 'H2'], ['H3'], undefined]);
  });

  it('tells facts that a sweep covers them until it has begun', async () => {
    waiting.updates = [facts('7', 0)];
    pages = [['H1']];
    const before = await schedule.next(1);
    expect(before?.task).toMatchObject({ sweepDue: true });
    waiting.updates = [];
    if (before !== undefined) schedule.ended(before);
    expect(await taken(1)).toEqual(['H1']);
    waiting.updates = [facts('9', 0)];
    expect((await schedule.next(1))?.task).toMatchObject({ sweepDue: false });
  });

  it('goes on with runs of cases before it takes messages of the casework, one task at a time', async () => {
    waiting.cases = [{ id: 'tend', share: 0, bytes: 100, body: undefined }];
    runsDue = true;
    const runs = await schedule.next(2);
    expect(runs?.task).toEqual({ kind: 'runs' });
    expect(await schedule.next(2)).toBeUndefined();
    runsDue = false;
    if (runs !== undefined) schedule.ended(runs);
    expect((await schedule.next(2))?.task).toMatchObject({ kind: 'messages', queue: 'cases' });
  });

  it('sees to cases beside a sweep where several work', async () => {
    waiting.cases = [{ id: 'tend', share: 0, bytes: 100, body: undefined }];
    pages = [['H1'], ['H2']];
    const first = await schedule.next(2);
    const second = await schedule.next(2);
    expect([first?.task, second?.task]).toMatchObject([{ kind: 'households' }, { kind: 'messages', queue: 'cases' }]);
    expect((await schedule.next(2))?.task, 'one task of the casework at a time').toMatchObject({ households: ['H2'] });
  });

  it('lets one hand assess everybody before it sees to cases', async () => {
    waiting.cases = [{ id: 'tend', share: 0, bytes: 100, body: undefined }];
    pages = [['H1'], ['H2']];
    for (const wanted of [{ households: ['H1'] }, { households: ['H2'] }, { queue: 'cases' }]) {
      const next = await schedule.next(1);
      expect(next?.task).toMatchObject(wanted);
      if (next !== undefined) schedule.ended(next);
    }
  });

  it('archives when nothing else is to do, one hand at a time', async () => {
    events = 1;
    waiting.updates = [facts('7', 0)];
    const placing = await schedule.next(2);
    waiting.updates = [];
    expect(await schedule.next(2)).toBeUndefined();
    if (placing !== undefined) schedule.ended(placing);
    expect([await schedule.next(2), await schedule.next(2)].map((one) => one?.step)).toEqual(['archive', undefined]);
  });

  it('archives beside a sweep once many events wait', async () => {
    pages = [['H1'], ['H2'], ['H3']];
    expect((await schedule.next(2))?.step).toBe('assessments');
    events = 200;
    expect((await schedule.next(2))?.step).toBe('archive');
    expect((await schedule.next(2))?.step).toBe('assessments');
  });

  it('counts a backlog as large by the bytes of its files and facts', async () => {
    waiting.files = [JANUARY];
    expect(await schedule.muchWaits()).toBe(false);
    waiting.updates = Array.from({ length: 50 }, (_, n) => facts(String(n), n));
    expect(await schedule.muchWaits()).toBe(true);
  });
});
