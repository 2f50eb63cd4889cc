import type { FactValue } from '../facts/fact.ts';
import type { Fault } from './fault.ts';

/** Reads one cell: its value, undefined when it states nothing, or what is wrong with it. */
export type CellParser = (text: string) => FactValue | Fault | undefined;

const CACHE_LIMIT = 5_000;

/** Remembers the outcome for short cells, the first `limit` of them: codes, areas, flags and dates repeat. */
export function remembered<Outcome>(
  parse: (text: string) => Outcome | undefined,
  limit = CACHE_LIMIT,
): (text: string) => Outcome | undefined {
  const known = new Map<string, Outcome | undefined>();
  return (text) => {
    // Short strings are copies; longer ones would keep the whole decoded piece they were cut from alive.
    if (text.length > 12) return parse(text);
    const hit = known.get(text);
    if (hit !== undefined || known.has(text)) return hit;
    const value = parse(text);
    if (known.size < limit) known.set(text, value);
    return value;
  };
}
