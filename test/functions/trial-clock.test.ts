import { describe, expect, it } from 'vitest';
import { readEnv } from '../../functions/normalize-file/env.ts';
import { clockFor } from '../../functions/trial-clock.ts';
import type { Log, LogFields } from '../../shared/ports/log.ts';

const settings = {
  TABLE_NAME: 'table',
  EXCHANGE_BUCKET: 'bucket',
  KEYS_SECRET_ID: 'secret',
  FILES_QUEUE_URL: 'https://queues.test/files',
  UPDATES_QUEUE_URL: 'https://queues.test/updates',
  FILES_DEAD_LETTERS_URL: 'https://queues.test/dead',
};

function recordingLog() {
  const warned: [string, LogFields | undefined][] = [];
  const log: Log = { info: () => {}, warn: (code, fields) => void warned.push([code, fields]), error: () => {} };
  return { log, warned };
}

describe('the clock of a function', () => {
  it('is the machine’s, without a word, unless a trial sets one', () => {
    const { log, warned } = recordingLog();
    const before = Date.now();
    expect(Date.parse(clockFor(readEnv(settings), log).now())).toBeGreaterThanOrEqual(before);
    expect(warned).toEqual([]);
  });

  it('stands at the time of a trial, and says so when the function starts', () => {
    const { log, warned } = recordingLog();
    const clock = clockFor(readEnv({ ...settings, TRIAL_CLOCK: '2024-01-15T01:00:00Z' }), log);
    expect([clock.now(), clock.now()]).toEqual(['2024-01-15T01:00:00.000Z', '2024-01-15T01:00:00.000Z']);
    expect(warned).toEqual([['AW9005_TRIAL_CLOCK', { at: '2024-01-15T01:00:00.000Z' }]]);
  });

  it('lets no function start with a time that is none', () => {
    expect(() => readEnv({ ...settings, TRIAL_CLOCK: 'yesterday' })).toThrow(/TRIAL_CLOCK/);
  });
});
