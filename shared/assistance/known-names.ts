import { type Bilingual, departmentOf } from '../catalog/feed.ts';
import { catalog } from '../catalog/index.ts';
import { measures } from './measures.ts';
import { owners } from './owners.ts';

/**
 * The departments something can be asked of: those that own a measure or send a feed. A name that nobody knows has no inbox,
 * so what is sent there waits for nobody.
 */
export const knownDepartments: ReadonlyMap<string, Bilingual> = new Map<string, Bilingual>([
  ...[...catalog.values()].map(({ id, departmentTitle }): [string, Bilingual] => [departmentOf(id), departmentTitle]),
  ...Object.entries(owners),
]);

/** A name with its words. */
export interface KnownName {
  readonly id: string;
  readonly title: Bilingual;
}

/** Names shown to whoever misspelt one. */
const MOST_NEAR = 3;
/** Share of letter pairs in common from which a name may have been meant. */
const NEAR = 0.4;

/** The measures whose names are nearest to one that nobody knows, nearest first; none when nothing is near. */
export function nearMeasures(asked: string): readonly KnownName[] {
  return nearest(
    asked,
    [...measures.values()].map(({ id, title }) => ({ id, title })),
  );
}

/** The same of departments. */
export function nearDepartments(asked: string): readonly KnownName[] {
  return nearest(
    asked,
    [...knownDepartments].map(([id, title]) => ({ id, title })),
  );
}

function nearest(asked: string, known: readonly KnownName[]): readonly KnownName[] {
  return known
    .map((name) => ({ name, share: inCommon(pairsOf(asked), pairsOf(name.id)) }))
    .filter(({ share }) => share >= NEAR)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_NEAR)
    .map(({ name }) => name);
}

/** Sørensen–Dice: twice the pairs in common over all pairs. */
function inCommon(one: readonly string[], other: readonly string[]): number {
  const left = [...other];
  let common = 0;
  for (const pair of one) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    common += 1;
  }
  return (2 * common) / (one.length + other.length);
}

/** With its ends, so that names of one letter have pairs too. */
function pairsOf(name: string): readonly string[] {
  const text = ` ${name} `;
  return Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2));
}
