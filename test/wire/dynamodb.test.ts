import { afterAll, beforeAll, vi } from 'vitest';
import { dynamoAuditFindingStore } from '../../shared/adapters/aws/audit-finding-store.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdReads } from '../../shared/adapters/aws/household-reads.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { dynamoKeptFacts } from '../../shared/adapters/aws/kept-facts.ts';
import { dynamoPeriodStore } from '../../shared/adapters/aws/period-store.ts';
import { dynamoReportJobStore } from '../../shared/adapters/aws/report-job-store.ts';
import { dynamoSealedTexts } from '../../shared/adapters/aws/sealed-texts.ts';
import { dynamoStaffDirectory } from '../../shared/adapters/aws/staff-directory.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { messagesOfStreamRecord } from '../../shared/adapters/aws/stream-messages.ts';
import type { Table } from '../../shared/adapters/aws/table.ts';
import type { TableWalk } from '../../shared/adapters/aws/table-walk.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { dynamoVerifiedDays } from '../../shared/adapters/aws/verified-days.ts';
import { auditFindingStoreContract } from '../contract/audit-finding-store.contract.ts';
import { caseStoreContract } from '../contract/case-store.contract.ts';
import { correctionStoreContract } from '../contract/correction-store.contract.ts';
import { eventLogContract } from '../contract/event-log.contract.ts';
import { factStoreContract } from '../contract/fact-store.contract.ts';
import { fileRegisterContract } from '../contract/file-register.contract.ts';
import { householdReadsContract } from '../contract/household-reads.contract.ts';
import { householdRegistryContract } from '../contract/household-registry.contract.ts';
import { identityVaultContract } from '../contract/identity-vault.contract.ts';
import { keptFactsContract } from '../contract/kept-facts.contract.ts';
import { periodStoreContract } from '../contract/period-store.contract.ts';
import { reportJobStoreContract } from '../contract/report-job-store.contract.ts';
import { sealedTextsContract } from '../contract/sealed-texts.contract.ts';
import { staffDirectoryContract } from '../contract/staff-directory.contract.ts';
import { standingStoreContract } from '../contract/standing-store.contract.ts';
import type { SubjectMaker } from '../contract/subject.ts';
import { tallyStoreContract } from '../contract/tally-store.contract.ts';
import { verifiedDaysContract } from '../contract/verified-days.contract.ts';
import { startTableServer, type TableServer } from './local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.stop());

function onTable<Port>(portOf: (table: Table, walk: TableWalk) => Port): SubjectMaker<Port> {
  return {
    async make() {
      const wire = await server.newTable();
      return {
        port: portOf(wire.table, wire.walk),
        events: async () => wire.events(),
        close: async () => wire.client.destroy(),
      };
    },
  };
}

factStoreContract('DynamoDB', onTable(dynamoFactStore));
householdRegistryContract('DynamoDB', onTable(dynamoHouseholdRegistry));
standingStoreContract('DynamoDB', onTable(dynamoStandingStore));
/** As `onTable`, with the messages sent too. */
function sendingOnTable<Port>(portOf: (table: Table) => Port) {
  return {
    async make() {
      const wire = await server.newTable();
      return {
        port: portOf(wire.table),
        events: async () => wire.events(),
        messages: async () => wire.records().flatMap(messagesOfStreamRecord),
        close: async () => wire.client.destroy(),
      };
    },
  };
}

caseStoreContract('DynamoDB', sendingOnTable(dynamoCaseStore));
reportJobStoreContract('DynamoDB', sendingOnTable(dynamoReportJobStore));
periodStoreContract('DynamoDB', sendingOnTable(dynamoPeriodStore));
correctionStoreContract('DynamoDB', onTable(dynamoCorrectionStore));
auditFindingStoreContract('DynamoDB', onTable(dynamoAuditFindingStore));
staffDirectoryContract('DynamoDB', onTable(dynamoStaffDirectory));
verifiedDaysContract('DynamoDB', onTable(dynamoVerifiedDays));
fileRegisterContract('DynamoDB', onTable(dynamoFileRegister));
identityVaultContract('DynamoDB', onTable(dynamoIdentityVault));
eventLogContract('DynamoDB', onTable(dynamoEventLog));
tallyStoreContract('DynamoDB', onTable(dynamoTallyStore));
householdReadsContract(
  'DynamoDB',
  onTable((table) => ({ log: dynamoEventLog(table), reads: dynamoHouseholdReads(table) })),
);
keptFactsContract(
  'DynamoDB',
  onTable((table, walk) => ({
    facts: dynamoFactStore(table),
    registry: dynamoHouseholdRegistry(table),
    keptFacts: dynamoKeptFacts(table, walk),
    sealed: dynamoSealedTexts(table, walk),
  })),
);
sealedTextsContract(
  'DynamoDB',
  onTable((table, walk) => ({
    vault: dynamoIdentityVault(table),
    facts: dynamoFactStore(table),
    sealed: dynamoSealedTexts(table, walk),
  })),
);
