import { describe, expect, it } from 'vitest';
import { HEADER, person, readFile, refusalOf, row } from './read-file.ts';

describe('a table without data', () => {
  it.each([
    ['a row below the header', `${HEADER}\n零报告,411122\n`, ['411122']],
    ['a title above it', `2024年3月住院结算（零报告 411122 杞县）\n${HEADER}\n`, ['411122']],
    [
      'several counties, and a township by its own code',
      `${HEADER}\n零报告：411122、411123；410225101\n`,
      ['410225', '411122', '411123'],
    ],
    ['a city without counties', `${HEADER}\n本月零申报,441900\n`, ['441900']],
  ])('is a delivery of nothing when it says so in %s', async (_, text, counties) => {
    const { result, rows } = await readFile(text);
    expect(result).toMatchObject({ outcome: 'read', rows: { read: 0, accepted: 0, rejected: 0 }, nothingFor: counties });
    expect(result.outcome === 'read' && [...result.counties].sort()).toEqual(counties);
    expect(rows).toEqual([]);
  });

  it.each([
    ['says nothing', `${HEADER}\n`],
    ['names no county', `${HEADER}\n零报告\n`],
    ['names a whole province or city', `${HEADER}\n零报告,410000,411100\n`],
    ['names a county without saying what for', `杞县 411122\n${HEADER}\n`],
    ['has a month where the code should be', `${HEADER}\n零报告 202403\n`],
  ])('is refused when it %s', async (_, text) => {
    expect(refusalOf(await readFile(text))).toBe('NO_ROWS');
  });

  it('is refused for a complete list, which it would empty', async () => {
    const list = await readFile('姓名,身份证号码,学校名称,学段\n零报告,411122\n', { feed: 'education/enrolment' });
    expect(refusalOf(list)).toBe('EMPTY_LIST');
  });

  it('is none when there are rows: the statement is passed over like a note', async () => {
    const { result } = await readFile(`${HEADER}\n零报告,411122\n${row(1)}\n`);
    expect(result).toMatchObject({ outcome: 'read', rows: { accepted: 1, skipped: 1 } });
    expect(result).not.toHaveProperty('nothingFor');
    expect((await readFile(`${HEADER}\n零报告,${person(1)}\n`)).result).toMatchObject({ rows: { rejected: 1 } });
  });
});
