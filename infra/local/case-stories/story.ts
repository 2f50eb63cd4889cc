import type { Role } from '../../../shared/access/principal.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { Attachment, Case, CaseId } from '../../../shared/casework/case.ts';
import type { ApplicationForm } from '../../../shared/casework/open-case.ts';
import type { Bilingual } from '../../../shared/catalog/feed.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import type { CountyFile } from '../demo-county/table.ts';

/** Somebody who works in a story: a member of staff, by the id they are known as there. */
export interface StoryWorker {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly area: string;
  readonly departments?: readonly string[];
}

/**
 * The county in which the story of a family is played, on one machine or in the cloud: departments drop files, people act,
 * days pass. After every move all that follows from it is done.
 */
export interface StoryOffice {
  readonly now: Instant;
  /** Time passes until then, in China (`2024-01-17 15:00`); what falls due on the way is done. */
  until(at: string): Promise<void>;
  /** People start working here. */
  employ(...workers: readonly StoryWorker[]): Promise<void>;
  drop(files: readonly CountyFile[]): Promise<void>;
  /** Somebody acts; the case as it stands when all that follows is done. Throws when the platform refuses. */
  act(user: string, id: CaseId, asked: unknown): Promise<Case>;
  /** Somebody puts a picture or paper to a case; the id it is known by there. */
  attach(user: string, id: CaseId, kind: Attachment['kind'], bytes: Uint8Array): Promise<string>;
  /** Somebody lodges an application for a household, or for the household of a case; the case it opened or joined. */
  lodge(user: string, about: { readonly household: HouseholdId }, form: ApplicationForm): Promise<Case>;
  /** The pseudonym of an identity number. */
  personOf(number: string): PersonKey;
  /** The household somebody belongs to today. Throws when nobody has told of them. */
  householdOf(number: string): Promise<HouseholdId>;
  /** The household's current case. Throws when it has none. */
  caseOf(household: HouseholdId): Promise<Case>;
  /** The open cases of the story's county, nearest due first. */
  openCases(): Promise<readonly Case[]>;
}

/** Told at every step of a story: a name for the moment, what happened, and the case as it stands then, when there is one. */
export type Tell = (moment: string, text: Bilingual, found?: Case) => Promise<void>;

/** The way of one family through the house, from a file or a telephone call to the closed case. */
export interface Story {
  readonly id: string;
  readonly title: Bilingual;
  /** Area code of the county it is played in: no other story's. */
  readonly county: string;
  /** When it begins, in China. */
  readonly begins: string;
  play(office: StoryOffice, tell: Tell): Promise<void>;
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
export async function onlyCase(office: StoryOffice): Promise<Case> {
  const [found, ...others] = await office.openCases();
  if (found === undefined || others.length > 0)
    throw new Error(`expected one open case, there are ${others.length + (found === undefined ? 0 : 1)}`);
  return found;
}
