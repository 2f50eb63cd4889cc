/** What may be said to a store of how long a page is to be. */
interface PageQuery {
  readonly limit: number;
}

/**
 * A page no longer than asked for whose items together weigh no more than an answer may hold; one item at least. Only the store
 * knows where a shorter page ends, so it is asked anew.
 */
export async function answerablePage<Query extends PageQuery, Page>(
  ask: (query: Query) => Promise<Page>,
  query: Query,
  weightsOf: (page: Page) => readonly number[],
  most: number,
): Promise<Page> {
  const page = await ask(query);
  const weights = weightsOf(page);
  let sum = 0;
  const beyond = weights.findIndex((weight) => {
    sum += weight;
    return sum > most;
  });
  const limit = beyond === -1 ? weights.length : Math.max(1, beyond);
  return limit === weights.length ? page : answerablePage(ask, { ...query, limit }, weightsOf, most);
}
