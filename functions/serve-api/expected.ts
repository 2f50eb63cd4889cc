import type * as z from 'zod';
import type { Bilingual } from '../../shared/catalog/feed.ts';
import type { ProblemPart } from './problem.ts';

type Issue = z.core.$ZodIssue;

const SEE: Bilingual = { zh: '说明见 /api/v1/openapi.json', en: 'see /api/v1/openapi.json' };

/**
 * The parts of a request that are wrong, each with what is expected there. What was sent is never repeated: it may be
 * somebody's name or number. Only the name of a part that nobody knows is told, if it looks like one.
 */
export function wrongParts(issues: readonly Issue[], where: string): readonly ProblemPart[] {
  const parts = new Map<string, ProblemPart>();
  for (const issue of issues) {
    for (const path of pathsOf(issue)) {
      const name = [where, ...path].join('.');
      if (!parts.has(name)) parts.set(name, { where: name, message: withPointer(expectedBy(issue)) });
    }
  }
  return [...parts.values()];
}

function pathsOf(issue: Issue): readonly (readonly string[])[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [path];
  const known = issue.keys.filter((key) => /^[A-Za-z][\w-]{0,59}$/.test(key));
  return known.length === 0 ? [path] : known.map((key) => [...path, key]);
}

function withPointer({ zh, en }: Bilingual): Bilingual {
  return { zh: `${zh}，${SEE.zh}`, en: `${en}; ${SEE.en}` };
}

function expectedBy(issue: Issue): Bilingual {
  switch (issue.code) {
    case 'invalid_type':
      return typeExpected(issue.expected);
    case 'invalid_value':
      return choiceExpected(issue.values);
    case 'too_small':
      return sizeExpected(issue.origin, issue.minimum, 'least');
    case 'too_big':
      return sizeExpected(issue.origin, issue.maximum, 'most');
    case 'invalid_format':
      return FORMATS[issue.format] ?? { zh: '格式不符合要求', en: 'not of the form expected' };
    case 'unrecognized_keys':
      return { zh: '没有这一项，请删去或改正名称', en: 'there is no such part: leave it out or correct its name' };
    case 'invalid_union':
      // Of a form with a part that says which of several it is, such as an action by its name.
      return 'options' in issue && Array.isArray(issue.options) ? choiceExpected(issue.options) : OTHERWISE;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
      return OTHERWISE;
  }
}

const OTHERWISE: Bilingual = { zh: '缺失或不符合要求', en: 'missing or not as expected' };

function choiceExpected(values: readonly unknown[]): Bilingual {
  const named = values.map(String);
  return { zh: `缺失或不在可选值中：${named.join('、')}`, en: `missing, or none of ${named.join(', ')}` };
}

const TYPES: Readonly<Record<string, Bilingual>> = {
  string: { zh: '文字', en: 'a text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
  record: { zh: '对象', en: 'an object' },
};

function typeExpected(expected: string): Bilingual {
  const type = TYPES[expected];
  if (type === undefined) return { zh: '缺失或不符合要求', en: 'missing or not as expected' };
  return { zh: `缺失，或不是${type.zh}`, en: `missing, or not ${type.en}` };
}

const FORMATS: Readonly<Record<string, Bilingual>> = {
  date: { zh: '应为有的日期，如 2024-03-15', en: 'expected a day there is, such as 2024-03-15' },
  datetime: { zh: '应为世界时，如 2024-03-15T08:00:00Z', en: 'expected a UTC time such as 2024-03-15T08:00:00Z' },
  'written-text': {
    zh: '含有控制字符或不完整的字符，请删去后重新输入',
    en: 'holds control characters or half a character: leave them out and write it again',
  },
  uuid: { zh: '应为 UUID', en: 'expected a UUID' },
};

/** Characters of a text, items of a list, or the number itself. */
function sizeExpected(origin: string, size: number | bigint, side: 'least' | 'most'): Bilingual {
  const [unit, of] = UNITS[origin] ?? ['', ''];
  if (side === 'least' && size === 1 && unit !== '') return { zh: '不能为空', en: 'must not be empty' };
  return side === 'least'
    ? { zh: `至少为${size}${unit}`, en: `at least ${size}${of}` }
    : { zh: `最多为${size}${unit}`, en: `at most ${size}${of}` };
}

const UNITS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  string: ['字', ' characters'],
  array: ['项', ' items'],
};
