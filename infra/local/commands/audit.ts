import { type ChainFault, verifyChain } from '../../../shared/audit/chain.ts';
import { ACTING_OPTIONS } from '../acting.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { READING_OPTIONS } from '../reading.ts';
import { auditFindings } from './audit-findings.ts';
import { auditReads } from './audit-reads.ts';

/** Options of `audit`. */
export const AUDIT_OPTIONS = {
  ...READING_OPTIONS,
  ...ACTING_OPTIONS,
  from: { type: 'string' },
  to: { type: 'string' },
  state: { type: 'string' },
  area: { type: 'string' },
} as const;

const FAULT_ZH: Readonly<Record<ChainFault, string>> = {
  unreadable: '无法读取',
  altered: '被改动',
  missing: '缺失',
  reordered: '次序被打乱',
  'cut-off': '末尾被截去',
};

/**
 * `audit verify`: proves the archive whole and in order, or names the first event that is not. Fails when it is not.
 * `audit reads <household>`: who looked at a household. `audit findings`: what auditors found, and what came of it.
 */
export async function audit(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [what] = options.args;
  if (what === 'reads') return auditReads(platform, options);
  if (what === 'findings') return auditFindings(platform, options);
  if (what !== 'verify' || options.args.length > 1) throw new UsageError('aidwatch audit verify|reads <household>|findings');
  const { archive, outbox } = platform.stores;
  const head = await archive.head();
  const verdict = await verifyChain(archive.lines(), head);
  // What is written between two rounds of the pump lies in the database until the next.
  const waiting = (await outbox.pending(head.positions['outbox'] ?? '', 1)).length > 0;
  if (options.json) print(JSON.stringify({ ...verdict, waiting }));
  else if (verdict.ok) {
    print(
      `完好：${verdict.events} 个事件，次序与内容未被改动 / whole: ${verdict.events} events, head ${verdict.head.slice(0, 16)}…`,
    );
    if (waiting) print('另有事件待归档，主机运行时自动完成 / more events wait to be archived while the host runs');
  } else {
    print(`第 ${verdict.number} 个事件${FAULT_ZH[verdict.fault]}，位于 ${verdict.where}；此前 ${verdict.events} 个事件完好`);
    print(`event ${verdict.number} is ${verdict.fault} at ${verdict.where}; the ${verdict.events} before it are whole`);
  }
  return verdict.ok;
}
