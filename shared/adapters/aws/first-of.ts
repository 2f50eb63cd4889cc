import * as z from 'zod';
import { inParallel } from './bounded-parallel.ts';
import { parseStored } from './packed-json.ts';
import { type TableItem, WIDTH } from './table.ts';

/** An entry of an index: where its item is, and what it sorts by. */
export interface Indexed {
  readonly pk: string;
  readonly sk: string;
  readonly sort: string;
}

const keys = z.object({ pk: z.string(), sk: z.string(), gsi1sk: z.string().optional(), gsi2sk: z.string().optional() });

/** Takes the first `count` of several lists sorted by an index, in order, reading no list further than needed. */
export async function firstOf(
  lists: readonly AsyncGenerator<TableItem>[],
  index: 'gsi1' | 'gsi2',
  count: number,
): Promise<Indexed[]> {
  const step = async (list: AsyncGenerator<TableItem>) => {
    const { value } = await list.next();
    if (value === undefined) return undefined;
    const { pk, sk, [`${index}sk` as const]: sort = '' } = parseStored(keys, value, 'worklist entry');
    return { list, item: { pk, sk, sort } };
  };
  let heads = (await inParallel(WIDTH, lists, step)).filter((head) => head !== undefined);
  const taken: Indexed[] = [];
  while (taken.length < count) {
    let first = heads[0];
    if (first === undefined) break;
    for (const head of heads) if (head.item.sort < first.item.sort) first = head;
    const chosen = first;
    taken.push(chosen.item);
    const next = await step(chosen.list);
    heads = heads.flatMap((head) => (head === chosen ? (next ?? []) : head));
  }
  return taken;
}
