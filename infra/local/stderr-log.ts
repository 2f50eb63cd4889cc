import type { Clock } from '../../shared/ports/clock.ts';
import type { Log, LogCode, LogFields, Metrics } from '../../shared/ports/log.ts';

export type Level = 'info' | 'warn' | 'error';
const ORDER: readonly Level[] = ['info', 'warn', 'error'];

/** JSON lines on stderr, from a level on; stdout stays free for answers. */
export function stderrLog(clock: Clock, from: Level): Log {
  const write = (level: Level) => (code: LogCode, fields?: LogFields) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(from)) return;
    process.stderr.write(`${JSON.stringify({ at: clock.now(), level, code, ...fields })}\n`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Counters held in memory, for the tables the commands print. */
export class CountedMetrics implements Metrics {
  readonly #counts = new Map<string, number>();

  count(name: string, value: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
  }

  /** Hands over all counts and begins again from nothing. */
  take(): [name: string, value: number][] {
    const counts = [...this.#counts];
    this.#counts.clear();
    return counts;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }
}
