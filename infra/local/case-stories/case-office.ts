import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Principal } from '../../../shared/access/principal.ts';
import type { Purpose } from '../../../shared/access/purpose.ts';
import type { StaffMember } from '../../../shared/access/staff.ts';
import type { AssistanceChain } from '../../../shared/assistance/chain-line.ts';
import { chainOf, offersForCase } from '../../../shared/assistance/household-assistance.ts';
import type { Offer } from '../../../shared/assistance/offers.ts';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { dateInChina, type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';
import { CaseAction } from '../../../shared/casework/actions.ts';
import { keepAttachment } from '../../../shared/casework/attachments.ts';
import type { Attachment, Case, CaseId } from '../../../shared/casework/case.ts';
import { lodgeFor } from '../../../shared/casework/lodge-for.ts';
import type { ApplicationForm } from '../../../shared/casework/open-case.ts';
import { type Performed, performAction } from '../../../shared/casework/perform-action.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { INBOX } from '../../../shared/intake/normalize-file.ts';
import { PermanentError } from '../../../shared/ports/errors.ts';
import type { Log } from '../../../shared/ports/log.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import { membershipOn } from '../../../shared/registry/membership.ts';
import type { Standing } from '../../../shared/warnings/warning.ts';
import { officeOf } from '../acting.ts';
import type { CountyFile } from '../demo-county/table.ts';
import { writeCounty } from '../demo-county/write-county.ts';
import { announce } from '../inbox.ts';
import { PARAMETERS_FILE } from '../parameters.ts';
import { openPlatform, type Platform } from '../platform.ts';
import type { StoryOffice, StoryWorker } from './story.ts';
import { storyParameters } from './story-parameters.ts';

/**
 * The county of a story on one machine. Only the clock is the story's; everything else is the embedded host as it runs in
 * earnest, worked until nothing is left to do after every move.
 */
export class CaseOffice implements StoryOffice {
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

  /** Day by day. */
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

  async employ(...workers: readonly StoryWorker[]): Promise<void> {
    for (const { id, name, role, area, departments = [] } of workers) {
      const member: StaffMember = { id, name, roles: [role], areas: [area], departments, absences: [] };
      await this.platform.stores.staff.put(member, makeEvent('staff.changed', this.now, { staff: id }, {}, randomUUID(), id));
      this.#staff.set(id, member);
    }
  }

  async drop(files: readonly CountyFile[]): Promise<void> {
    await writeCounty(join(this.platform.dataDir, INBOX), files);
    await announce(
      this.platform.stores.queue,
      files.map(({ path }) => INBOX + path),
    );
    this.platform.pump.requestSweep();
    await this.settle();
  }

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

  async attach(user: string, id: CaseId, kind: Attachment['kind'], bytes: Uint8Array): Promise<string> {
    const { stores, sealer } = this.platform;
    const access = { principal: this.principal(user), purpose: id as string as Purpose, request: randomUUID() };
    const deps = { ...officeOf(this.platform), exchange: stores.objects, sealer };
    const action = await keepAttachment(deps, access, { case: id, kind }, bytes);
    await this.act(user, id, action);
    return action.id;
  }

  async lodge(user: string, { household }: { readonly household: HouseholdId }, form: ApplicationForm): Promise<Case> {
    const access = { principal: this.principal(user), purpose: 'enquiry' as Purpose, request: randomUUID() };
    await lodgeFor(officeOf(this.platform), access, { ...form, household }, access.request);
    await this.settle();
    return this.caseOf(household);
  }

  personOf(number: string): PersonKey {
    return this.platform.pseudonyms.person(number);
  }

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

  async caseOf(household: HouseholdId): Promise<Case> {
    const found = (await officeOf(this.platform).cases.current([household])).get(household);
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

  async standings(household: HouseholdId): Promise<readonly Standing[]> {
    return (await this.platform.stores.standings.load([household])).get(household) ?? [];
  }

  async openCases(): Promise<readonly Case[]> {
    const { cases } = await officeOf(this.platform).cases.list({ areas: [''], order: 'due', limit: 100 });
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
