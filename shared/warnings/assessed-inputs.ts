import { hash } from 'node:crypto';
import type { Delivery } from '../facts/coverage.ts';

/**
 * What the event of an assessment says of what was known, so that the decision can be computed again. Facts, registrations
 * and deliveries only grow, so how many there were says which: the first so many in the order of the archive.
 */
export interface AssessedInputs {
  /** One row: how many deliveries were known, and their digest. */
  readonly delivered: readonly (readonly [number, string])[];
  /** Everybody ever placed in the household: person, chunks of facts known, chunks the person's memberships were derived from. */
  readonly persons: readonly (readonly [string, number, number])[];
}

/** Number and digest of the deliveries known, worked out when first asked for. */
export type Delivered = () => { readonly count: number; readonly digest: string };

/** What was delivered, in short; in whatever order it is given. */
export function deliveredOf(deliveries: readonly Delivery[]): Delivered {
  let made: ReturnType<Delivered> | undefined;
  return () => {
    made ??= { count: deliveries.length, digest: digestOf(deliveries) };
    return made;
  };
}

function digestOf(deliveries: readonly Delivery[]): string {
  const lines = deliveries.map((one) => `${one.file} ${one.feed} ${one.county} ${one.period} ${one.complete}`).sort();
  return hash('sha256', lines.join('\n'), 'hex').slice(0, 16);
}
