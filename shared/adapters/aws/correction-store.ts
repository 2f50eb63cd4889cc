import * as z from 'zod';
import { type CorrectionNotice, lastWord } from '../../corrections/notice.ts';
import type { CorrectionChange, CorrectionQuery, CorrectionStore } from '../../ports/correction-store.ts';
import { inParallel } from './bounded-parallel.ts';
import { countyList } from './counties.ts';
import { firstOf } from './first-of.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { follows, type Table, type TableItem, WIDTH } from './table.ts';
import { areaFilter, countyOf, partitionsOf } from './worklist-keys.ts';

/** Only the platform writes notices: the parts every reader relies on are looked at, the rest is taken as written. */
const storedNotice: z.ZodType<CorrectionNotice> = z
  .looseObject({
    id: z.string(),
    version: z.int(),
    case: z.string(),
    household: z.string(),
    area: z.string(),
    department: z.string(),
    sentAt: z.string(),
    dueAt: z.string(),
    answers: z.array(z.unknown()),
  })
  .transform((read) => read as unknown as CorrectionNotice);

/** Begins the sort keys of notices. */
export const NOTICE = 'NOTICE#';
const STATES = ['open', 'answered'] as const;
type State = (typeof STATES)[number];

const keyOf = ({ household, id }: Pick<CorrectionNotice, 'household' | 'id'>) => ({ pk: `H#${household}`, sk: NOTICE + id });

/** The notice of an item. */
export function noticeOf(item: TableItem): CorrectionNotice {
  return unpackJson(storedNotice, item['notice'], 'correction notice');
}

function partitionOf(county: string, state: State, department?: string): string {
  return department === undefined ? `CA#${county}#${state}` : `CN#${county}#${department}#${state}`;
}

function sortKeyOf({ sentAt, id }: CorrectionNotice): string {
  return `${sentAt}#${id}`;
}

/** Households are named in ids, so that whoever has an id has the key. */
function householdIn(id: string): string | undefined {
  return /H[0-9a-f]{24}/.exec(id)?.[0];
}

/**
 * Correction notices in DynamoDB: an item each beside the household's case, with its events, so that a change is one
 * conditional write. One index lists them by county and department, the other by county.
 */
export function dynamoCorrectionStore(table: Table): CorrectionStore {
  const counties = countyList(table);

  async function saveOne(change: CorrectionChange): Promise<CorrectionChange | undefined> {
    const { notice, events } = change;
    await counties.announce(notice.area);
    const state: State = lastWord(notice) === undefined ? 'open' : 'answered';
    const county = countyOf(notice.area);
    const sort = sortKeyOf(notice);
    const saved = await table.put(
      {
        ...keyOf(notice),
        version: notice.version,
        notice: packJson(notice),
        events: [...events],
        area: notice.area,
        gsi1pk: partitionOf(county, state, notice.department),
        gsi1sk: sort,
        gsi2pk: partitionOf(county, state),
        gsi2sk: sort,
      },
      follows(notice.version),
    );
    return saved ? undefined : change;
  }

  async function listsOf(query: CorrectionQuery): Promise<readonly AsyncGenerator<TableItem>[]> {
    const { departments, awaiting, after, sentFrom } = query;
    const states = awaiting === undefined ? STATES : ([awaiting ? 'open' : 'answered'] as const);
    const beyond = [after, sentFrom].filter((place) => place !== undefined).reduce<string>((a, b) => (a > b ? a : b), '');
    const partitions = partitionsOf(query.areas, await counties.knownFor(query.areas));
    const asked = [...partitions].flatMap(([county, areas]) => {
      const filter = areaFilter(areas);
      return states.flatMap((state) =>
        (departments ?? [undefined]).map((department) => ({ partition: partitionOf(county, state, department), filter })),
      );
    });
    return asked.map(({ partition, filter }) =>
      table.query({
        index: departments === undefined ? 'gsi2' : 'gsi1',
        partition,
        pageSize: query.limit + 1,
        ...(beyond === '' ? {} : { beyond }),
        ...(filter === undefined ? {} : { filter }),
      }),
    );
  }

  return {
    async get(id) {
      const household = householdIn(id);
      const item = household === undefined ? undefined : await table.get({ pk: `H#${household}`, sk: NOTICE + id });
      return item === undefined ? undefined : noticeOf(item);
    },
    async ofCase(id) {
      const notices: CorrectionNotice[] = [];
      const prefix = `${NOTICE}N-${id.slice(2)}-`;
      for await (const item of table.query({ partition: `H#${householdIn(id) ?? ''}`, prefix })) notices.push(noticeOf(item));
      return notices.sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
    },
    async save(changes) {
      const lost = await inParallel(WIDTH, changes, saveOne);
      return lost.filter((change) => change !== undefined);
    },
    async list(query) {
      const { dueBefore, sentBefore, limit } = query;
      const index = query.departments === undefined ? 'gsi2' : 'gsi1';
      const within = (await firstOf(await listsOf(query), index, limit + 1)).filter(
        ({ sort }) => sentBefore === undefined || sort < sentBefore,
      );
      const page = within.slice(0, limit);
      const stored = (await table.getAll(page, ['notice'])).map(noticeOf);
      // The index may lag: what has been answered meanwhile is left to its new place.
      const notices = stored
        .filter((one) => query.awaiting === undefined || (lastWord(one) === undefined) === query.awaiting)
        .filter((one) => dueBefore === undefined || one.dueAt < dueBefore)
        .sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
      const last = page.at(-1);
      return within.length > limit && last !== undefined ? { notices, next: last.sort } : { notices };
    },
  };
}
