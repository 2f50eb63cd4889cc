import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Story, StoryWorker } from '../../infra/local/case-stories/story.ts';
import type { CountyFile } from '../../infra/local/demo-county/table.ts';
import type { AssistanceChain } from '../../shared/assistance/chain-line.ts';
import type { Offer } from '../../shared/assistance/offers.ts';
import { type Instant, instantOf } from '../../shared/calendar/plain-date.ts';
import type { Attachment, Case, CaseId } from '../../shared/casework/case.ts';
import type { ApplicationForm } from '../../shared/casework/open-case.ts';
import type { PersonKey } from '../../shared/facts/fact.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import type { Standing } from '../../shared/warnings/warning.ts';
import type { SeenOffice } from '../stories/moments.ts';
import { callApi, signIn } from './clients.ts';
import type { StoryTime } from './story-time.ts';
import type { TrialCounty } from './trial-county.ts';

const Found = z.object({ items: z.array(z.object({ household: z.string() })) });
const Lodged = z.object({ case: z.object({ id: z.string(), household: z.string() }) });
const Attached = z.object({ id: z.string() });
const Subject = z.object({ sub: z.string() });
const AnswerAsked = z.looseObject({ action: z.literal('answer-referral'), referral: z.string() });

interface Worker {
  /** The user pool's name for them. */
  readonly sub: string;
  readonly token: string;
}

/**
 * The county of a story in the cloud: everybody has an account of the user pool and acts through the API with its token,
 * handlers by their inbox. What a test sees of a case calls people by the names of the story.
 */
export class CloudOffice implements SeenOffice {
  readonly #trial: TrialCounty;
  readonly #time: StoryTime;
  readonly #story: Story;
  readonly #workers = new Map<string, Worker>();
  readonly #keeper: () => Promise<string>;

  /** `keeper` answers the token of the security administrator, who enters people into the staff directory. */
  constructor(trial: TrialCounty, time: StoryTime, story: Story, keeper: () => Promise<string>) {
    this.#trial = trial;
    this.#time = time;
    this.#story = story;
    this.#keeper = keeper;
  }

  get now(): Instant {
    return this.#trial.now;
  }

  until(at: string): Promise<void> {
    return this.#time.until(instantOf(Date.parse(`${at.replace(' ', 'T')}:00+08:00`)));
  }

  async employ(...workers: readonly StoryWorker[]): Promise<void> {
    for (const worker of workers) await this.#employ(worker);
  }

  async #employ({ id, name, role, area, departments = [] }: StoryWorker): Promise<void> {
    const account = { name: `${this.#story.county}-${id}`, role, areas: area };
    const works = departments.length === 0 ? {} : { departments: departments.join(' ') };
    const token = await signIn(this.#trial.cloud, { ...account, ...works });
    const { sub } = Subject.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    const entry = { name, roles: [role], areas: [area], departments, absences: [] };
    await this.#ask(`/api/v1/staff/${sub}`, { method: 'PUT', token: await this.#keeper(), body: entry });
    this.#workers.set(id, { sub, token });
  }

  drop(files: readonly CountyFile[]): Promise<void> {
    return this.#trial.drop(files);
  }

  async act(user: string, id: CaseId, asked: unknown): Promise<Case> {
    const answer = AnswerAsked.safeParse(asked);
    if (answer.success) {
      const { action: _, referral, ...body } = answer.data;
      await this.#ask(`/api/v1/inbox/${id}/${referral}/answers`, { ...this.#as(user, id), body });
    } else {
      await this.#ask(`/api/v1/cases/${id}/actions`, { ...this.#as(user, id), body: z.looseObject({}).parse(asked) });
    }
    return this.#settledCase(householdOfCase(id));
  }

  async attach(user: string, id: CaseId, kind: Attachment['kind'], bytes: Uint8Array): Promise<string> {
    const answer = await this.#ask(`/api/v1/cases/${id}/attachments?kind=${kind}`, { ...this.#as(user, id), body: bytes });
    return Attached.parse(answer).id;
  }

  async lodge(user: string, { household }: { readonly household: HouseholdId }, form: ApplicationForm): Promise<Case> {
    const body = { ...form, household };
    const answer = await this.#ask('/api/v1/applications', { ...this.#as(user, 'enquiry'), body });
    return this.#settledCase(Lodged.parse(answer).case.household as HouseholdId);
  }

  personOf(number: string): PersonKey {
    return this.#trial.pseudonyms.person(number);
  }

  async householdOf(number: string): Promise<HouseholdId> {
    const asked = { token: this.#trial.supervisor, purpose: 'supervision', body: { number } };
    const [found] = Found.parse(await this.#ask('/api/v1/search', asked)).items;
    if (found === undefined) throw new Error('nobody has told of this person');
    return found.household as HouseholdId;
  }

  async caseOf(household: HouseholdId): Promise<Case> {
    return this.#byName(await this.#trial.caseOf(household));
  }

  async openCases(): Promise<readonly Case[]> {
    return (await this.#trial.openCases(this.#story.county)).map((one) => this.#byName(one));
  }

  standings(household: HouseholdId): Promise<readonly Standing[]> {
    return this.#trial.standings(household);
  }

  async offers({ id }: Case): Promise<readonly Pick<Offer, 'measure' | 'outcome'>[]> {
    const answer = await this.#ask(`/api/v1/cases/${id}/offers`, { token: this.#trial.supervisor, purpose: id });
    return (answer as { readonly items: readonly Offer[] }).items;
  }

  async chain(household: HouseholdId): Promise<AssistanceChain> {
    const reader = { token: this.#trial.supervisor, purpose: 'supervision' };
    return (await this.#ask(`/api/v1/households/${household}/chain`, reader)) as AssistanceChain;
  }

  async #settledCase(household: HouseholdId): Promise<Case> {
    return this.#byName(await this.#trial.still(household));
  }

  #as(user: string, purpose: string) {
    const worker = this.#workers.get(user);
    if (worker === undefined) throw new Error(`nobody called ${user} works in this story`);
    return { token: worker.token, purpose, key: randomUUID() };
  }

  /** What the API answers; throws unless it did what was asked. */
  async #ask(path: string, call: Parameters<typeof callApi>[2]): Promise<unknown> {
    const { status, body } = await callApi(this.#trial.cloud, path, call);
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** A case in which people go by the names of the story. */
  #byName(found: Case): Case {
    let text = JSON.stringify(found);
    for (const [id, { sub }] of this.#workers) text = text.replaceAll(`"${sub}"`, `"${id}"`);
    return JSON.parse(text) as Case;
  }
}

function householdOfCase(id: CaseId): HouseholdId {
  return (/H[0-9a-f]{24}/.exec(id)?.[0] ?? '') as HouseholdId;
}
