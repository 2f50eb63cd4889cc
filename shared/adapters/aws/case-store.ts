import * as z from 'zod';
import { type Case, type CaseId, lights, type Stage, stages } from '../../casework/case.ts';
import { ordinalOf, placeOf } from '../../casework/worklist.ts';
import type { CaseChange, CaseQuery, CaseStore } from '../../ports/case-store.ts';
import type { HouseholdId } from '../../registry/household.ts';
import { inParallel } from './bounded-parallel.ts';
import { countyList } from './counties.ts';
import { firstOf } from './first-of.ts';
import { packJson, parseStored, unpackJson } from './packed-json.ts';
import { messagesAttribute } from './stream-messages.ts';
import { ABSENT, allOf, type Condition, type Table, type TableItem, WIDTH } from './table.ts';
import { areaFilter, countyOf, NO_COUNTY, partitionsOf } from './worklist-keys.ts';

/** Only the platform writes cases: the parts every reader relies on are looked at, the rest is taken as written. */
export const storedCase: z.ZodType<Case> = z
  .looseObject({
    id: z.string(),
    household: z.string(),
    version: z.int(),
    stage: z.enum(stages),
    area: z.string(),
    clocks: z.array(z.unknown()),
    visits: z.array(z.unknown()),
    referrals: z.array(z.unknown()),
    history: z.array(z.unknown()),
    waits: z.record(z.string(), z.string()),
  })
  .transform((read) => read as unknown as Case);

const indexEntry = z.object({ light: z.string().optional(), assignee: z.string().optional() });

/** Sort key of a household's current case; those of its cases of before begin with it. */
export const CASE = 'CASE';
const keyOf = (household: HouseholdId) => ({ pk: `H#${household}`, sk: CASE });
/** Entries read at once where most may not be meant. */
const FILTERED_PAGE = 100;
const OPEN: readonly Stage[] = stages.filter((stage) => stage !== 'closed');

function caseOf(item: TableItem): Case {
  return unpackJson(storedCase, item['case'], 'case');
}

function partitionOf(order: CaseQuery['order'], county: string, stage: Stage): string {
  return `${order === 'urgent' ? 'CU' : 'CD'}#${county}#${stage}`;
}

function sortKeyOf(order: CaseQuery['order'], one: Case): string {
  const { rank, dueAt } = placeOf(one);
  return order === 'urgent' ? `${String(rank).padStart(2, '0')}#${dueAt}#${one.id}` : `${dueAt}#${one.id}`;
}

/** What finds the case in the worklists, and what they filter on. */
function worklistAttributes(one: Case): TableItem {
  const { light, assignee, departments } = placeOf(one);
  const county = countyOf(one.area);
  return {
    area: one.area,
    assignee,
    light,
    departments: departments.length === 0 ? undefined : departments.join(' '),
    gsi1pk: partitionOf('due', county, one.stage),
    gsi1sk: sortKeyOf('due', one),
    gsi2pk: partitionOf('urgent', county, one.stage),
    gsi2sk: sortKeyOf('urgent', one),
  };
}

/** A filter over the attributes of the index. */
function filterOf(query: CaseQuery, areas: readonly string[]): Condition | undefined {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const all: string[] = [];
  if (query.assignee !== undefined) {
    names['#assignee'] = 'assignee';
    values[':assignee'] = query.assignee;
    all.push('#assignee = :assignee');
  }
  if (query.unassigned === true) {
    names['#assignee'] = 'assignee';
    all.push('attribute_not_exists(#assignee)');
  }
  if (query.light !== undefined) {
    names['#light'] = 'light';
    const asked = lights.slice(lights.indexOf(query.light));
    for (const [index, light] of asked.entries()) values[`:l${index}`] = light;
    all.push(`#light IN (${asked.map((_, index) => `:l${index}`).join(', ')})`);
  }
  if (query.department !== undefined) {
    names['#departments'] = 'departments';
    values[':department'] = query.department;
    all.push('contains(#departments, :department)');
  }
  return allOf([areaFilter(areas), all.length === 0 ? undefined : { expression: all.join(' AND '), names, values }]);
}

/**
 * Cases in DynamoDB: the household's current case, its events and its outgoing messages are one item, so a change is one
 * conditional write and a household can have no second open case. The closed case a new one follows stays on the item
 * (`past`) until the next one comes, then it is first copied to an item of its own.
 */
