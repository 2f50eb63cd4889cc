import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HouseholdUpdates, isPlainUpdates } from '../../../shared/ports/queue-messages.ts';

const date = fc.constantFrom('2024-03-31', '1999-12-01');
const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const row = fc.record(
  {
    row: fc.integer({ min: 1, max: 1_000_000 }),
    key: fc.string(),
    from: date,
    to: date,
    reversal: fc.constant(true),
    area: fc.string(),
    areaAssumed: fc.constant(true),
    fields: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      value,
    ),
    sealed: fc.string(),
    content: fc.string(),
  },
  { requiredKeys: ['row', 'key', 'from', 'fields', 'content'] },
);
const update = fc.record({
  person: fc.string(),
  birth: date,
  sex: fc.constantFrom('male', 'female'),
  rows: fc.array(row, { minLength: 1, maxLength: 3 }),
});
const message = fc.record({
  v: fc.constant(1),
  kind: fc.constant('household-updates'),
  file: fc.string(),
  feed: fc.string(),
  seq: fc.string(),
  recordedAt: fc.string(),
  updates: fc.array(update, { minLength: 1, maxLength: 3 }),
});

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a value, as the names that lead there. */
function places(of: Json): (string | number)[][] {
  if (of === null || typeof of !== 'object') return [[]];
  const inside = Object.entries(of).flatMap(([name, held]) => places(held).map((rest) => [name, ...rest]));
  return [[], ...inside];
}

/** The value with something else at a place, or nothing there at all. */
function changed(of: Json, [name, ...rest]: readonly (string | number)[], to: Json | undefined): Json {
  if (name === undefined || of === null || typeof of !== 'object') return to ?? null;
  const copy = structuredClone(of) as Record<string, Json>;
  if (rest.length > 0) copy[name] = changed(copy[name] ?? null, rest, to);
  else if (to === undefined) delete copy[name];
  else copy[name] = to;
  return copy;
}

const odd = fc.constantFrom<Json | undefined>(
  undefined,
  null,
  0,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  '2024-3-31',
  '2024-03-31\n',
  true,
  false,
  [],
  {},
  { more: 1 },
  [null],
);

describe('telling plain messages of updates', () => {
  it('takes every message that is made as the schema says', () => {
    fc.assert(
      fc.property(message, (made) => {
        const sent: unknown = JSON.parse(JSON.stringify(made));
        expect(isPlainUpdates(sent)).toBe(true);
        expect(HouseholdUpdates.parse(sent)).toEqual(sent);
      }),
    );
  });

  it('takes nothing that the schema refuses or gives back otherwise, whatever is wrong wherever', () => {
    fc.assert(
      fc.property(message, fc.nat(), odd, (made, at, to) => {
        const sent = JSON.parse(JSON.stringify(made)) as Json;
        const all = places(sent);
        const spoilt: unknown = JSON.parse(JSON.stringify(changed(sent, all[at % all.length] ?? [], to)));
        if (!isPlainUpdates(spoilt)) return;
        const read = HouseholdUpdates.safeParse(spoilt);
        expect(read.success).toBe(true);
        expect(read.data).toEqual(spoilt);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves anything unusual to the schema: names it does not know, numbers that are none, lists for objects', () => {
    const plain = {
      v: 1,
      kind: 'household-updates',
      file: 'f',
      feed: 'd/c',
      seq: '1',
      recordedAt: '2024-04-01T00:00:00.000Z',
      updates: [
        {
          person: 'p',
          birth: '1990-01-01',
          sex: 'male',
          rows: [{ row: 3, key: 'k', from: '2024-03-01', fields: { selfPaid: 12 }, content: 'c' }],
        },
      ],
    };
    const body = JSON.stringify(plain);
    expect(isPlainUpdates(JSON.parse(body))).toBe(true);
    for (const [part, other] of [
      ['"v":1', '"v":1,"extra":1'],
      ['"sex":"male"', '"sex":"male","name":"x"'],
      ['"row":3', '"row":3,"note":""'],
      ['"selfPaid":12', '"selfPaid":1e999'],
      ['"selfPaid":12', '"__proto__":12'],
      ['{"selfPaid":12}', '[]'],
      ['"updates":[{', '"updates":[[],{'],
    ] as const) {
      expect(isPlainUpdates(JSON.parse(body.replace(part, other))), other).toBe(false);
    }
  });
});
