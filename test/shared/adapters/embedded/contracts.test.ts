import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderObjectStore } from '../../../../shared/adapters/embedded/folder-object-store.ts';
import { FolderReportArchive } from '../../../../shared/adapters/embedded/folder-report-archive.ts';
import { type Embedded, openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { MAX_ATTEMPTS } from '../../../../shared/adapters/embedded/queue.ts';
import type { QueueName } from '../../../../shared/ports/queue.ts';
import { auditFindingStoreContract } from '../../../contract/audit-finding-store.contract.ts';
import { caseStoreContract } from '../../../contract/case-store.contract.ts';
import { correctionStoreContract } from '../../../contract/correction-store.contract.ts';
import { eventArchiveContract } from '../../../contract/event-archive.contract.ts';
import { eventLogContract } from '../../../contract/event-log.contract.ts';
import { expiredDataContract } from '../../../contract/expired-data.contract.ts';
import { factStoreContract } from '../../../contract/fact-store.contract.ts';
import { fileRegisterContract } from '../../../contract/file-register.contract.ts';
import { householdReadsContract } from '../../../contract/household-reads.contract.ts';
import { householdRegistryContract } from '../../../contract/household-registry.contract.ts';
import { identityVaultContract } from '../../../contract/identity-vault.contract.ts';
import { keptFactsContract } from '../../../contract/kept-facts.contract.ts';
import { objectStoreContract } from '../../../contract/object-store.contract.ts';
import { periodStoreContract } from '../../../contract/period-store.contract.ts';
import { queueContract } from '../../../contract/queue.contract.ts';
import { reportArchiveContract } from '../../../contract/report-archive.contract.ts';
import { reportJobStoreContract } from '../../../contract/report-job-store.contract.ts';
import { sealedTextsContract } from '../../../contract/sealed-texts.contract.ts';
import { staffDirectoryContract } from '../../../contract/staff-directory.contract.ts';
import { standingStoreContract } from '../../../contract/standing-store.contract.ts';
import type { Subject } from '../../../contract/subject.ts';
import { tallyStoreContract } from '../../../contract/tally-store.contract.ts';
import { verifiedDaysContract } from '../../../contract/verified-days.contract.ts';

let nowMs = Date.UTC(2024, 3, 1);

// The object store's root also holds the database, so it gets a root of its own here.
objectStoreContract('folder', {
  make: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
    return {
      port: new FolderObjectStore(folder),
      events: async () => [],
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
});

function making<Port>(pick: (embedded: Embedded) => Port): { make(): Promise<Subject<Port>> } {
  return {
    make: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
      const embedded = openEmbedded(join(folder, 'data'), { nowMs: () => nowMs });
      return {
        port: pick(embedded),
        events: async () => (await embedded.outbox.pending('', 10_000)).flatMap((one) => one.events),
        close: async () => {
          embedded.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  };
}

/** As `making`, with the messages sent to a queue too. */
function sending<Port>(queue: QueueName, pick: (embedded: Embedded) => Port) {
  return {
    make: async () => {
      const { port: stores, ...subject } = await making((embedded) => embedded).make();
      const messages = async () => (await stores.queue.receive(queue, 100, 30)).map(({ body }) => ({ queue, body }));
      return { ...subject, port: pick(stores), messages };
    },
  };
}

factStoreContract(
  'SQLite',
  making((embedded) => embedded.facts),
);
fileRegisterContract(
  'SQLite',
  making((embedded) => embedded.files),
);
householdRegistryContract(
  'SQLite',
  making((embedded) => embedded.households),
);
standingStoreContract(
  'SQLite',
  making((embedded) => embedded.standings),
);
caseStoreContract(
  'SQLite',
  sending('cases', (embedded) => embedded.cases),
);
correctionStoreContract(
  'SQLite',
  making((embedded) => embedded.corrections),
);
auditFindingStoreContract(
  'SQLite',
  making((embedded) => embedded.findings),
);
reportJobStoreContract(
  'SQLite',
  sending('reports', (embedded) => embedded.reportJobs),
);
periodStoreContract(
  'SQLite',
  sending('reports', (embedded) => embedded.periods),
);
staffDirectoryContract(
  'SQLite',
  making((embedded) => embedded.staff),
);
identityVaultContract(
  'SQLite',
  making((embedded) => embedded.identities),
);
eventLogContract(
  'SQLite',
  making((embedded) => embedded.eventLog),
);
tallyStoreContract(
  'SQLite',
  making(({ tallies }) => tallies),
);
householdReadsContract(
  'SQLite',
  making(({ eventLog, reads }) => ({ log: eventLog, reads })),
);
sealedTextsContract(
  'SQLite',
  making(({ identities, facts, cases, corrections, findings, sealed }) => ({
    vault: identities,
    facts,
    cases,
    corrections,
    findings,
    sealed,
  })),
);
expiredDataContract(
  'SQLite and folders',
  making(({ expired, objects, files, cases, identities, households, eventLog, reads }) => ({
    expired,
    objects,
    files,
    cases,
    vault: identities,
    registry: households,
    eventLog,
    reads,
  })),
);
keptFactsContract(
  'SQLite',
  making(({ facts, households, keptFacts, sealed }) => ({ facts, registry: households, keptFacts, sealed })),
);
eventArchiveContract(
  'folder',
  making((embedded) => embedded.archive),
);
reportArchiveContract('folder', {
  make: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
    const { archive, verifiedDays: verified, close } = openEmbedded(folder);
    const scratch = join(folder, '.reports');
    return {
      port: {
        archive,
        reports: new FolderReportArchive({ archive, verified, scratch }),
        scratch,
        async tamper(name, change) {
          const path = join(folder, 'archive', name);
          writeFileSync(path, change(readFileSync(path)));
        },
      },
      events: async () => [],
      close: async () => {
        close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});
verifiedDaysContract(
  'SQLite',
  making((embedded) => embedded.verifiedDays),
);
queueContract('SQLite', {
  ...making(({ queue }) => ({ sender: queue, receiver: queue, deadLetters: queue })),
  pass: async (seconds) => {
    nowMs += seconds * 1000;
  },
  maxAttempts: MAX_ATTEMPTS,
  coalesces: true,
});
