import { type Period, parsePeriod } from '../../../shared/calendar/period.ts';

/**
 * How often things happen to the people of the demo county. Shares of people unless said; a year's share where it is an
 * event. One household in twenty is under strain, where most of them are several times as frequent.
 */
export interface Shares {
  /** Households in the low-income register. */
  readonly lowIncome: number;
  /** People with at least one ordinary hospital stay in 12 months; self-paid sums stay small. */
  readonly hospital: number;
  /** People with a grave illness in 12 months; self-paid sums of some thousands to some ten thousands of yuan. */
  readonly graveIllness: number;
  /** People who fetch medicine for a chronic illness every month. */
  readonly chronic: number;
  readonly disabled: number;
  /** People of working age registered as jobless. */
  readonly jobless: number;
  /** People of working age with registered employment. */
  readonly employed: number;
  /** Households struck by a disaster, per month. */
  readonly disaster: number;
  /** Rural households in a house appraised C or D. */
  readonly dilapidated: number;
  /** People of 60 and more who die, per month. */
  readonly deaths: number;
  /** Rows that cannot be read. */
  readonly badRows: number;
  /** Rows that stand in a file twice. */
  readonly repeatedRows: number;
}

/**
 * Proposed rates, chosen so that a county of 2,000 households gives dozens of warnings and not thousands: published
 * figures are about 0.9 warnings per watched person in years of running, most of them without need (domain.md §8).
 */
const SHARES: Shares = {
  lowIncome: 0.1,
  hospital: 0.06,
  graveIllness: 0.014,
  chronic: 0.035,
  disabled: 0.025,
  jobless: 0.01,
  employed: 0.3,
  disaster: 0.003,
  dilapidated: 0.012,
  deaths: 0.0025,
  badRows: 0.01,
  repeatedRows: 0.004,
};

/** What a demo county is made from. */
export interface CountyOptions {
  readonly seed: number;
  readonly households: number;
  /** Data months in any order; events of the 11 months before the first come with its files. */
  readonly months: readonly Period[];
  /** Six-digit county code; default 411122 (河南省漯河市临颍县). */
  readonly area?: string;
  readonly shares?: Partial<Shares>;
}

/** The options with everything filled in. */
export interface CountySettings {
  readonly seed: number;
  readonly households: number;
  readonly months: readonly Period[];
  readonly area: string;
  readonly shares: Shares;
}

/** Fills in the defaults; throws RangeError for options no county can be made from. */
export function settingsOf(options: CountyOptions): CountySettings {
  const months = [...new Set(options.months)].sort();
  if (months.length === 0 || months.some((month) => !/^\d{4}-\d{2}$/.test(month) || parsePeriod(month) === undefined)) {
    throw new RangeError('the demo county needs data months written YYYY-MM');
  }
  if (!Number.isInteger(options.households) || options.households < 1) {
    throw new RangeError('the demo county needs at least one household');
  }
  const area = options.area ?? '411122';
  if (!/^\d{6}$/.test(area)) throw new RangeError('the area of the demo county must be a six-digit county code');
  return { seed: options.seed, households: options.households, months, area, shares: { ...SHARES, ...options.shares } };
}
