import { allow } from '../../../shared/access/policy.ts';
import { recordRead } from '../../../shared/access/read-trail.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import { explainAssessment } from '../../../shared/scoring/explain.ts';
import type { WarningId } from '../../../shared/warnings/warning.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess, readingOf } from '../reading.ts';

/** Puts a warning into words: the answer of every indicator, and what would change it. */
export async function explain(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [id] = options.args;
  if (id === undefined) throw new UsageError('哪一条预警？ / which warning? aidwatch explain <warning>');
  const access = operatorAccess(options);
  const warning = await platform.stores.standings.warning(id as WarningId);
  if (warning === undefined) throw new NotFoundError(`${id}：没有这条预警 / no such warning`);
  allow(access.principal, 'warnings.read', { area: warning.area });
  await recordRead(readingOf(platform), access, 'warnings.read', { household: warning.household, warning: warning.id }, 1);
  const pack = platform.packsFor(warning.area).find((one) => one.pack.id === warning.pack);
  if (pack === undefined)
    throw new NotFoundError(`规则包 ${warning.pack} 不在此机 / rule pack ${warning.pack} is not on this machine`);
  const explanation = explainAssessment(pack, { ...warning, results: warning.reasons });
  if (options.json) {
    print(JSON.stringify({ id: warning.id, household: warning.household, ...explanation }));
    return true;
  }
  print(explanation.summary.zh);
  for (const reason of explanation.reasons) print(`  · ${reason.text.zh}`);
  if (explanation.changes.length > 0) print('如有下列变化，结果会不同：');
  for (const change of explanation.changes) print(`  - ${change.zh}`);
  return true;
}
