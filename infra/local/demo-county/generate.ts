import type { Period } from '../../../shared/calendar/period.ts';
import { allowanceFiles } from './aid-files.ts';
import { schoolEnrolmentFiles, tuitionFiles } from './education-files.ts';
import { disabilityFiles, disasterFiles, employmentFiles, housingFiles, unemploymentFiles } from './livelihood-files.ts';
import { inpatientFiles, medicalEnrolmentFiles, outpatientFiles } from './medical-files.ts';
import { type CountyOptions, type Shares, settingsOf } from './options.ts';
import { type County, inventCounty } from './population.ts';
import { deathFiles, registerFiles, registrationFiles } from './register-files.ts';
import type { CountyFile } from './table.ts';

type FileMaker = (county: County, shares: Shares) => (month: Period) => CountyFile[];

/** Roughly the order in which departments deliver within a month: the police register first, so that households are known. */
const MAKERS: readonly FileMaker[] = [
  registrationFiles,
  registerFiles,
  inpatientFiles,
  outpatientFiles,
  medicalEnrolmentFiles,
  disabilityFiles,
  schoolEnrolmentFiles,
  tuitionFiles,
  employmentFiles,
  unemploymentFiles,
  disasterFiles,
  housingFiles,
  allowanceFiles,
  deathFiles,
];

/**
 * Makes the files of an invented county, month by month, one at a time: dirty as departments are, with reversals, late
 * corrections, repeated and broken rows, deaths, new declarations, one workbook and one broken file. Two calls with the
 * same options give the same bytes. Throws RangeError for options no county can be made from.
 */
export function* generateCounty(options: CountyOptions): Generator<CountyFile, void, undefined> {
  const { shares, ...settings } = settingsOf(options);
  const county = inventCounty(settings);
  const makers = MAKERS.map((make) => make(county, shares));
  for (const month of county.months) {
    for (const filesOf of makers) yield* filesOf(month);
  }
}

/** An invented person's name and 18-digit number, as they stand in the files. */
export interface PlantedPerson {
  readonly name: string;
  readonly identityNumber: string;
}

/** Everybody whose name and number the county of these options plants in its files, for scans that must find none of them. */
export function* plantedPeople(options: CountyOptions): Generator<PlantedPerson, void, undefined> {
  for (const { name, number } of inventCounty(settingsOf(options)).people) yield { name, identityNumber: number };
}
