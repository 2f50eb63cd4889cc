import * as z from 'zod';
import { type AuditFinding, type AuditFindingId, stateOf } from '../../audit/finding.ts';
import type { AuditFindingStore } from '../../ports/audit-finding-store.ts';
import { countyList } from './counties.ts';
import { firstOf } from './first-of.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { allOf, type Condition, follows, type Table, type TableItem } from './table.ts';
import { areaFilter, countyOf, partitionsOf } from './worklist-keys.ts';

/** Only the platform writes findings: the parts every reader relies on are looked at, the rest is taken as written. */
const storedFinding: z.ZodType<AuditFinding> = z
  .looseObject({
    id: z.string(),
    version: z.int(),
    area: z.string(),
    code: z.string(),
    due: z.string(),
    steps: z.array(z.unknown()),
  })
  .transform((read) => read as unknown as AuditFinding);

/** Sort key of a finding's item. */
export const FINDING = 'FINDING';
const keyOf = (id: AuditFindingId) => ({ pk: `AF#${id}`, sk: FINDING });

/** The finding of an item. */
export function findingOf(item: TableItem): AuditFinding {
  return unpackJson(storedFinding, item['finding'], 'finding of audit');
}

/** Findings of audit in DynamoDB: an item each, with its events, listed by county and state. */
export function dynamoAuditFindingStore(table: Table): AuditFindingStore {
  const counties = countyList(table);
  return {
    async get(id) {
      const item = await table.get(keyOf(id));
      return item === undefined ? undefined : findingOf(item);
    },
    async save({ finding, events }) {
      const { id, version, area, department, raisedAt } = finding;
      await counties.announce(area);
      return table.put(
        {
          ...keyOf(id),
          version,
          finding: packJson(finding),
          events: [...events],
          area,
          departments: department,
          gsi1pk: `AF#${countyOf(area)}#${stateOf(finding)}`,
          gsi1sk: `${raisedAt}#${id}`,
        },
        follows(version),
      );
    },
    async list({ areas, department, states, limit, after }) {
      const partitions = partitionsOf(areas, await counties.knownFor(areas));
      const lists = [...partitions].flatMap(([county, within]) => {
        const filter = allOf([areaFilter(within), ofDepartment(department)]);
        return states.map((state) =>
          table.query({
            index: 'gsi1',
            partition: `AF#${county}#${state}`,
            pageSize: limit + 1,
            ...(after === undefined ? {} : { beyond: after }),
            ...(filter === undefined ? {} : { filter }),
          }),
        );
      });
      const places = await firstOf(lists, 'gsi1', limit + 1);
      const page = places.slice(0, limit);
      const stored = (await table.getAll(page, ['finding'])).map(findingOf);
      // The index may lag: what has moved on meanwhile is left to its new place.
      const findings = stored
        .filter((finding) => states.includes(stateOf(finding)))
        .sort((a, b) => (`${a.raisedAt}#${a.id}` < `${b.raisedAt}#${b.id}` ? -1 : 1));
      const last = page.at(-1);
      return places.length > limit && last !== undefined ? { findings, next: last.sort } : { findings };
    },
  };
}

function ofDepartment(department: string | undefined): Condition | undefined {
  if (department === undefined) return undefined;
  return {
    expression: '#departments = :department',
    names: { '#departments': 'departments' },
    values: { ':department': department },
  };
}
