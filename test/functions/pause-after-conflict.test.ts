import { expect, it } from 'vitest';
import { conflictPause } from '../../functions/pause-after-conflict.ts';

it('is twice as long at most with each try, and after twenty tries still seconds, not hours', () => {
  expect([1, 2, 3, 6, 7, 20].map((attempt) => conflictPause(attempt, 1))).toEqual([100, 200, 400, 3_200, 3_200, 3_200]);
  expect(conflictPause(2, 0.25)).toBe(50);
});
