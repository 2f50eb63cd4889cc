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

const made = new WeakMap<readonly Delivery[], ReturnType<Delivered>>();

/** What was delivered, in short; in whatever order it is given. Of a list that is never changed, and worked out once. */
export function deliveredOf(deliveries: readonly Delivery[]): Delivered {
  return () => {
    const known = made.get(deliveries) ?? { count: deliveries.length, digest: digestOf(deliveries) };
    made.set(deliveries, known);
    return known;
  };
}

function digestOf(deliveries: readonly Delivery[]): string {
  const lines = deliveries.map((one) => `${one.file} ${one.feed} ${one.county} ${one.period} ${one.complete}`).sort();
  return hash('sha256', lines.join('\n'), 'hex').slice(0, 16);
}
