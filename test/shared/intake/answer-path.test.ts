import { describe, expect, it } from 'vitest';
import { answerPath } from '../../../shared/intake/answer-path.ts';

describe('answerPath', () => {
  it('is the path of the file itself for any usual name', () => {
    const path = 'medical-insurance/inpatient-settlement/2024-03/三月 住院.csv';
    expect(answerPath(path)).toBe(path);
  });

  it('cuts a name that would leave no room for an ending, and keeps two such names apart', () => {
    const path = (last: string) => `a/b/2024-03/${'名'.repeat(82)}${last}.csv`;
    const [one, two] = [answerPath(path('一')), answerPath(path('二'))];
    expect(one).toMatch(/^a\/b\/2024-03\/名{50}~[0-9a-f]{12}\.csv$/);
    expect(one).not.toBe(two);
    expect(Buffer.byteLength(`${one.slice('a/b/2024-03/'.length)}.csv.json`)).toBeLessThan(255);
  });
});
