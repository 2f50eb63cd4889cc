import type { CaseChange, CaseStore } from '../ports/case-store.ts';
import { openRecord, saveSealed, sealRecord } from '../registry/sealed-words.ts';
import type { Sealer } from '../registry/sealing.ts';
import type { Case } from './case.ts';
import { caseWords } from './case-words.ts';

/**
 * A store of cases for those who read and write what people say in them: kept sealed, opened here. Whoever else works with the
 * cases (workflow, assessments, deletion) uses the store itself, carries the seals along and needs no key.
 */
export function sealedCases(store: CaseStore, sealer: Sealer): CaseStore {
  const sealed = (one: Case) => sealRecord(caseWords, sealer, one);
  const sealedChange = (change: CaseChange): CaseChange => {
    const { past } = change;
    return { ...change, case: sealed(change.case), ...(past && { past: sealed(past) }) };
  };
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
    save: (changes) => saveSealed(changes, sealedChange, (given) => store.save(given)),
    async list(query) {
      const page = await store.list(query);
      return { ...page, cases: page.cases.map(opened) };
    },
    counts: (areas) => store.counts(areas),
    openCounties: (areas) => store.openCounties(areas),
  };
}
