import { describe, expect, it } from 'vitest';
import { LogCode } from '../../../shared/ports/log.ts';

describe('codes of log lines', () => {
  it('gives each line a number of its own, so that alarms and the runbook mean one thing by it', () => {
    const numbers = Object.values(LogCode).map((code) => /^AW\d{4}(?=_)/.exec(code)?.[0]);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });
});
