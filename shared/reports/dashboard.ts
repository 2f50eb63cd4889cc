import type { Principal } from '../access/principal.ts';
import { monthBefore, monthOf, type Period, periodStart } from '../calendar/period.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import { helpOutcomes } from '../casework/codes.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { CaseCounts, CaseStore } from '../ports/case-store.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError } from '../ports/errors.ts';
import type { AreaCounts, TallyStore } from '../ports/tally-store.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import { areaAsked } from './area-asked.ts';
import { isCountedArea } from './tallies.ts';

/** What reading a dashboard needs. */
export interface DashboardDeps {
  readonly tallies: TallyStore;
  readonly cases: Pick<CaseStore, 'counts'>;
  readonly packsFor: (area: string) => readonly CompiledPack[];
  readonly clock: Clock;
}

/** What happened in an area in a month. Counts; `help.fen` in fen. */
export interface MonthFigures {
  readonly month: Period;
  readonly files: { readonly inTime: number; readonly late: number; readonly refused: number };
  readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number };
  /** Opened, by grade. */
  readonly warnings: Readonly<Record<string, number>>;
  readonly warningsWithdrawn: number;
  /** Opened, by source. */
  readonly cases: Readonly<Record<string, number>>;
  readonly visits: { readonly made: number; readonly foundTrue: number };
  /** Closed, by outcome. */
  readonly closed: Readonly<Record<string, number>>;
  /** Of those closed: new help, or an entitlement delivered. */
  readonly closedHelped: number;
  readonly help: { readonly times: number; readonly fen: number };
  readonly referralsSent: number;
  /** Limits that ended, by step. */
  readonly limits: Readonly<Record<string, { readonly inTime: number; readonly late: number }>>;
}

/** How the cases ended that an indicator had a part in. */
export interface RuleYield {
  readonly indicator: string;
  /** Null when no pack in force in the area has it any more. */
  readonly title: Bilingual | null;
  readonly closed: number;
  readonly helped: number;
}

/** What a supervisor looks at first. */
export interface Dashboard {
  readonly area: string;
  readonly month: Period;
  /** Number of the last archived event that is counted in the months. */
  readonly countedUpTo: number;
  /** The cases as they stand now. */
  readonly now: CaseCounts;
  /** The month and the eleven before it, oldest first. */
  readonly months: readonly MonthFigures[];
  /** Over the month and the two before it, those that cost most visits without help first. */
  readonly rules: readonly RuleYield[];
  /** The areas right below, in the month, by area. */
  readonly below: readonly { readonly area: string; readonly figures: MonthFigures }[];
}

const HELPED: ReadonlySet<string> = new Set(helpOutcomes);

const MONTHS = 12;
/** A rule under a set yield for three months goes to review (domain.md §9.1). */
const RULE_MONTHS = 3;

/**
 * What happened in an area, month by month, from counts kept ready while events are archived; nothing is worked out anew.
 * An area is named by its code, with or without the zeros after it. Throws AccessError outside the user's areas, PermanentError
 * for an area counts are not kept for. Says nothing of anybody, so
 * it is no read of personal data; whoever may see it may read the cases themselves, so small counts are shown as they are.
 */
export async function readDashboard(
  deps: DashboardDeps,
  principal: Principal,
  asked: { readonly area?: string; readonly month?: Period },
): Promise<Dashboard> {
  const area = areaAsked(principal, 'dashboard.read', asked.area);
  if (!isCountedArea(area)) {
    throw new PermanentError(
      'dashboard-area',
      '统计到省、市、县、乡镇为止，请给出 2、4、6 或 9 位区划代码 / counts are kept for provinces, prefectures, counties and townships: give 2, 4, 6 or 9 digits',
    );
  }
  const month = asked.month ?? monthOf(dateInChina(deps.clock.now()));
  const months = monthsUpTo(month);
  const [countedUpTo, now, counts, below] = await Promise.all([
    deps.tallies.countedUpTo(),
    deps.cases.counts([area]),
    deps.tallies.of([area], months),
    deps.tallies.below(area, month),
  ]);
  const byMonth = new Map(counts.map((one) => [one.month, one.counts]));
  return {
    area,
    month,
    countedUpTo,
    now,
    months: months.map((one) => figuresOf(one, byMonth.get(one) ?? {})),
    rules: yields(
      months.slice(-RULE_MONTHS).map((one) => byMonth.get(one) ?? {}),
      deps.packsFor(area),
    ),
    below: below.map((one) => ({ area: one.area, figures: figuresOf(one.month, one.counts) })),
  };
}

function monthsUpTo(month: Period): readonly Period[] {
  const months = [month];
  while (months.length < MONTHS) months.unshift(monthBefore(periodStart(months[0] ?? month)));
  return months;
}

function figuresOf(month: Period, counts: AreaCounts['counts']): MonthFigures {
  const of = (name: string) => counts[name] ?? 0;
  const closed = under(counts, 'closed/');
  const steps = [...new Set(Object.keys(under(counts, 'limits/')).map((name) => name.split('/')[0] ?? ''))].sort();
  return {
    month,
    files: { inTime: of('files/in-time'), late: of('files/late'), refused: of('files/refused') },
    rows: { read: of('rows/read'), accepted: of('rows/accepted'), rejected: of('rows/rejected') },
    warnings: under(counts, 'warnings/'),
    warningsWithdrawn: of('warnings-withdrawn'),
    cases: under(counts, 'cases/'),
    visits: { made: of('visits/made'), foundTrue: of('visits/found-true') },
    closed,
    closedHelped: sum(Object.entries(closed).filter(([outcome]) => HELPED.has(outcome))),
    help: { times: of('help/times'), fen: of('help/fen') },
    referralsSent: of('referrals/sent'),
    limits: Object.fromEntries(
      steps.map((step) => [step, { inTime: of(`limits/${step}/in-time`), late: of(`limits/${step}/late`) }]),
    ),
  };
}

/** What stands under a path, by the rest of the name, in order. */
function under(counts: AreaCounts['counts'], path: string): Record<string, number> {
  const found = Object.entries(counts).filter(([name]) => name.startsWith(path));
  return Object.fromEntries(found.map(([name, amount]) => [name.slice(path.length), amount] as const).sort(byName));
}

function yields(months: readonly AreaCounts['counts'][], packs: readonly CompiledPack[]): readonly RuleYield[] {
  const titles = new Map(packs.flatMap(({ pack }) => pack.indicators.map(({ id, title }) => [id, title] as const)));
  const told = months.flatMap((counts) => Object.entries(under(counts, 'rules/')));
  const byRule = Map.groupBy(told, ([name]) => name.split('/')[0] ?? '');
  return [...byRule]
    .map(([indicator, ends]): RuleYield => {
      const helped = sum(ends.filter(([name]) => HELPED.has(name.slice(indicator.length + 1))));
      return { indicator, title: titles.get(indicator) ?? null, closed: sum(ends), helped };
    })
    .sort((a, b) => b.closed - b.helped - (a.closed - a.helped) || (a.indicator < b.indicator ? -1 : 1));
}

function sum(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((total, [, amount]) => total + amount, 0);
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
