import { vi } from 'vitest';
import * as z from 'zod';
import type { CountyFile } from '../../infra/local/demo-county/table.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { type CloudKeys, loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { type Instant, instantOf } from '../../shared/calendar/plain-date.ts';
import { type Case, hasEnded } from '../../shared/casework/case.ts';
import { isRunning } from '../../shared/casework/clocks.ts';
import { isSame } from '../../shared/casework/open-case.ts';
import { sealedCases } from '../../shared/casework/sealed-cases.ts';
import { oversleptWaits, waitKey } from '../../shared/casework/waits.ts';
import { feedId } from '../../shared/catalog/feed.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { QUEUE_NAMES } from '../../shared/ports/queue.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { type Pseudonyms, pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { sealerUnder } from '../../shared/registry/sealing.ts';
import type { Standing } from '../../shared/warnings/warning.ts';
import { callApi, clientsOf, functionsOf, queuesOf, setEnvironment, signIn } from './clients.ts';
import { deploy } from './deploy.ts';
import type { Emulator } from './ministack.ts';
import { quiet } from './quiet.ts';
import type { Cloud } from './set-up.ts';

const HOUR = 3_600_000;
const Health = z.object({ time: z.string() });

/**
 * A deployment of its own with the clock of a trial: departments' files go into its bucket, people act through its API, and
 * its deployed functions, streams, queues and state machine do the rest. Nothing of it is done for them here but to move the
 * clock, and then to send what the deployed schedules send every day.
 */
export class TrialCounty {
  readonly cloud: Cloud;
  readonly pseudonyms: Pseudonyms;
  /** Somebody who may look at all of it. */
  readonly supervisor: string;
  readonly #clients;
  readonly #stores;
  readonly #queues;
  #now: Instant;

  private constructor(cloud: Cloud, now: Instant, keys: CloudKeys, supervisor: string) {
    this.cloud = cloud;
    this.pseudonyms = pseudonymsOf(keys.pseudonymSecret);
    this.supervisor = supervisor;
    this.#now = now;
    this.#clients = clientsOf(cloud.endpoint);
    const table = openTable({ tableName: cloud.TableName, client: this.#clients.dynamo() });
    this.#stores = {
      cases: sealedCases(dynamoCaseStore(table), sealerUnder(keys.dataKeys)),
      standings: dynamoStandingStore(table),
      households: dynamoHouseholdRegistry(table),
      exchange: s3ObjectStore(this.#clients.s3, cloud.ExchangeBucket),
      archive: s3EventArchive(this.#clients.s3, cloud.ArchiveBucket, table),
    };
    this.#queues = queuesOf(cloud, this.#clients.sqs);
  }

  /** Deploys the stage `dev` for a trial that begins then. */
  static async deploy(emulator: Emulator, begins: Instant): Promise<TrialCounty> {
    const { endpoint, logFile } = emulator;
    const cloud: Cloud = { ...(await deploy(emulator, 'dev', [`trial-clock=${begins}`])), endpoint, logFile };
    const clients = clientsOf(endpoint);
    const keys = await loadKeys(cloud.KeysSecretId, clients.secrets);
    const supervisor = await signIn(cloud, { name: 'trial-supervisor', role: 'supervisor', areas: '*' });
    return new TrialCounty(cloud, begins, keys, supervisor);
  }

  get now(): Instant {
    return this.#now;
  }

  get archive() {
    return this.#stores.archive;
  }

  /** The dead letters of every queue. */
  async deadLetters() {
    const box = sqsDeadLetterBox(this.#queues);
    const deployed = QUEUE_NAMES.filter((queue) => this.#queues.deadLetterUrls?.[queue] !== undefined);
    return (await Promise.all(deployed.map((queue) => box.list(queue, 10)))).flat();
  }

  /**
   * Lets time pass. On mornings after a limit ran out cases are tended, as the deployed schedule has it done every morning: the
   * emulator ends no wait by its time.
   */
  async pass(to: Instant): Promise<void> {
    for (let morning = await this.#nextMorning(); morning <= to; morning = await this.#nextMorning()) {
      if (this.#now < morning) await this.#setClock(morning);
      await this.#tend();
    }
    if (this.#now < to) await this.#setClock(to);
    const { time } = Health.parse((await callApi(this.cloud, '/api/v1/health')).body);
    if (time !== to) throw new Error(`the deployment takes it to be ${time} instead of ${to}`);
  }

  /** Has cases tended, and waits until every wait that was slept through is told and its run waits anew, under another token. */
  async #tend(): Promise<void> {
    const before = await this.#overslept();
    await sqsSender(this.#queues).send('cases', [{ body: JSON.stringify({ v: 1, kind: 'tend-cases' }) }]);
    await eventually(async () => {
      const tokens = new Set((await this.openCases()).flatMap(({ waits }) => Object.values(waits)));
      const same = before.filter((token) => tokens.has(token));
      if (same.length > 0 || (await this.#overslept()).length > 0) throw new Error('cases have not been tended');
    });
    await this.#settled();
  }

  /** Tokens of the waits that were slept through. */
  async #overslept(): Promise<readonly string[]> {
    const open = await this.openCases();
    return open.flatMap((one) =>
      oversleptWaits(one, this.#now).map(({ wait, referral }) => one.waits[waitKey(wait, referral)] ?? 'no token'),
    );
  }

  /**
   * Nine o'clock in China after the next limit that runs out, or has run out and was not told: tending leaves the first hour of a
   * light to the engine.
   */
  async #nextMorning(): Promise<Instant> {
    const limits = (await this.openCases()).flatMap(({ clocks }) =>
      clocks
        .filter((clock) => isRunning(clock) && clock.light !== 'county')
        .map(({ light, redAt, countyAt }) => Date.parse(light === 'red' ? countyAt : redAt)),
    );
    if (limits.length === 0) return NEVER;
    // Nine in China is one by UTC.
    const morning = Math.floor(Math.min(...limits) / (24 * HOUR)) * 24 * HOUR + 25 * HOUR;
    return instantOf(Math.max(morning, Date.parse(this.#now)));
  }

  async #setClock(at: Instant): Promise<void> {
    // A function that is given a new setting in the middle of a message leaves it to the next attempt, minutes later; and where
    // a wait was being announced, the emulator lets the failed call pass and waits for good.
    await quiet(this.#queues, PATIENCE);
    this.#now = at;
    const functions = await functionsOf(this.cloud, 'Aidwatch-dev-');
    const timed = functions.filter(({ environment }) => environment['TRIAL_CLOCK'] !== undefined);
    await Promise.all(timed.map((one) => setEnvironment(this.cloud, one.name, { ...one.environment, TRIAL_CLOCK: at })));
  }

  /**
   * Departments drop files; answers when every warning they raise has been heard of by a case. Registers come first, as those
   * of the month before would have: a household that is declared after its bills came has been warned of under another.
   */
  async drop(files: readonly CountyFile[]): Promise<void> {
    const registers = files.filter(isRegister);
    if (registers.length > 0) await this.#takeIn(registers);
    await this.#takeIn(files.filter((file) => !registers.includes(file)));
    // Who was assessed before the last file came knows of its feed by the sweep of the night.
    await sqsSender(this.#queues).send('assessments', [{ body: JSON.stringify({ v: 1, kind: 'sweep' }) }]);
    await quiet(this.#queues, PATIENCE);
    await eventually(() => this.#allHeard());
    await this.#settled();
  }

  async #takeIn(files: readonly CountyFile[]): Promise<void> {
    const { exchange } = this.#stores;
    // One after the other: files that come at once each start a copy of the function.
    for (const { path, bytes } of files) {
      await exchange.write(`inbox/${path}`, bytes);
      await eventually(async () => {
        if ((await exchange.info(`receipts/${path}.json`)) === undefined) throw new Error(`${path} is not answered yet`);
      });
    }
    await quiet(this.#queues, PATIENCE);
  }

  async #allHeard(): Promise<void> {
    const { households, standings, cases } = this.#stores;
    const all = (await households.households({ limit: 1_000 })).households;
    const [known, current] = await Promise.all([standings.load(all), cases.current(all)]);
    for (const standing of [...known.values()].flat()) {
      if (!isHeard(standing, current.get(standing.household)))
        throw new Error(`no case of ${standing.household} has heard of it`);
    }
  }

  /** Answers when every case stands still: its run waits where the case stands, or has ended with it. */
  async #settled(): Promise<void> {
    await eventually(async () => {
      const ending = (await this.#list('', ['closed'])).filter((one) => one.workflow.ending);
      const one = [...(await this.openCases()), ...ending].find((found) => !standsStill(found));
      if (one !== undefined) throw new Error(`${one.id} moves at ${one.stage}`);
    });
  }

  /** The household's case once it stands still. */
  async still(household: HouseholdId): Promise<Case> {
    return vi.waitFor(async () => {
      const found = await this.caseOf(household);
      if (!standsStill(found)) throw new Error(`${found.id} moves at ${found.stage}`);
      return found;
    }, PATIENCE);
  }

  async caseOf(household: HouseholdId): Promise<Case> {
    const found = (await this.#stores.cases.current([household])).get(household);
    if (found === undefined) throw new Error('the household has no case');
    return found;
  }

  async standings(household: HouseholdId): Promise<readonly Standing[]> {
    return (await this.#stores.standings.load([household])).get(household) ?? [];
  }

  /** The open cases of an area, of all when none is named, nearest due first. */
  openCases(area = ''): Promise<readonly Case[]> {
    return this.#list(area);
  }

  async #list(area: string, stages?: readonly ['closed']): Promise<readonly Case[]> {
    const page = { areas: [area], order: 'due', limit: 100, ...(stages === undefined ? {} : { stages }) } as const;
    return (await this.#stores.cases.list(page)).cases;
  }

  close(): void {
    for (const client of [this.#clients.s3, this.#clients.sqs, this.#clients.secrets]) client.destroy();
  }
}

const NEVER = '9999-12-31T00:00:00.000Z' as Instant;
const PATIENCE = { timeout: 60_000, interval: 50 };

function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, PATIENCE);
}

/** Whether nothing of what happened to a case is on its way: its run waits where the case stands, or has ended with it. */
function standsStill(one: Case): boolean {
  if (one.stage === 'closed') return one.workflow.ending === undefined;
  if (one.stage === 'opened') return false;
  const { stage, referrals } = one;
  const keys =
    stage === 'referral' ? referrals.filter((asked) => !hasEnded(asked)).map(({ id }) => waitKey(stage, id)) : [waitKey(stage)];
  return keys.every((key) => one.waits[key] !== undefined);
}

/** Whether a file tells who lives together. */
function isRegister({ path }: CountyFile): boolean {
  const [department = '', category = ''] = path.split('/');
  return catalog.get(feedId(department, category))?.household !== undefined;
}

/** Whether a household's case knows its warning as it is. */
function isHeard({ warning }: Standing, current: Case | undefined): boolean {
  if (warning === undefined || warning.status === 'handled') return true;
  if (current === undefined || current.stage === 'closed') return warning.status === 'withdrawn';
  return current.increments.some((one) => isSame(one, warning));
}
