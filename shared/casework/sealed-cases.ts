import type { CaseChange, CaseStore } from '../ports/case-store.ts';
import { openRecord, sealRecord } from '../registry/sealed-words.ts';
import type { Sealer } from '../registry/sealing.ts';
import type { Case } from './case.ts';
import { caseWords } from './case-words.ts';

/**
 * A store of cases for those who read and write what people say in them: kept sealed, opened here. Whoever else works with the
 * cases (workflow, assessments, deletion) uses the store itself, carries the seals along and needs no key.
 */
export function sealedCases(store: CaseStore, sealer: Sealer): CaseStore {
  const sealed = (one: Case) => sealRecord(caseWords, sealer, one);
  const opened = (one: Case) => openRecord(caseWords, sealer, one);
  return {
    async get(id) {
      const found = await store.get(id);
      return found && opened(found);
    },
    async current(households) {
      const found = await store.current(households);
      return new Map([...found].map(([household, one]) => [household, opened(one)]));
    },
    async ofHousehold(household) {
      return (await store.ofHousehold(household)).map(opened);
    },
    async save(changes) {
      const given = new Map<CaseChange, CaseChange>();
      for (const change of changes) {
        const { past } = change;
        given.set({ ...change, case: sealed(change.case), ...(past && { past: sealed(past) }) }, change);
      }
      const lost = await store.save([...given.keys()]);
      return lost.map((change) => given.get(change) ?? change);
    },
    async list(query) {
      const page = await store.list(query);
      return { ...page, cases: page.cases.map(opened) };
    },
    counts: (areas) => store.counts(areas),
    openCounties: (areas) => store.openCounties(areas),
  };
}
