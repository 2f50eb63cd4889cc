import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { inject, vi } from 'vitest';
import { dynamoAuditFindingStore } from '../../shared/adapters/aws/audit-finding-store.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
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
import { type SqsSettings, sqsDeadLetterBox, sqsReceiver, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStaffDirectory } from '../../shared/adapters/aws/staff-directory.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { eventsOfStreamRecords } from '../../shared/adapters/aws/stream-events.ts';
import { messagesOfStreamRecord } from '../../shared/adapters/aws/stream-messages.ts';
import { openTable, type Table } from '../../shared/adapters/aws/table.ts';
import { createTableInput } from '../../shared/adapters/aws/table-definition.ts';
import { type TableWalk, walkTable } from '../../shared/adapters/aws/table-walk.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { dynamoVerifiedDays } from '../../shared/adapters/aws/verified-days.ts';
import { auditFindingStoreContract } from '../contract/audit-finding-store.contract.ts';
import { caseStoreContract } from '../contract/case-store.contract.ts';
import { correctionStoreContract } from '../contract/correction-store.contract.ts';
import { eventArchiveContract } from '../contract/event-archive.contract.ts';
import { eventLogContract } from '../contract/event-log.contract.ts';
import { expiredDataContract } from '../contract/expired-data.contract.ts';
import { factStoreContract } from '../contract/fact-store.contract.ts';
import { fileRegisterContract } from '../contract/file-register.contract.ts';
import { householdReadsContract } from '../contract/household-reads.contract.ts';
import { householdRegistryContract } from '../contract/household-registry.contract.ts';
import { identityVaultContract } from '../contract/identity-vault.contract.ts';
import { keptFactsContract } from '../contract/kept-facts.contract.ts';
import { objectStoreContract } from '../contract/object-store.contract.ts';
import { periodStoreContract } from '../contract/period-store.contract.ts';
import { queueContract } from '../contract/queue.contract.ts';
import { reportArchiveContract } from '../contract/report-archive.contract.ts';
import { reportJobStoreContract } from '../contract/report-job-store.contract.ts';
import { sealedTextsContract } from '../contract/sealed-texts.contract.ts';
import { staffDirectoryContract } from '../contract/staff-directory.contract.ts';
import { standingStoreContract } from '../contract/standing-store.contract.ts';
import type { SubjectMaker } from '../contract/subject.ts';
import { tallyStoreContract } from '../contract/tally-store.contract.ts';
import { verifiedDaysContract } from '../contract/verified-days.contract.ts';
import { archiveInBucket } from '../wire/bucket-archive.ts';
import { ChangeRecorder } from '../wire/change-recorder.ts';
import { clientsOf } from './clients.ts';

const { endpoint } = inject('cloud');
const clients = clientsOf(endpoint);
const admin = clients.dynamo();
const noEvents = { events: async () => [], close: async () => undefined };
let made = 0;

function nextName(kind: string): string {
  made += 1;
  return `contract-${kind}-${made}`;
}

async function newTable() {
  const tableName = nextName('table');
  await admin.send(new CreateTableCommand(createTableInput(tableName)));
  const client = clients.dynamo();
  const recorder = new ChangeRecorder();
  recorder.listenTo(client);
  return { table: openTable({ tableName, client }), walk: walkTable({ tableName, client }), client, recorder };
}

function onTable<Port>(portOf: (table: Table, walk: TableWalk) => Port): SubjectMaker<Port> {
  return {
    async make() {
      const { table, walk, client, recorder } = await newTable();
      return {
        port: portOf(table, walk),
        events: async () => eventsOfStreamRecords(recorder.records).flatMap((one) => one.events),
        close: async () => client.destroy(),
      };
    },
  };
}

async function newBucket(): Promise<string> {
  const Bucket = nextName('bucket');
  await clients.s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

async function newQueue(name: string, attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error('no queue was made');
  return QueueUrl;
}

async function newQueues(maxReceiveCount: number): Promise<SqsSettings> {
  const pair = async (kind: string) => {
    const name = nextName(kind);
    const dead = await newQueue(`${name}-dead`, {});
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount });
    return { url: await newQueue(name, { RedrivePolicy }), dead };
  };
  const [files, updates, assessments] = [await pair('files'), await pair('updates'), await pair('assessments')];
  return {
    urls: { files: files.url, updates: updates.url, assessments: assessments.url },
    deadLetterUrls: { files: files.dead, updates: updates.dead, assessments: assessments.dead },
    client: clients.sqs,
    waitSeconds: 0,
  };
}

