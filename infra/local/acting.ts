import { randomUUID } from 'node:crypto';
import type { Principal } from '../../shared/access/principal.ts';
import { parsePurpose } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import { sealedFindings } from '../../shared/audit/sealed-findings.ts';
import { sealedCases } from '../../shared/casework/sealed-cases.ts';
import { sealedNotices } from '../../shared/corrections/sealed-notices.ts';
import { type CommonOptions, type OwnOptions, textOption, UsageError } from './options.ts';
import type { Platform } from './platform.ts';
import { operatorAccess, readingOf } from './reading.ts';

/** Everything the casework is read and done with, over the stores of this machine. */
export function officeOf(platform: Platform) {
  const { stores, log, casework, sealer } = platform;
  const { periods, reportJobs, staff, reads, archive, tallies } = stores;
  return {
    ...readingOf(platform),
    ...casework,
    cases: sealedCases(stores.cases, sealer),
    corrections: sealedNotices(stores.corrections, sealer),
    findings: sealedFindings(stores.findings, sealer),
    periods,
    reportJobs,
    staff,
    reads,
    archive,
    tallies,
    log,
  };
}

/** Options of commands that may be run in the name of somebody of the staff. */
export const ACTING_OPTIONS = {
  as: {
    type: 'string',
    value: 'ACCOUNT',
    about: '以谁的名义，人员名录中的账号；只查看时可省 / in whose name, an account of the staff; may be left out for reading',
  },
} as const satisfies OwnOptions;

/**
 * Who reads: the member of staff named by `--as`, else the operator. The case, where one is named, is the purpose.
 * @throws UsageError when nobody of that name is on the staff
 */
export async function readerAccess(platform: Platform, options: CommonOptions, about?: string): Promise<Access> {
  const name = textOption(options, 'as');
  if (name === undefined) return operatorAccess(options);
  const purpose = about === undefined ? undefined : parsePurpose(about);
  return { ...operatorAccess(options), principal: await memberCalled(platform, name), ...(purpose && { purpose }) };
}

/**
 * Who acts on a case: always somebody of the staff, for a machine decides nothing and the record names a person.
 * @throws UsageError without `--as`, or when nobody of that name is on the staff
 */
export async function actorAccess(platform: Platform, options: CommonOptions, about: string): Promise<Access> {
  if (textOption(options, 'as') === undefined) {
    throw new UsageError('请用 --as <账号> 写明由谁办理 / say who acts with --as <account>');
  }
  return { ...(await readerAccess(platform, options, about)), request: randomUUID() };
}

async function memberCalled({ stores }: Platform, name: string): Promise<Principal> {
  const member = await stores.staff.get(name);
  if (member !== undefined) return member;
  const known = (await stores.staff.list()).map(({ id }) => id);
  throw new UsageError(
    `--as ${name}：人员名录中没有此账号；现有 ${known.join('、') || '无'} / nobody of that name is on the staff: ${known.join(', ') || 'nobody is'}`,
  );
}
