import type { StandingChange, StandingStore, WarningQuery } from '../../ports/standing-store.ts';
import type { HouseholdId } from '../../registry/household.ts';
import { type WarningFamily, warningFamilies } from '../../scoring/assessment.ts';
import type { Standing, Warning, WarningStatus } from '../../warnings/warning.ts';
import { inParallel } from './bounded-parallel.ts';
import { countyList } from './counties.ts';
import { firstOf } from './first-of.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { storedStanding, storedWarning } from './stored-warning.ts';
import { messagesAttribute } from './stream-messages.ts';
import { ABSENT, allOf, type Condition, follows, type Table, type TableItem, type TableKey, WIDTH } from './table.ts';
import { areaFilter, countyOf, partitionsOf, worklistPartition, worklistSortKey } from './worklist-keys.ts';

const STATUSES: readonly WarningStatus[] = ['open', 'withdrawn', 'handled'];

const standingKey = (household: HouseholdId, family: WarningFamily) => ({ pk: `H#${household}`, sk: `S#${family}` });

function standingOf(item: TableItem): Standing {
  return unpackJson(storedStanding, item['standing'], 'standing');
}

/** The keys under which the worklist finds an item; all undefined when there is no warning to find. */
function worklistAttributes(warning: Warning | undefined): TableItem {
  if (warning === undefined) return { area: undefined, grade: undefined, gsi1pk: undefined, gsi1sk: undefined };
  return {
    area: warning.area,
    grade: warning.grade.id,
    gsi1pk: worklistPartition(countyOf(warning.area), warning.status),
    gsi1sk: worklistSortKey(warning),
  };
}

function filterOf(query: WarningQuery, areas: readonly string[]): Condition | undefined {
  const asked = (['grade', 'family'] as const).map((name): Condition | undefined =>
    query[name] === undefined
      ? undefined
      : { expression: `#${name} = :${name}`, names: { [`#${name}`]: name }, values: { [`:${name}`]: query[name] } },
  );
  return allOf([...asked, areaFilter(areas)]);
}

/**
 * Standings in DynamoDB: the standing, its warning, its events and the past warning it replaces are one item, so a change
 * is one conditional write. An earlier past warning still on the item is first copied to an item of its own.
 */
export function dynamoStandingStore(table: Table): StandingStore {
  const counties = countyList(table);

  /** Moves the past warning that stands on version `version` out of the way of the next. */
  async function keepEarlierPast(key: TableKey, version: number): Promise<void> {
    const stored = await table.get(key);
    if (stored?.['past'] === undefined || stored['version'] !== version) return;
    const past = unpackJson(storedWarning, stored['past'], 'past warning');
    await table.put({ pk: key.pk, sk: `PAST#${past.openedAt}#${past.id}`, warning: packJson(past) }, ABSENT);
  }

  async function saveOne(change: StandingChange): Promise<StandingChange | undefined> {
    const { standing, past, events, messages } = change;
    const key = standingKey(standing.household, standing.family);
    if (standing.warning !== undefined) await counties.announce(standing.warning.area);
    if (past !== undefined) await keepEarlierPast(key, standing.version - 1);
    const saved = await table.update(
      key,
      {
        household: standing.household,
        family: standing.family,
        version: standing.version,
        standing: packJson(standing),
        events: [...events],
        messages: messagesAttribute(messages),
        ...worklistAttributes(standing.warning),
        ...(past === undefined ? {} : { past: packJson(past) }),
      },
      follows(standing.version),
    );
    return saved ? undefined : change;
  }

  async function itemsOf(household: HouseholdId): Promise<{ standings: TableItem[]; past: Warning[] }> {
    const standings: TableItem[] = [];
    const past: Warning[] = [];
    for await (const item of table.query({ partition: `H#${household}`, prefix: 'PAST#' })) {
      past.push(unpackJson(storedWarning, item['warning'], 'past warning'));
    }
    for await (const item of table.query({ partition: `H#${household}`, prefix: 'S#' })) {
      standings.push(item);
      if (item['past'] !== undefined) past.push(unpackJson(storedWarning, item['past'], 'past warning'));
    }
    const distinct = [...new Map(past.map((warning) => [warning.id, warning])).values()];
    return { standings, past: distinct.sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)) };
  }

  return {
    async load(households) {
      const keys = households.flatMap((household) => warningFamilies.map((family) => standingKey(household, family)));
      const standings = (await table.getAll(keys, ['standing'])).map(standingOf);
      return Map.groupBy(standings, (standing) => standing.household);
    },
    async save(changes) {
      const lost = await inParallel(WIDTH, changes, saveOne);
      return lost.filter((change) => change !== undefined);
    },
    async warnings(query) {
      const partitions = partitionsOf(query.areas, await counties.knownFor(query.areas));
      const statuses = query.status === undefined ? STATUSES : [query.status];
      const lists = [...partitions].flatMap(([county, areas]) => {
        const filter = filterOf(query, areas);
        return statuses.map((status) =>
          table.query({
            index: 'gsi1',
            partition: worklistPartition(county, status),
            pageSize: query.limit + 1,
            ...(query.after === undefined ? {} : { beyond: query.after }),
            ...(filter === undefined ? {} : { filter }),
          }),
        );
      });
      const found = await firstOf(lists, 'gsi1', query.limit + 1);
      const page = found.slice(0, query.limit);
      const stored = await table.getAll(page, ['sk', 'standing']);
      const byPlace = new Map<string, Warning>();
      for (const { warning } of stored.map(standingOf)) if (warning) byPlace.set(worklistSortKey(warning), warning);
      // The index may lag: what has moved elsewhere meanwhile is left to its new place.
      const warnings = page.flatMap(({ sort }) => byPlace.get(sort) ?? []);
      const last = page.at(-1);
      return found.length > query.limit && last !== undefined ? { warnings, next: last.sort } : { warnings };
    },
    async warning(id) {
      // The household is part of the id, so no index is needed and the answer never lags.
      const household = /H[0-9a-f]{24}/.exec(id)?.[0];
      if (household === undefined) return undefined;
      const { standings, past } = await itemsOf(household as HouseholdId);
      const current = standings.map(standingOf).flatMap((standing) => standing.warning ?? []);
      return [...current, ...past].find((warning) => warning.id === id);
    },
    past: async (household) => (await itemsOf(household)).past,
  };
}