factStoreContract('DynamoDB in the cloud', onTable(dynamoFactStore));
householdRegistryContract('DynamoDB in the cloud', onTable(dynamoHouseholdRegistry));
standingStoreContract('DynamoDB in the cloud', onTable(dynamoStandingStore));
/** As `onTable`, with the messages sent too. */
function sendingOnTable<Port>(portOf: (table: Table) => Port) {
  return {
    async make() {
      const { table, client, recorder } = await newTable();
      return {
        port: portOf(table),
        events: async () => eventsOfStreamRecords(recorder.records).flatMap((one) => one.events),
        messages: async () => recorder.records.flatMap(messagesOfStreamRecord),
        close: async () => client.destroy(),
      };
    },
  };
}

caseStoreContract('DynamoDB in the cloud', sendingOnTable(dynamoCaseStore));
reportJobStoreContract('DynamoDB in the cloud', sendingOnTable(dynamoReportJobStore));
periodStoreContract('DynamoDB in the cloud', sendingOnTable(dynamoPeriodStore));
correctionStoreContract('DynamoDB in the cloud', onTable(dynamoCorrectionStore));
auditFindingStoreContract('DynamoDB in the cloud', onTable(dynamoAuditFindingStore));
staffDirectoryContract('DynamoDB in the cloud', onTable(dynamoStaffDirectory));
verifiedDaysContract('DynamoDB in the cloud', onTable(dynamoVerifiedDays));
fileRegisterContract('DynamoDB in the cloud', onTable(dynamoFileRegister));
identityVaultContract('DynamoDB in the cloud', onTable(dynamoIdentityVault));
eventLogContract('DynamoDB in the cloud', onTable(dynamoEventLog));
tallyStoreContract('DynamoDB in the cloud', onTable(dynamoTallyStore));
householdReadsContract(
  'DynamoDB in the cloud',
  onTable((table) => ({ log: dynamoEventLog(table), reads: dynamoHouseholdReads(table) })),
);
expiredDataContract('DynamoDB and S3 in the cloud', {
  async make() {
    const { table, walk, client, recorder } = await newTable();
    const bucket = await newBucket();
    const [files, cases, registry] = [dynamoFileRegister(table), dynamoCaseStore(table), dynamoHouseholdRegistry(table)];
    return {
      port: {
        expired: cloudExpiredData({ table, walk, exchange: s3ObjectRemoval(clients.s3, bucket), files, cases, registry }),
        objects: s3ObjectStore(clients.s3, bucket),
        files,
        cases,
        vault: dynamoIdentityVault(table),
        registry,
        eventLog: dynamoEventLog(table),
        reads: dynamoHouseholdReads(table),
      },
      events: async () => eventsOfStreamRecords(recorder.records).flatMap((one) => one.events),
      close: async () => client.destroy(),
    };
  },
});
keptFactsContract(
  'DynamoDB in the cloud',
  onTable((table, walk) => ({
    facts: dynamoFactStore(table),
    registry: dynamoHouseholdRegistry(table),
    keptFacts: dynamoKeptFacts(table, walk),
    sealed: dynamoSealedTexts(table, walk),
  })),
);
sealedTextsContract(
  'DynamoDB in the cloud',
  onTable((table, walk) => ({
    vault: dynamoIdentityVault(table),
    facts: dynamoFactStore(table),
    sealed: dynamoSealedTexts(table, walk),
  })),
);

objectStoreContract('S3 in the cloud', {
  make: async () => ({ port: s3ObjectStore(clients.s3, await newBucket()), ...noEvents }),
});

eventArchiveContract('S3 and DynamoDB in the cloud', {
  make: async () => {
    const { table, client } = await newTable();
    return {
      port: s3EventArchive(clients.s3, await newBucket(), table),
      events: async () => [],
      close: async () => client.destroy(),
    };
  },
});

reportArchiveContract('S3 and DynamoDB in the cloud', {
  make: async () => {
    const { table, client } = await newTable();
    const subject = archiveInBucket(clients.s3, await newBucket(), table);
    return {
      ...subject,
      close: async () => {
        client.destroy();
        await subject.close();
      },
    };
  },
});

queueContract('SQS in the cloud', {
  make: async () => {
    const settings = await newQueues(2);
    return {
      port: { sender: sqsSender(settings), receiver: sqsReceiver(settings), deadLetters: sqsDeadLetterBox(settings) },
      ...noEvents,
    };
  },
  eventually: (check) => vi.waitFor(check, { timeout: 20_000, interval: 50 }),
  pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  maxAttempts: 2,
  coalesces: false,
});
