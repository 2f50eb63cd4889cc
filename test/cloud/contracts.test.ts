import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { inject, vi } from 'vitest';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { type SqsSettings, sqsDeadLetterBox, sqsReceiver, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { createTableInput } from '../../shared/adapters/aws/table-definition.ts';
import { eventArchiveContract } from '../contract/event-archive.contract.ts';
import { objectStoreContract } from '../contract/object-store.contract.ts';
import { queueContract } from '../contract/queue.contract.ts';
import { reportArchiveContract } from '../contract/report-archive.contract.ts';
import { archiveInBucket } from '../wire/bucket-archive.ts';
import { type WireTable, wireTable } from '../wire/local-services.ts';
import { cloudExpiredDataContract, tableContracts } from '../wire/table-contracts.ts';
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

async function newTable(): Promise<WireTable> {
  const tableName = nextName('table');
  await admin.send(new CreateTableCommand(createTableInput(tableName)));
  return wireTable(tableName, clients.dynamo());
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

tableContracts('DynamoDB in the cloud', newTable);
cloudExpiredDataContract('DynamoDB and S3 in the cloud', async () => ({
  ...(await newTable()),
  s3: clients.s3,
  bucket: await newBucket(),
}));

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
