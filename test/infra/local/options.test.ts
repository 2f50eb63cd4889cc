import { describe, expect, it } from 'vitest';
import { readOptions, STRETCH_OPTIONS, stretchOption, stretchThisYear, UsageError } from '../../../infra/local/options.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';

const TODAY = '2026-03-02' as PlainDate;
const read = (...argv: string[]) => readOptions(argv, STRETCH_OPTIONS, {});

describe('the options of a command', () => {
  it('are each given once: of two data directories the second was taken, and nothing said', () => {
    expect(() => read('--data', 'a', '--data=b')).toThrow(new UsageError('--data：给了不止一次 / given more than once'));
    expect(read('--json', '--json', '--data', 'a')).toMatchObject({ json: true, dataDir: 'a' });
  });

  it('say what is wrong in one sentence, without advice on how options are written', () => {
    expect(() => read('--data', '-x')).toThrow(/^选项有误，请用 --help 查看可用选项 \/ Option '--data' argument is ambiguous$/);
  });

  it('name no stretch that ends before it begins: an archive was said to lack its roots', () => {
    const backwards = read('--from', '2026-03-02', '--to', '2026-03-01');
    expect(() => stretchOption(backwards)).toThrow(/首日晚于末日.*after the last/);
    expect(() => stretchThisYear(backwards, TODAY)).toThrow(UsageError);
    expect(stretchThisYear(read('--to', '2026-03-01'), TODAY)).toEqual({ from: '2026-01-01', to: '2026-03-01' });
    expect(stretchOption(read())).toEqual({});
  });
});
