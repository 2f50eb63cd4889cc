import { parseArgs } from 'node:util';
import { scopePrefix } from '../../shared/access/principal.ts';
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

type OwnOptions = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/**
 * Reads a command's arguments.
 * @throws UsageError for an unknown option, an option without its value or a date-time that is none
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
  options: OwnOptions,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { values: { ...read.values }, positionals: read.positionals };
  } catch (error) {
    // Of the parser's words the first sentence: what follows is advice on writing options as arguments.
    const reason = error instanceof Error ? error.message.replace(/\. .*$/s, '') : 'the options could not be read';
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
