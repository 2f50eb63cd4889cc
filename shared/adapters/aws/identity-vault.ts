import * as z from 'zod';
import type { FileSequence, PersonKey } from '../../facts/fact.ts';
import type { IdentityVault } from '../../ports/identity-vault.ts';
import { inParallel } from './bounded-parallel.ts';
import { branded, parseStored } from './packed-json.ts';
import { type Table, WIDTH } from './table.ts';

const vaultKey = (person: PersonKey) => ({ pk: `V#${person}`, sk: 'ID' });

const storedKnown = z.object({ person: branded<PersonKey>(), nameKey: z.string(), seq: branded<FileSequence>() });
const storedIdentity = storedKnown.extend({ sealed: z.string() });

/** Sealed identities in DynamoDB, in partitions of their own, which one permission can close off. */
export function dynamoIdentityVault(table: Table): IdentityVault {
  return {
    async known(persons) {
      const items = await table.getAll(persons.map(vaultKey), ['person', 'nameKey', 'seq']);
      const known = items.map((item) => parseStored(storedKnown, item, 'identity'));
      return new Map(known.map(({ person, nameKey, seq }) => [person, { nameKey, seq }]));
    },
    async put(identities) {
      await inParallel(WIDTH, identities, (identity) =>
        table.put(
          { ...vaultKey(identity.person), ...identity, gsi2pk: `N#${identity.nameKey}`, gsi2sk: identity.person },
          { expression: 'attribute_not_exists(pk) OR #q <= :q', names: { '#q': 'seq' }, values: { ':q': identity.seq } },
        ),
      );
    },
    async get(persons) {
      const items = await table.getAll(persons.map(vaultKey));
      const identities = items.map((item) => parseStored(storedIdentity, item, 'identity'));
      return new Map(identities.map((identity) => [identity.person, identity]));
    },
    async byName(nameKey, limit, after) {
      const persons: PersonKey[] = [];
      const beyond = after === undefined ? {} : { beyond: after };
      for await (const item of table.query({ index: 'gsi2', partition: `N#${nameKey}`, pageSize: limit, ...beyond })) {
        if (persons.length === limit) break;
        persons.push(parseStored(z.object({ gsi2sk: branded<PersonKey>() }), item, 'name entry').gsi2sk);
      }
      return persons;
    },
  };
}