export function dynamoCaseStore(table: Table): CaseStore {
  const counties = countyList(table);

  async function hasOpenCase(county: string, within: readonly string[]): Promise<boolean> {
    const filter = areaFilter(within);
    for (const stage of OPEN) {
      const entries = table.query({
        index: 'gsi1',
        partition: partitionOf('due', county, stage),
        pageSize: filter === undefined ? 1 : FILTERED_PAGE,
        ...(filter === undefined ? {} : { filter }),
      });
      for await (const _ of entries) return true;
    }
    return false;
  }

  /** What the worklists of a stage hold, case by case. */
  async function entriesOf(county: string, stage: Stage, filter: Condition | undefined) {
    const entries: { readonly stage: Stage; readonly light?: string | undefined; readonly assignee?: string | undefined }[] = [];
    const query = { index: 'gsi1' as const, partition: partitionOf('due', county, stage) };
    for await (const item of table.query({ ...query, ...(filter === undefined ? {} : { filter }) })) {
      entries.push({ stage, ...parseStored(indexEntry, item, 'worklist entry') });
    }
    return entries;
  }

  async function saveOne(change: CaseChange): Promise<CaseChange | undefined> {
    const { case: one, past, events, messages } = change;
    const key = keyOf(one.household);
    await counties.announce(one.area);
    if (past !== undefined) await keepEarlierPast(past);
    const saved = await table.update(
      key,
      {
        household: one.household,
        caseId: one.id,
        version: one.version,
        case: packJson(one),
        events: [...events],
        messages: messagesAttribute(messages),
        ...worklistAttributes(one),
        ...(past === undefined ? {} : { past: packJson(past) }),
      },
      conditionOf(one, past),
    );
    return saved ? undefined : change;
  }

  /** The household's closed cases before `past`, which is still on the item or was moved off it by an attempt before. */
  async function keepEarlierPast(past: Case): Promise<void> {
    const stored = await table.get(keyOf(past.household));
    if (stored?.['past'] === undefined || stored['caseId'] !== past.id) return;
    const earlier = unpackJson(storedCase, stored['past'], 'past case');
    await table.put({ pk: `H#${earlier.household}`, sk: pastKey(earlier), case: packJson(earlier) }, ABSENT);
  }

  async function itemsOf(household: HouseholdId): Promise<Case[]> {
    const found = new Map<string, Case>();
    for await (const item of table.query({ partition: `H#${household}`, prefix: CASE })) {
      if (item['past'] !== undefined) {
        const past = unpackJson(storedCase, item['past'], 'past case');
        found.set(past.id, past);
      }
      const one = caseOf(item);
      found.set(one.id, one);
    }
    return [...found.values()].sort((a, b) => ordinalOf(a.id) - ordinalOf(b.id));
  }

  return {
    async get(id) {
      const household = /H[0-9a-f]{24}/.exec(id)?.[0];
      if (household === undefined) return undefined;
      return (await itemsOf(household as HouseholdId)).find((one) => one.id === id);
    },
    async current(households) {
      const items = await table.getAll(households.map(keyOf), ['case']);
      return new Map(items.map(caseOf).map((one) => [one.household, one]));
    },
    ofHousehold: (household) => itemsOf(household),
    async save(changes) {
      const lost = await inParallel(WIDTH, changes, saveOne);
      return lost.filter((change) => change !== undefined);
    },
    async list(query) {
      const index = query.order === 'urgent' ? 'gsi2' : 'gsi1';
      const partitions = partitionsOf(query.areas, await counties.knownFor(query.areas));
      const lists = [...partitions].flatMap(([county, areas]) => {
        const filter = filterOf(query, areas);
        return (query.stages ?? OPEN).map((stage) =>
          table.query({
            index,
            partition: partitionOf(query.order, county, stage),
            pageSize: query.limit + 1,
            ...(query.after === undefined ? {} : { beyond: query.after }),
            ...(filter === undefined ? {} : { filter }),
          }),
        );
      });
      const found = await firstOf(lists, index, query.limit + 1);
      const page = found.slice(0, query.limit);
      const stored = (await table.getAll(page, ['case'])).map(caseOf);
      const byPlace = new Map(stored.map((one) => [sortKeyOf(query.order, one), one]));
      // The index may lag: what has moved elsewhere meanwhile is left to its new place.
      const cases = page.flatMap(({ sort }) => byPlace.get(sort) ?? []);
      const last = page.at(-1);
      return found.length > query.limit && last !== undefined ? { cases, next: last.sort } : { cases };
    },
    async counts(areas) {
      const partitions = [...partitionsOf(areas, await counties.knownFor(areas))];
      const asked = partitions.flatMap(([county, within]) =>
        stages.map((stage) => ({ county, stage, filter: areaFilter(within) })),
      );
      // One after the other a province would take a second for each dozen counties.
      const found = await inParallel(WIDTH, asked, ({ county, stage, filter }) => entriesOf(county, stage, filter));
      const [byStage, byLight, byAssignee] = [new Tally(), new Tally(), new Tally()];
      for (const { stage, light, assignee } of found.flat()) {
        byStage.add(stage);
        if (stage === 'closed') continue;
        byLight.add(lights.find((one) => one === light) ?? 'green');
        if (assignee !== undefined) byAssignee.add(assignee);
      }
      return { byStage: byStage.counts, byLight: byLight.counts, byAssignee: byAssignee.counts };
    },
    async openCounties(areas) {
      const partitions = [...partitionsOf(areas, await counties.knownFor(areas))].filter(([county]) => county !== NO_COUNTY);
      const found = await inParallel(WIDTH, partitions, async ([county, within]) =>
        (await hasOpenCase(county, within)) ? county : undefined,
      );
      return found.filter((county) => county !== undefined).sort();
    },
  };
}

/** Counts by name. */
class Tally {
  readonly counts: Record<string, number> = {};
  add(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}

function pastKey(one: Case): string {
  return `${CASE}#${String(ordinalOf(one.id)).padStart(6, '0')}`;
}

/** A next version of the same case, a first case, or a case that follows the closed one its writer has seen. */
function conditionOf({ id, version }: Case, past: Case | undefined): Condition {
  const names = { '#v': 'version', '#c': 'caseId' };
  if (version > 1) {
    return { expression: '#v = :v AND #c = :c', names, values: { ':v': version - 1, ':c': id satisfies CaseId } };
  }
  if (past === undefined || past.stage !== 'closed') return ABSENT;
  return { expression: '#v = :v AND #c = :c', names, values: { ':v': past.version, ':c': past.id } };
}
