import type { CompoundNumber } from '../catalog/feed.ts';

/** Where a compound number stands in a table. */
export interface CompoundColumn {
  readonly index: number;
  /** As the sender wrote it. */
  readonly header: string;
  readonly number: CompoundNumber;
}

/** Names of the fields a compound number holds. */
export function fieldsIn({ pattern }: CompoundNumber): readonly string[] {
  return Array.from(pattern.source.matchAll(/\(\?<(\w+)>/g), ([, name = '']) => name);
}
