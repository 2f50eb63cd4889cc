import { describe, expect, it } from 'vitest';
import type { AuditFindingQuery, AuditFindingStore } from '../../shared/ports/audit-finding-store.ts';
import { auditFinding, auditFindingChange, auditFindingId } from '../builders/audit-findings.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

const EVERY: AuditFindingQuery = { areas: [''], states: ['open', 'answered', 'closed', 'withdrawn'], limit: 100 };

/** What every AuditFindingStore promises. */
export function auditFindingStoreContract(name: string, maker: SubjectMaker<AuditFindingStore>): void {
  const eventually = settle(maker);

  describe(`store of audit findings: ${name}`, () => {
    it('gives back a finding exactly as it was saved, with its event', () =>
      withSubject(maker, async (store, subject) => {
        const finding = auditFinding(1, { department: 'education', subject: { kind: 'feed', id: 'education/enrolment' } });
        expect(await store.save(auditFindingChange(finding))).toBe(true);
        expect(await store.get(finding.id)).toEqual(finding);
        expect(await store.get(auditFindingId(2))).toBeUndefined();
        await eventually(async () => expect((await subject.events()).map(({ type }) => type)).toEqual(['audit-finding.opened']));
      }));

    it('takes the next version only from the one before, and lets one of simultaneous steps through', () =>
      withSubject(maker, async (store, subject) => {
        await store.save(auditFindingChange(auditFinding(1)));
        expect(await store.save(auditFindingChange(auditFinding(1)))).toBe(false);
        const step = auditFindingChange(auditFinding(1, {}, ['answer']));
        const saved = await Promise.all([1, 2, 3].map(() => store.save(step)));
        expect(saved.filter((one) => one)).toHaveLength(1);
        expect(await store.save(auditFindingChange(auditFinding(1, { version: 5 }, ['answer'])))).toBe(false);
        expect((await store.get(auditFindingId(1)))?.steps).toHaveLength(1);
        await eventually(async () =>
          expect((await subject.events()).map(({ type }) => type)).toEqual(['audit-finding.opened', 'audit-finding.answered']),
        );
      }));

    it('lists by area, department and state, those raised first coming first', () =>
      withSubject(maker, async (store) => {
        const all = [
          auditFinding(1),
          auditFinding(2, { area: '410103', department: 'education' }),
          auditFinding(3, { area: '370612001' }),
          auditFinding(4, {}, ['answer']),
          auditFinding(5, { area: '41' }),
        ];
        for (const { version, ...finding } of all.toReversed()) {
          await store.save(auditFindingChange({ ...finding, version: 1, steps: [] }));
          if (version === 2) await store.save(auditFindingChange({ ...finding, version }));
        }
        const listed = async (query: Partial<AuditFindingQuery>) => {
          const seen: number[] = [];
          let after: string | undefined;
          do {
            const page = await store.list({ ...EVERY, ...query, ...(after === undefined ? {} : { after }) });
            seen.push(...page.findings.map(({ id }) => all.findIndex((one) => one.id === id) + 1));
            after = page.next;
          } while (after !== undefined);
          return seen;
        };
        await eventually(async () => {
          expect(await listed({})).toEqual([1, 2, 3, 4, 5]);
          expect(await listed({ limit: 1 })).toEqual([1, 2, 3, 4, 5]);
          expect(await listed({ areas: [] })).toEqual([]);
          expect(await listed({ areas: ['41'] })).toEqual([1, 2, 4, 5]);
          expect(await listed({ areas: ['410102001', '37'] })).toEqual([1, 3, 4]);
          expect(await listed({ department: 'education' })).toEqual([2]);
          expect(await listed({ states: ['answered'] })).toEqual([4]);
          expect(await listed({ states: ['open'], areas: ['410102'] })).toEqual([1]);
        });
      }));
  });
}
