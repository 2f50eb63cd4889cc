import type { S3Client } from '@aws-sdk/client-s3';
import { dynamoAuditFindingStore } from '../../shared/adapters/aws/audit-finding-store.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { s3ObjectRemoval } from '../../shared/adapters/aws/exchange-removal.ts';
import { cloudExpiredData } from '../../shared/adapters/aws/expired-data.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdReads } from '../../shared/adapters/aws/household-reads.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { dynamoKeptFacts } from '../../shared/adapters/aws/kept-facts.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
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
import { expiredDataContract } from '../contract/expired-data.contract.ts';
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
import type { WireTable } from './local-services.ts';

/** Every contract that a table of DynamoDB keeps by itself. */
export function tableContracts(name: string, newTable: () => Promise<WireTable>): void {
  function onTable<Port>(portOf: (table: Table, walk: TableWalk) => Port): SubjectMaker<Port> {
    return {
      async make() {
        const { table, walk, client, events } = await newTable();
        return { port: portOf(table, walk), events: async () => events(), close: async () => client.destroy() };
      },
    };
  }

  /** As `onTable`, with the messages sent too. */
  function sendingOnTable<Port>(portOf: (table: Table) => Port) {
    return {
      async make() {
        const { table, client, events, records } = await newTable();
        return {
          port: portOf(table),
          events: async () => events(),
          messages: async () => records().flatMap(messagesOfStreamRecord),
          close: async () => client.destroy(),
        };
      },
    };
  }

  factStoreContract(name, onTable(dynamoFactStore));
  householdRegistryContract(name, onTable(dynamoHouseholdRegistry));
  standingStoreContract(name, onTable(dynamoStandingStore));
  caseStoreContract(name, sendingOnTable(dynamoCaseStore));
  reportJobStoreContract(name, sendingOnTable(dynamoReportJobStore));
  periodStoreContract(name, sendingOnTable(dynamoPeriodStore));
  correctionStoreContract(name, onTable(dynamoCorrectionStore));
  auditFindingStoreContract(name, onTable(dynamoAuditFindingStore));
  staffDirectoryContract(name, onTable(dynamoStaffDirectory));
  verifiedDaysContract(name, onTable(dynamoVerifiedDays));
  fileRegisterContract(name, onTable(dynamoFileRegister));
  identityVaultContract(name, onTable(dynamoIdentityVault));
  eventLogContract(name, onTable(dynamoEventLog));
  tallyStoreContract(name, onTable(dynamoTallyStore));
  householdReadsContract(
    name,
    onTable((table) => ({ log: dynamoEventLog(table), reads: dynamoHouseholdReads(table) })),
  );
  keptFactsContract(
    name,
    onTable((table, walk) => ({
      facts: dynamoFactStore(table),
      registry: dynamoHouseholdRegistry(table),
      keptFacts: dynamoKeptFacts(table, walk),
      sealed: dynamoSealedTexts(table, walk),
    })),
  );
  sealedTextsContract(
    name,
    onTable((table, walk) => ({
      vault: dynamoIdentityVault(table),
      facts: dynamoFactStore(table),
      cases: dynamoCaseStore(table),
      corrections: dynamoCorrectionStore(table),
      findings: dynamoAuditFindingStore(table),
      sealed: dynamoSealedTexts(table, walk),
    })),
  );
}

/** The contract of what is past keeping, over a table and a bucket of its own for each test. */
export function cloudExpiredDataContract(
  name: string,
  newPlace: () => Promise<WireTable & { readonly s3: S3Client; readonly bucket: string }>,
): void {
  expiredDataContract(name, {
    async make() {
      const { table, walk, client, events, s3, bucket } = await newPlace();
      const [files, cases, registry] = [dynamoFileRegister(table), dynamoCaseStore(table), dynamoHouseholdRegistry(table)];
      return {
        port: {
          expired: cloudExpiredData({ table, walk, exchange: s3ObjectRemoval(s3, bucket), files, cases, registry }),
          objects: s3ObjectStore(s3, bucket),
          files,
          cases,
          vault: dynamoIdentityVault(table),
          registry,
          eventLog: dynamoEventLog(table),
          reads: dynamoHouseholdReads(table),
        },
        events: async () => events(),
        close: async () => client.destroy(),
      };
    },
  });
}
