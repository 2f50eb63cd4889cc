import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Principal, Role } from '../../../shared/access/principal.ts';
import type { Purpose } from '../../../shared/access/purpose.ts';
import type { StaffMember } from '../../../shared/access/staff.ts';
import type { AssistanceChain } from '../../../shared/assistance/chain-line.ts';
import { chainOf, offersForCase } from '../../../shared/assistance/household-assistance.ts';
import type { Offer } from '../../../shared/assistance/offers.ts';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { dateInChina, type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';
import { CaseAction } from '../../../shared/casework/actions.ts';
import type { Case, CaseId } from '../../../shared/casework/case.ts';
import { lodgeFor } from '../../../shared/casework/lodge-for.ts';
import type { ApplicationForm } from '../../../shared/casework/open-case.ts';
import { type Performed, performAction } from '../../../shared/casework/perform-action.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { INBOX } from '../../../shared/intake/normalize-file.ts';
import { PermanentError } from '../../../shared/ports/errors.ts';
import type { Log } from '../../../shared/ports/log.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import { membershipOn } from '../../../shared/registry/membership.ts';
import { officeOf } from '../acting.ts';
import type { CountyFile } from '../demo-county/table.ts';
import { writeCounty } from '../demo-county/write-county.ts';
import { announce } from '../inbox.ts';
import { PARAMETERS_FILE } from '../parameters.ts';
import { openPlatform, type Platform } from '../platform.ts';
import { storyParameters } from './story-parameters.ts';

/** Somebody who works in a story: a member of staff, by the role they are known as there. */
export interface StoryWorker {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly area: string;
  readonly departments?: readonly string[];
}

/**
 * A county in which the story of a family is played: files are dropped, people act, days pass. Only the clock is the story's;
 * everything else is the embedded host as it runs in earnest, worked until nothing is left to do after every move.
 */
export class CaseOffice {
  readonly platform: Platform;
  readonly #clock: { at: Instant };
  readonly #staff = new Map<string, StaffMember>();

  private constructor(platform: Platform, clock: { at: Instant }) {
    this.platform = platform;
    this.#clock = clock;
  }

  /** Opens or goes on with a county in a directory. `at` as in China: `2024-01-15 09:00`. */
  static async open(
    dataDir: string,
    at: string,
    log: Log,
    { keepParameters = false }: { readonly keepParameters?: boolean } = {},
  ): Promise<CaseOffice> {
    const clock = { at: inChina(at) };
    await mkdir(dataDir, { recursive: true });
    if (!keepParameters) await writeFile(join(dataDir, PARAMETERS_FILE), JSON.stringify(storyParameters));
    const office = new CaseOffice(openPlatform(dataDir, { now: () => clock.at }, log), clock);
    for (const member of await office.platform.stores.staff.list()) office.#staff.set(member.id, member);
    return office;
  }

  get now(): Instant {
    return this.#clock.at;
  }

  /** Time passes until then; what falls due on the way is done when it falls due, day by day. */
  async until(at: string): Promise<void> {
    const end = inChina(at);
    for (let next = nextMorning(this.now); next < end; next = nextMorning(next)) {
      this.#clock.at = next;
      await this.platform.beginDay();
      await this.settle();
    }
    this.#clock.at = end;
    await this.settle();
  }

  /** Works until nothing is left to do. */
  async settle(): Promise<void> {
    await this.platform.pump.drain();
  }

  /** People start working here. */
  async employ(...workers: readonly StoryWorker[]): Promise<void> {
    for (const { id, name, role, area, departments = [] } of workers) {
      const member: StaffMember = { id, name, roles: [role], areas: [area], departments, absences: [] };
      await this.platform.stores.staff.put(member, makeEvent('staff.changed', this.now, { staff: id }, {}, randomUUID(), id));
      this.#staff.set(id, member);
    }
  }

  /** Departments drop files, and all they tell is taken in. */
  async drop(files: readonly CountyFile[]): Promise<void> {
    await writeCounty(join(this.platform.dataDir, INBOX), files);
    await announce(
      this.platform.stores.queue,
      files.map(({ path }) => INBOX + path),
    );
    this.platform.pump.requestSweep();
    await this.settle();
  }

  /** Somebody acts; the case as it stands when all that follows is done. Throws when the platform refuses. */
  async act(user: string, id: CaseId, asked: unknown): Promise<Case> {
    const performed = await this.tries(user, id, asked);
    if (performed.kind === 'refused') throw new PermanentError('STORY', performed.refusal.text.zh);
    if (performed.kind === 'conflict') throw new PermanentError('STORY', 'the case had moved on');
    await this.settle();
    return this.caseOf(performed.case.household);
  }

  /** Somebody tries to act; the platform's answer as it is. `key` as a client sends it when it asks again. */
  async tries(user: string, id: CaseId, asked: unknown, key: string = randomUUID()): Promise<Performed> {
    const access = { principal: this.principal(user), purpose: id as string as Purpose, request: key };
    return performAction(officeOf(this.platform), access, { case: id, action: CaseAction.parse(asked), key });
  }

  /** Somebody lodges an application for a household, or for the household of a case; the case it opened or joined. */
  async lodge(user: string, { household }: { readonly household: HouseholdId }, form: ApplicationForm): Promise<Case> {
    const access = { principal: this.principal(user), purpose: 'enquiry' as Purpose, request: randomUUID() };
    await lodgeFor(officeOf(this.platform), access, { ...form, household }, access.request);
    await this.settle();
    return this.caseOf(household);
  }

  /** The pseudonym of an identity number. */
  personOf(number: string): PersonKey {
    return this.platform.pseudonyms.person(number);
  }

  /** The household somebody belongs to today. Throws when nobody has told of them. */
  async householdOf(number: string): Promise<HouseholdId> {
    const person = this.personOf(number);
    const registered = (await this.platform.stores.households.ofPersons([person])).get(person);
    const there = registered === undefined ? undefined : membershipOn(registered.memberships, dateInChina(this.now));
    if (there === undefined) throw new Error('nobody has told of this person');
    return there.household;
  }

  principal(user: string): Principal {
    const member = this.#staff.get(user);
    if (member === undefined) throw new Error(`nobody called ${user} works in this story`);
    return member;
  }

  /** The household's current case. Throws when it has none. */
  async caseOf(household: HouseholdId): Promise<Case> {
    const found = (await this.platform.stores.cases.current([household])).get(household);
    if (found === undefined) throw new Error('the household has no case');
    return found;
  }

  /** What is offered to whoever works on a case. */
  offers(found: Case): Promise<readonly Offer[]> {
    return offersForCase(officeOf(this.platform), found);
  }

  /** Everything asked, given and refused for a household. */
  chain(household: HouseholdId): Promise<AssistanceChain> {
    return chainOf(officeOf(this.platform), household);
  }

  /** The open cases of the county, nearest due first. */
  async openCases(): Promise<readonly Case[]> {
    const { cases } = await this.platform.stores.cases.list({ areas: [''], order: 'due', limit: 100 });
    return cases.filter(({ stage }) => stage !== 'closed');
  }

  async close(): Promise<void> {
    await this.platform.close();
  }
}

function inChina(at: string): Instant {
  return instantOf(Date.parse(`${at.replace(' ', 'T')}:00+08:00`));
}

/** Nine o'clock in the morning of the next day in China. */
function nextMorning(now: Instant): Instant {
  const day = 86_400_000;
  const nine = 3_600_000;
  return instantOf((Math.floor((Date.parse(now) - nine) / day) + 1) * day + nine);
}
