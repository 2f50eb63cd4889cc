import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../docs/decisions');
const records = readdirSync(FOLDER).filter((name) => /^\d{4}-.+\.md$/.test(name));

describe('the decision records', () => {
  it('have numbers of their own, one after the other', () => {
    const expected = records.map((_, at) => String(at + 1).padStart(4, '0'));
    expect(records.map((name) => name.slice(0, 4)).sort()).toEqual(expected);
  });

  it('are each listed once, under the title they have', () => {
    const listed = [
      ...readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^- \[(\d{4})\]\((.+?)\) (.+?)(?: \*\(.+\)\*)?$/gm),
    ];
    const titled = records.map((name) => {
      const [, number = '', title = ''] = /^# (\d{4}) (.+)$/m.exec(readFileSync(join(FOLDER, name), 'utf8')) ?? [];
      return [number, name, title];
    });
    expect(listed.map(([, number, name, title]) => [number, name, title]).sort()).toEqual(titled.sort());
  });
});
