import type { Clock } from '../../shared/ports/clock.ts';
import type { CommonOptions, OwnOptions } from './options.ts';
import type { Platform } from './platform.ts';

/** How a command is called and what it is for: the lines of `--help`, and where its options and words are declared. */
interface CommandWords {
  /** Name and words, with the options it cannot do without. */
  readonly usage: string;
  readonly purpose: string;
  readonly options: OwnOptions;
  /** Most words it takes beside options; 0 unless given. */
  readonly words?: number;
}

/** Does its work over a county. False means it found something wrong. */
interface OverCounty {
  readonly run: (platform: Platform, options: CommonOptions) => Promise<boolean>;
  /** Makes the county when the data directory is new; other commands only read one. */
  readonly makesCounty?: true;
  /** Does without a county what needs none; undefined when the county is needed after all. */
  readonly runAlone?: (options: CommonOptions, clock: Clock) => Promise<boolean> | undefined;
}

/** Wants no county at all. */
interface Alone {
  readonly run?: never;
  readonly runAlone: (options: CommonOptions, clock: Clock) => Promise<boolean>;
}

export type Command = CommandWords & (OverCounty | Alone);

/** What every command takes (`readOptions`). */
export const COMMON = '--data DIR  --now <ISO date-time>  --json  --help';

/** The answer to `--help` of one command: every option it takes, with what holds without it. */
export function helpOf({ usage, purpose, options }: Command): string {
  const lines = Object.entries(options).map(([name, { value, about }]) => {
    const option = value === undefined ? `--${name}` : `--${name} ${value}`;
    return `  ${option.padEnd(22)} ${about}`;
  });
  return [`aidwatch ${usage}`, `  ${purpose}`, ...lines, `  ${COMMON}`].join('\n');
}
