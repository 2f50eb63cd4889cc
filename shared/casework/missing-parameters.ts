import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { disposableIncomeFor, livingStandardFor, type PlaceAndDay } from './limits.ts';
import { type CaseworkParameters, DISPOSABLE_INCOME, LIVING_STANDARD } from './parameters.ts';

/** A figure that nobody may guess and nobody has entered, for a county where families wait for it. */
export interface MissingParameter {
  readonly name: typeof LIVING_STANDARD | typeof DISPOSABLE_INCOME;
  readonly title: Bilingual;
  /** County, six digits. */
  readonly area: string;
  /** What stays unknown without it. */
  readonly without: Bilingual;
  /** How it is entered, with the row to fill in. */
  readonly enter: Bilingual;
}

/** The parameters without a default: unknown is not zero, so what rests on them stays unknown until somebody enters them. */
const withoutDefault: readonly {
  readonly name: MissingParameter['name'];
  readonly title: Bilingual;
  readonly without: Bilingual;
  readonly valueIn: (parameters: CaseworkParameters, at: PlaceAndDay) => number | undefined;
}[] = [
  {
    name: LIVING_STANDARD,
    title: { zh: '当地低保标准（元/人月）', en: 'the local standard of the minimum living allowance, yuan a person and month' },
    without: {
      zh: '低保、低保边缘的收入条件，小额快救和临时救助的最高额均显示为未知',
      en: 'income conditions of the allowance and of near-poor households, and the most that rapid relief and temporary aid may come to, stay unknown',
    },
    valueIn: livingStandardFor,
  },
  {
    name: DISPOSABLE_INCOME,
    title: { zh: '上年度人均可支配收入（元/人年）', en: 'last year’s disposable income a head, yuan a year' },
    without: {
      zh: '刚性支出困难家庭的收入条件显示为未知',
      en: 'the income condition of rigid-expenditure households stays unknown',
    },
    valueIn: disposableIncomeFor,
  },
];

/** What is not entered for these counties on a day, county by county. */
export function missingParameters(
  parameters: CaseworkParameters,
  counties: readonly string[],
  on: PlainDate,
): readonly MissingParameter[] {
  return counties.flatMap((area) =>
    withoutDefault
      .filter(({ valueIn }) => valueIn(parameters, { area, on }) === undefined)
      .map(({ name, title, without }) => ({ name, title, area, without, enter: howToEnter(name, area, on) })),
  );
}

/** What is not entered for the counties with open cases in these areas. */
export async function missingWhereCasesAreOpen(
  deps: { readonly cases: Pick<CaseStore, 'openCounties'>; readonly parameters: CaseworkParameters; readonly clock: Clock },
  areas: readonly string[],
): Promise<readonly MissingParameter[]> {
  return missingParameters(deps.parameters, await deps.cases.openCounties(areas), dateInChina(deps.clock.now()));
}

function howToEnter(name: MissingParameter['name'], area: string, on: PlainDate): Bilingual {
  const row = (value: string, basis: string) =>
    `{"name":"${name}","area":"${area}","from":"${on.slice(0, 4)}-01-01","value":${value},"basis":"${basis}"}`;
  return {
    zh: `在参数文件的 amounts 中加一行 ${row('金额（元）', '文件名称和文号')}；单机为数据目录下的 parameters.json，改后重启；云上部署时用 -c parameters=文件`,
    en: `add a row to amounts of the parameters file: ${row('<yuan>', '<the document that says so>')}; on one machine that is parameters.json in the data directory, read at the next start; in the cloud deploy with -c parameters=<file>`,
  };
}
