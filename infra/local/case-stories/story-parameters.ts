/** Local standards the areas of the stories would enter in `parameters.json`, yuan a person and month. */
const STANDARDS: readonly (readonly [area: string, yuan: number])[] = [
  ['411122', 510],
  ['371621', 940],
  ['370611', 1_120],
  ['152201', 860],
  ['420222', 720],
  ['360602', 860],
];

/** The parameters file of a story's county. The figures are assumed, as each says of itself. */
export const storyParameters = {
  amounts: STANDARDS.map(([area, value]) => ({
    area,
    from: '2023-01-01',
    basis: '演示用的假定数，请各地录入本地标准',
    name: 'living-standard-month',
    value,
  })),
};
