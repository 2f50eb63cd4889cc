import type { Case } from '../../../shared/casework/case.ts';
import type { Bilingual } from '../../../shared/catalog/feed.ts';
import type { CaseOffice } from './case-office.ts';

/** Told at every step of a story: a name for the moment, what happened, and the case as it stands then, when there is one. */
export type Tell = (moment: string, text: Bilingual, found?: Case) => Promise<void>;

/** The way of one family through the house, from a file or a telephone call to the closed case. */
export interface Story {
  readonly id: string;
  readonly title: Bilingual;
  /** When it begins, in China. */
  readonly begins: string;
  play(office: CaseOffice, tell: Tell): Promise<void>;
}

/** A visit at home by two people, with an id of its own so that sent twice it is one. */
export function visitOf(form: {
  readonly id: number;
  readonly visitedAt: string;
  readonly investigators: readonly [string, ...string[]];
  readonly truth: string;
  readonly needs?: readonly string[];
  readonly proposed: readonly string[];
  readonly notes: string;
  readonly baseVersion: number;
  readonly means?: 'home' | 'telephone';
  /** What was found out of members, as the form asks it. */
  readonly members?: readonly object[];
}) {
  const { id, visitedAt, ...rest } = form;
  const visit = {
    means: 'home',
    ...rest,
    id: `5f0a7c1e-0000-4000-8000-${String(id).padStart(12, '0')}`,
    visitedAt: new Date(`${visitedAt.replace(' ', 'T')}:00+08:00`).toISOString(),
  };
  return { action: 'record-visit', visit };
}

/** The one open case of the county. Throws when there is none or more than one: a story has one family. */
export async function onlyCase(office: CaseOffice): Promise<Case> {
  const [found, ...others] = await office.openCases();
  if (found === undefined || others.length > 0)
    throw new Error(`expected one open case, there are ${others.length + (found === undefined ? 0 : 1)}`);
  return found;
}
