import { charityFeeds } from './charity.ts';
import { civilAffairsFeeds } from './civil-affairs.ts';
import { disabledPersonsFederationFeeds } from './disabled-persons-federation.ts';
import { educationFeeds } from './education.ts';
import { emergencyManagementFeeds } from './emergency-management.ts';
import type { Catalog } from './feed.ts';
import { healthFeeds } from './health.ts';
import { housingFeeds } from './housing.ts';
import { humanResourcesFeeds } from './human-resources.ts';
import { medicalInsuranceFeeds } from './medical-insurance.ts';
import { publicSecurityFeeds } from './public-security.ts';

/**
 * Every feed the platform takes, by id. Due days without a source in domain.md §2.3 are proposals: the department's core
 * data must be in before the warnings of the month are looked at.
 */
export const catalog: Catalog = new Map(
  [
    ...civilAffairsFeeds,
    ...medicalInsuranceFeeds,
    ...disabledPersonsFederationFeeds,
    ...educationFeeds,
    ...humanResourcesFeeds,
    ...emergencyManagementFeeds,
    ...housingFeeds,
    ...publicSecurityFeeds,
    ...healthFeeds,
    ...charityFeeds,
  ].map((feed) => [feed.id, feed]),
);
