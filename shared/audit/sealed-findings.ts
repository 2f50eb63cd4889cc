import type { PersonKey } from '../facts/fact.ts';
import type { AuditFindingStore } from '../ports/audit-finding-store.ts';
import { openRecord, sealRecord, type Worded } from '../registry/sealed-words.ts';
import type { Sealer } from '../registry/sealing.ts';
import type { AuditFinding } from './finding.ts';

/** What people write in findings and the answers to them. Sealed for the finding. */
export const findingWords: Worded<AuditFinding> = {
  about: ({ id }) => id as string as PersonKey,
  changeWords: (finding, change) => ({
    ...finding,
    text: change(finding.text),
    steps: finding.steps.map((step) => (step.text === undefined ? step : { ...step, text: change(step.text) })),
  }),
};

/** A store of findings for those who read and write what people say in them: kept sealed, opened here. */
export function sealedFindings(store: AuditFindingStore, sealer: Sealer): AuditFindingStore {
  const opened = (finding: AuditFinding) => openRecord(findingWords, sealer, finding);
  return {
    async get(id) {
      const found = await store.get(id);
      return found && opened(found);
    },
    save: ({ finding, events }) => store.save({ finding: sealRecord(findingWords, sealer, finding), events }),
    async list(query) {
      const page = await store.list(query);
      return { ...page, findings: page.findings.map(opened) };
    },
  };
}
