import { findingStates } from '../../../shared/audit/finding.ts';
import { ACTING_OPTIONS } from '../acting.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { READING_OPTIONS } from '../reading.ts';
import { ARCHIVE_OPTIONS, giveRoots, verifyCopy, verifyOwn, worksOnCopy } from './audit-archive.ts';
import { auditFindings } from './audit-findings.ts';
import { auditReads } from './audit-reads.ts';
import { auditReplay } from './audit-replay.ts';

/** The command `audit`. */
export const AUDIT: Command = {
  usage: 'audit verify|roots|reads <household>|findings|replay <event>',
  purpose: '验证档案、日根；谁查询过一户；审计发现；重算评估 / prove the archive, its roots; who looked; findings; replay',
  options: {
    ...READING_OPTIONS,
    ...ACTING_OPTIONS,
    ...ARCHIVE_OPTIONS,
    state: {
      type: 'string',
      value: 'STATE',
      about: `findings：状态，缺省未撤回的 / state: ${findingStates.join(', ')}; all but withdrawn unless given`,
    },
    ...AREA_OPTION,
  },
  words: 2,
  run: audit,
  runAlone: (options) => (worksOnCopy(options) ? verifyCopy(options) : undefined),
};

const USAGE = `aidwatch ${AUDIT.usage}`;

/**
 * `audit verify`: proves the archive whole and in order, or names the first event that is not. `audit roots` gives its daily
 * roots out. `audit reads <household>`: who looked at a household. `audit findings`: what auditors found, and what came of it.
 * `audit replay <event>`: computes an assessment again from what was known then.
 */
async function audit(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [what] = options.args;
  if (what === 'reads') return auditReads(platform, options);
  if (what === 'replay') return auditReplay(platform, options);
  if (what === 'findings') return auditFindings(platform, options);
  if (options.args.length > 1) throw new UsageError(USAGE);
  if (what === 'verify') return verifyOwn(platform, options);
  if (what === 'roots') return giveRoots(platform, options);
  throw new UsageError(USAGE);
}
