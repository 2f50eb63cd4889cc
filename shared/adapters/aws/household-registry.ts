import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { membershipChangedEvents } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { PersonKey } from '../../facts/fact.ts';
import { RetryLaterError } from '../../ports/errors.ts';
import type { HouseholdRegistry, PersonRegistration } from '../../ports/household-registry.ts';
import type { HouseholdId, Membership } from '../../registry/household.ts';
import { inParallel } from './bounded-parallel.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { storedCategory } from './stored-warning.ts';
import { ABSENT, type Table, type TableItem, WIDTH } from './table.ts';

/** Spreads the list of households over this many index partitions; a partition takes 1,000 writes a second. */
const SHARDS = 16;
const TRIES = 20;

const storedMemberships: z.ZodType<readonly Membership[]> = z.array(
  z.object({
    household: branded<HouseholdId>(),
    basis: z.enum(['declared', 'registered', 'alone']),
    from: branded<PlainDate>().optional(),
    to: branded<PlainDate>().optional(),
    relation: z.string(),
    head: z.boolean(),
    category: storedCategory,
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
);

const storedRegistration = z.object({
  person: branded<PersonKey>(),
  birth: branded<PlainDate>(),
  sex: z.enum(['male', 'female']),
  version: z.number(),
  memberships: z.unknown(),
  ever: z.array(branded<HouseholdId>()),
});

interface Held {
  readonly registration: PersonRegistration;
  readonly ever: readonly HouseholdId[];
}

function heldOf(item: TableItem): Held {
  const { ever, memberships, ...rest } = parseStored(storedRegistration, item, 'registration');
  return { registration: { ...rest, memberships: unpackJson(storedMemberships, memberships, 'registration') }, ever };
}

const registrationKey = (person: PersonKey) => ({ pk: `P#${person}`, sk: 'REG' });

function shardOf(household: HouseholdId): number {
  return Number.parseInt(hash('sha256', household, 'hex').slice(0, 4), 16) % SHARDS;
}

function shardPartition(shard: number): string {
  return `HOUSEHOLDS#${shard.toString(16)}`;
}

/** What makes a person findable from a household. Never changed: whether he still belongs to it, his registration says. */
function pointers(person: PersonKey, household: HouseholdId) {
  const pk = `H#${household}`;
  return [
    { pk, sk: 'HOUSEHOLD', household, gsi1pk: shardPartition(shardOf(household)), gsi1sk: household },
    { pk, sk: `M#${person}`, person },
  ];
}

/**
 * Registrations in DynamoDB. The registration item is the only truth and carries its event; the pointers from households
 * to people are written before it and only ever added. A crash in between leaves a pointer to someone who (yet) has no
 * stretch in that household, which reads rightly, and the repeated message writes the rest.
 */
export function dynamoHouseholdRegistry(table: Table): HouseholdRegistry {
  async function registerOne(registration: PersonRegistration, at: Instant): Promise<readonly HouseholdId[]> {
    const { person, version, memberships } = registration;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const item = await table.get(registrationKey(person));
      const held = item === undefined ? undefined : heldOf(item);
      if (held !== undefined && held.registration.version >= version) return held.ever;
      const before = held?.ever ?? [];
      const ever = [...new Set([...before, ...memberships.map((stretch) => stretch.household)])];
      await table.putAll(ever.filter((household) => !before.includes(household)).flatMap((one) => pointers(person, one)));
      const changed = !isDeepStrictEqual(memberships, held?.registration.memberships ?? []);
      const written = await table.put(
        {
          ...registrationKey(person),
          person,
          birth: registration.birth,
          sex: registration.sex,
          version,
          memberships: packJson(memberships),
          ever,
          events: changed ? membershipChangedEvents([registration], at) : [],
        },
        held === undefined
          ? ABSENT
          : { expression: '#v = :v', names: { '#v': 'version' }, values: { ':v': held.registration.version } },
      );
      if (written) return ever;
    }
    throw new RetryLaterError(
      '同一人的登记同时被多次改写，将自动重试。 / the same registration kept being changed by others; it will be tried again.',
    );
  }

  async function heldBy(persons: readonly PersonKey[]): Promise<Map<PersonKey, PersonRegistration>> {
    const items = await table.getAll(persons.map(registrationKey));
    return new Map(items.map(heldOf).map(({ registration }) => [registration.person, registration]));
  }

  return {
    async register(registrations, at) {
      // One person after the other when named twice, so that a call does not race with itself.
      const byPerson = Map.groupBy(registrations, (one) => one.person);
      const answers = await inParallel(WIDTH, [...byPerson], async ([person, versions]) => {
        let ever: readonly HouseholdId[] = [];
        for (const registration of versions) ever = await registerOne(registration, at);
        return [person, ever] as const;
      });
      return new Map(answers);
    },
    async membersOf(households) {
      const pointed = await inParallel(WIDTH, [...new Set(households)], async (household) => {
        const persons: PersonKey[] = [];
        for await (const item of table.query({ partition: `H#${household}`, prefix: 'M#' })) {
          persons.push(parseStored(z.object({ person: branded<PersonKey>() }), item, 'household member').person);
        }
        return [household, persons] as const;
      });
      const held = await heldBy(pointed.flatMap(([, persons]) => persons));
      const members = pointed.map(
        ([household, persons]) => [household, persons.flatMap((person) => held.get(person) ?? [])] as const,
      );
      return new Map(members.filter(([, inIt]) => inIt.length > 0));
    },
    async everOf(persons) {
      const items = await table.getAll(persons.map(registrationKey));
      return new Map(items.map(heldOf).map(({ registration, ever }) => [registration.person, ever]));
    },
    ofPersons: heldBy,
    async households({ limit, after }) {
      const page: HouseholdId[] = [];
      const [shardText, beyond] = after?.split(':') ?? [];
      for (let shard = shardText === undefined ? 0 : Number.parseInt(shardText, 16); shard < SHARDS; shard += 1) {
        const from = shardText !== undefined && shard === Number.parseInt(shardText, 16) ? beyond : undefined;
        const listed = table.query({
          index: 'gsi1',
          partition: shardPartition(shard),
          pageSize: limit + 1,
          ...(from ? { beyond: from } : {}),
        });
        for await (const item of listed) {
          const last = page.at(-1);
          if (page.length === limit && last !== undefined) {
            return { households: page, next: `${shardOf(last).toString(16)}:${last}` };
          }
          page.push(parseStored(z.object({ gsi1sk: branded<HouseholdId>() }), item, 'household').gsi1sk);
        }
      }
      return { households: page };
    },
  };
}
