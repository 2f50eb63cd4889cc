import { ACTING_OPTIONS } from '../acting.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { READING_OPTIONS } from '../reading.ts';
import { ARCHIVE_OPTIONS, giveRoots, verifyOwn } from './audit-archive.ts';
import { auditFindings } from './audit-findings.ts';
import { auditReads } from './audit-reads.ts';
import { auditReplay } from './audit-replay.ts';

/** Options of `audit`. */
export const AUDIT_OPTIONS = {
  ...READING_OPTIONS,
  ...ACTING_OPTIONS,
  ...ARCHIVE_OPTIONS,
  state: { type: 'string' },
  area: { type: 'string' },
} as const;

const USAGE = 'aidwatch audit verify|roots|reads <household>|findings|replay <event>';

/**
 * `audit verify`: proves the archive whole and in order, or names the first event that is not. `audit roots` gives its daily
 * roots out. `audit reads <household>`: who looked at a household. `audit findings`: what auditors found, and what came of it.
 * `audit replay <event>`: computes an assessment again from what was known then.
 */
export async function audit(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [what] = options.args;
  if (what === 'reads') return auditReads(platform, options);
  if (what === 'replay') return auditReplay(platform, options);
  if (what === 'findings') return auditFindings(platform, options);
  if (options.args.length > 1) throw new UsageError(USAGE);
  if (what === 'verify') return verifyOwn(platform, options);
  if (what === 'roots') return giveRoots(platform, options);
  throw new UsageError(USAGE);
}
