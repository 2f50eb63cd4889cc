import { parseArgs } from 'node:util';
import { scopePrefix } from '../../shared/access/principal.ts';
import { knownDepartments } from '../../shared/assistance/known-names.ts';
import { type Instant, type PlainDate, parseInstant, parsePlainDate } from '../../shared/calendar/plain-date.ts';

/** A command line that cannot be carried out as written. The text goes to the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What every command takes. */
export interface CommonOptions {
  readonly dataDir: string;
  /** The clock of the run, when one was given. */
  readonly now: Instant | undefined;
  readonly json: boolean;
  /** What follows the command's name without being an option. */
  readonly args: readonly string[];
  /** The command's own options. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>;
}

/** Below the folder the command is run in; an empty setting must not make that folder itself the data directory. */
const DEFAULT_DATA_DIR = 'data';

/** An option of a command, as it is read and as `--help` tells of it. */
interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What stands after it; a boolean has nothing. */
  readonly value?: string;
  /** What it does and what holds without it, in both languages. */
  readonly about: string;
}

/** The options of a command beside those that every command takes, by name. */
export type OwnOptions = Readonly<Record<string, OptionSpec>>;

/** Narrows to an area (`areaOption`). */
export const AREA_OPTION = {
  area: {
    type: 'string',
    value: 'CODE',
    about: '区划代码，末尾的零可省，缺省全部 / area code, with or without its zeros; all unless given',
  },
} as const satisfies OwnOptions;

/** A stretch of days (`dateOption`). */
export const STRETCH_OPTIONS = {
  from: { type: 'string', value: 'DATE', about: '首日，含 / first day' },
  to: { type: 'string', value: 'DATE', about: '末日，含 / last day' },
} as const satisfies OwnOptions;

/** A stretch of days, of this year unless given (`stretchThisYear`). */
export const YEAR_OPTIONS = {
  from: { type: 'string', value: 'DATE', about: '首日，缺省今年1月1日 / first day; that of this year unless given' },
  to: { type: 'string', value: 'DATE', about: '末日，缺省今天 / last day; today unless given' },
} as const satisfies OwnOptions;

/** Narrows to a department (`departmentOption`). */
export const DEPARTMENT_OPTION = {
  department: { type: 'string', value: 'NAME', about: '部门，如 medical-insurance，缺省全部 / department; all unless given' },
} as const satisfies OwnOptions;

/**
 * Reads a command's arguments.
 * @throws UsageError for an unknown option, one given twice, an option without its value or a date-time that is none
 */
export function readOptions(argv: readonly string[], own: OwnOptions, env: NodeJS.ProcessEnv): CommonOptions & { help: boolean } {
  const options = {
    data: { type: 'string' },
    now: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    ...own,
  } as const;
  const { values, positionals } = parsed(argv, options);
  const { data, now, json, help, ...rest } = values;
  const instant = typeof now === 'string' ? parseInstant(now) : undefined;
  if (now !== undefined && instant === undefined) {
    throw new UsageError(`--now ${String(now)}：应为 ISO 日期时间，如 2024-04-01T09:00:00+08:00 / expected an ISO date-time`);
  }
  return {
    dataDir: given(data) ?? given(env['DATA_DIR']) ?? DEFAULT_DATA_DIR,
    now: instant,
    json: json === true,
    help: help === true,
    args: positionals,
    own: rest,
  };
}

function given(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(
  argv: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true });
    const named = read.tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = named.find((name, index) => options[name]?.type === 'string' && named.indexOf(name) < index);
    // The last would count, and be another county than the one that was meant.
    if (twice !== undefined) throw new UsageError(`--${twice}：给了不止一次 / given more than once`);
    return { values: { ...read.values }, positionals: read.positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Of the parser's words the first sentence: what follows is advice on writing options as arguments.
    const reason = error instanceof Error ? error.message.replace(/\.\s.*$/s, '') : 'the options could not be read';
    throw new UsageError(`选项有误，请用 --help 查看可用选项 / ${reason}`);
  }
}

/** An own option that is a whole number within bounds. */
export function wholeNumber(options: CommonOptions, name: string, fallback: number, min: number, max: number): number {
  const given = options.own[name];
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new UsageError(
      `--${name} ${String(given)}：应为 ${min} 到 ${max} 的整数 / expected a whole number from ${min} to ${max}`,
    );
  }
  return value;
}

const MOST_WORKERS = 16;

/**
 * How many threads work beside the main one, by the variable WORKERS; 0 for none, undefined when it is not set.
 * @throws UsageError when it is no number of threads
 */
export function workersOf(env: NodeJS.ProcessEnv): number | undefined {
  const text = given(env['WORKERS']);
  if (text === undefined) return undefined;
  if (!/^\d{1,2}$/.test(text) || Number(text) > MOST_WORKERS) {
    throw new UsageError(`WORKERS=${text}：应为 0 到 ${MOST_WORKERS} 的整数 / expected a whole number from 0 to ${MOST_WORKERS}`);
  }
  return Number(text);
}

/** An own option that is a date, when it was given. */
export function dateOption(options: CommonOptions, name: string): PlainDate | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const date = parsePlainDate(text);
  if (date === undefined) throw new UsageError(`--${name} ${text}：应为日期，如 2024-01-31 / expected a date such as 2024-01-31`);
  return date;
}

/**
 * The own options `from` and `to`, each when it was given.
 * @throws UsageError when the stretch ends before it begins: nothing lies in it, which would be told as a finding
 */
export function stretchOption(options: CommonOptions): { readonly from?: PlainDate; readonly to?: PlainDate } {
  const [from, to] = [dateOption(options, 'from'), dateOption(options, 'to')];
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} --to ${to}：首日晚于末日 / the first day is after the last`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** The own options `from` and `to`: this year up to today unless given. */
export function stretchThisYear(options: CommonOptions, today: PlainDate): { readonly from: PlainDate; readonly to: PlainDate } {
  return { from: `${today.slice(0, 4)}-01-01` as PlainDate, to: today, ...stretchOption(options) };
}

/** An own option that is one of a few words, when it was given. `wordOf` adds what a word means. */
export function choiceOption<Choice extends string>(
  options: CommonOptions,
  name: string,
  choices: readonly Choice[],
  wordOf: (choice: Choice) => string = (choice) => choice,
): Choice | undefined {
  const text = textOption(options, name);
  const choice = choices.find((one) => one === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new UsageError(`--${name} ${text}：应为 / expected ${choices.map(wordOf).join(', ')}`);
}

/** An own option that is text, when it was given. */
export function textOption(options: CommonOptions, name: string): string | undefined {
  const given = options.own[name];
  return typeof given === 'string' ? given : undefined;
}

/** The prefix that the own option `area` stands for, when it was given; an area code with or without the zeros after it. */
export function areaOption(options: CommonOptions): string | undefined {
  const text = textOption(options, 'area');
  if (text === undefined) return undefined;
  const prefix = scopePrefix(text);
  if (prefix === undefined) throw new UsageError(`--area ${text}：应为区划代码 / expected an area code`);
  return prefix;
}

/** The department that the own option `department` names, when it was given: a misspelt one would list nothing, as if nothing waited. */
export function departmentOption(options: CommonOptions): string | undefined {
  return choiceOption(options, 'department', [...knownDepartments.keys()]);
}
