import type * as z from 'zod';
import type { Bilingual } from '../catalog/feed.ts';
import type { PackProblem } from './pack-error.ts';

type Issue = z.core.$ZodIssue;

const TYPE_WORDS: Readonly<Record<string, Bilingual>> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '一组键值', en: 'a set of keys' },
  record: { zh: '一组键值', en: 'a set of keys' },
};

function split(text: string): Bilingual {
  const at = text.indexOf(' / ');
  return at < 0 ? { zh: text, en: text } : { zh: text.slice(0, at), en: text.slice(at + 3) };
}

function isWrittenByUs(message: string): boolean {
  return message.includes(' / ');
}

function describe(issue: Issue): Bilingual {
  if (isWrittenByUs(issue.message)) {
    const ours = split(issue.message);
    return { zh: `应为:${ours.zh}`, en: `expected: ${ours.en}` };
  }
  switch (issue.code) {
    case 'invalid_type': {
      const word = TYPE_WORDS[issue.expected] ?? { zh: issue.expected, en: issue.expected };
      const absent = issue.input === undefined && issue.message.endsWith('undefined');
      return absent
        ? { zh: `缺少，应为${word.zh}`, en: `missing; expected ${word.en}` }
        : { zh: `类型不对，应为${word.zh}`, en: `wrong type; expected ${word.en}` };
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return { zh: `应为其中之一:${values}`, en: `expected one of: ${values}` };
    }
    case 'unrecognized_keys': {
      const keys = issue.keys.join(', ');
      return { zh: `不认识的键：${keys}；请删去或改正拼写`, en: `unknown key: ${keys}; remove it or correct its spelling` };
    }
    case 'too_small':
      return { zh: `太小或太少，至少 ${String(issue.minimum)}`, en: `too small or too few; at least ${String(issue.minimum)}` };
    case 'too_big':
      return { zh: `太大或太多，至多 ${String(issue.maximum)}`, en: `too big or too many; at most ${String(issue.maximum)}` };
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return { zh: `写法不对:${issue.message}`, en: `not as expected: ${issue.message}` };
  }
}

/**
 * Of the alternatives of a choice, the one the author most likely meant: whose own key was recognised, then with the fault
 * deepest inside, then with the fewest faults.
 */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  let best: readonly Issue[] = [];
  let bestRank = Number.POSITIVE_INFINITY;
  for (const issues of alternatives) {
    const top = issues.filter((issue) => issue.path.length === 0);
    const unknownKeys = top.reduce((n, issue) => n + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
    const missing = issues.filter((issue) => issue.path.length === 1 && issue.message.endsWith('undefined')).length;
    const wrongKind = top.some((issue) => issue.code === 'invalid_type') ? 1 : 0;
    const rank = wrongKind * 1000 + unknownKeys * 10 + missing * 10 + issues.length;
    if (rank < bestRank) [best, bestRank] = [issues, rank];
  }
  return best;
}

/** Flattens the schema's issues into one sentence per fault, in both languages, with its path from the top of the pack. */
export function packProblems(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): PackProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) return packProblems(likeliest(issue.errors), path);
    return [{ path: path.map(String).join('.'), message: describe(issue) }];
  });
}
