/** Repeatable chance: the same seed and purpose give the same numbers, and one purpose never disturbs another. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Fen from `min` to `max` yuan, small sums more likely than large ones. */
  fen(min: number, max: number): number;
}

function seedOf(seed: number, purpose: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let index = 0; index < purpose.length; index++) hash = Math.imul(hash ^ purpose.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** Makes the source of chance for one purpose. */
export function randomOf(seed: number, purpose: string): Random {
  let state = seedOf(seed, purpose);
  // mulberry32: 32 bits of state are plenty for a demo and it is fast.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (list) => {
      const item = list[int(0, list.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    fen: (min, max) => Math.round((min + (max - min) * next() ** 2) * 100),
  };
}
