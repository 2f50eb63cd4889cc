import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Principal } from '../../shared/access/principal.ts';
import { type Purpose, parsePurpose, purposeCodes } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { HouseholdReading } from '../../shared/registry/household-reading.ts';
import { reasonTextOf } from '../../shared/warnings/reason-text.ts';
import { type CommonOptions, type OwnOptions, textOption, UsageError } from './options.ts';
import type { Platform } from './platform.ts';

/** What the reading use-cases need, over the stores of this machine. */
export function readingOf(platform: Platform) {
  const { stores, clock, pseudonyms, sealer } = platform;
  const reading: HouseholdReading = {
    catalog,
    clock,
    pseudonyms,
    sealer,
    registry: stores.households,
    facts: stores.facts,
    vault: stores.identities,
    standings: stores.standings,
    files: stores.files,
    eventLog: stores.eventLog,
    reasonText: reasonTextOf(platform.packsFor),
  };
  return { ...reading, standings: stores.standings, files: stores.files };
}

const USUAL_PURPOSE = 'supervision';

/** Options of every command that shows personal data. */
export const READING_OPTIONS = {
  purpose: {
    type: 'string',
    value: 'PURPOSE',
    about: `查询事由，办件编号或代码，缺省 ${USUAL_PURPOSE} / what it is read for: a case number C-…, ${Object.keys(purposeCodes).join(', ')}; ${USUAL_PURPOSE} unless given`,
  },
} as const satisfies OwnOptions;

/**
 * The operator at this machine, who may see what a supervisor of the whole deployment may. Every read is kept with the
 * account's name and the purpose given.
 */
export function operatorAccess(options: CommonOptions): Access {
  const principal: Principal = { id: operatorName(), roles: ['supervisor'], areas: [''], departments: [] };
  return { principal, purpose: purposeOf(options), request: randomUUID() };
}

/** Who works at this machine, for the record of what they read and did. */
export function operatorName(): string {
  try {
    return `operator:${userInfo().username}`;
  } catch {
    // A container may run under a number that has no name.
    return `operator:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function purposeOf(options: CommonOptions): Purpose {
  const text = textOption(options, 'purpose') ?? USUAL_PURPOSE;
  const purpose = parsePurpose(text);
  if (purpose === undefined) {
    const codes = Object.keys(purposeCodes).join(', ');
    throw new UsageError(`--purpose ${text}：应为办件编号 C-… 或 ${codes} / expected a case number C-… or one of ${codes}`);
  }
  return purpose;
}
