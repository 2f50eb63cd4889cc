import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import type { SqsSettings } from '../../shared/adapters/aws/sqs-queues.ts';
import { eventsOfStreamRecords, type StreamRecord } from '../../shared/adapters/aws/stream-events.ts';
import { openTable, type Table } from '../../shared/adapters/aws/table.ts';
import { createTableInput } from '../../shared/adapters/aws/table-definition.ts';
import { type TableWalk, walkTable } from '../../shared/adapters/aws/table-walk.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { ChangeRecorder } from './change-recorder.ts';

const client = { region: 'cn-north-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
let made = 0;

function nextName(kind: string): string {
  made += 1;
  return `${kind}-${made}`;
}

/** A table of its own on the local server, with the events its writes put on the stream. */
export interface WireTable {
  readonly table: Table;
  readonly walk: TableWalk;
  readonly tableName: string;
  readonly client: DynamoDBClient;
  events(): DomainEvent[];
  /** What the table's stream would tell. */
  records(): readonly StreamRecord[];
}

/** A table that there is, seen through a client of its own. */
export function wireTable(tableName: string, client: DynamoDBClient): WireTable {
  const recorder = new ChangeRecorder();
  recorder.listenTo(client);
  return {
    table: openTable({ tableName, client }),
    walk: walkTable({ tableName, client }),
    tableName,
    client,
    events: () => eventsOfStreamRecords(recorder.records).flatMap((one) => one.events),
    records: () => recorder.records,
  };
}

/** A DynamoDB server in this process. */
export interface TableServer {
  readonly endpoint: string;
  newTable(): Promise<WireTable>;
  stop(): Promise<void>;
}

/** Starts a DynamoDB server on a free port. */
export async function startTableServer(): Promise<TableServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const dynamo = () => new DynamoDBClient({ ...client, endpoint });
  const admin = dynamo();

  return {
    endpoint,
    async newTable() {
      const tableName = nextName('aidwatch');
      await admin.send(new CreateTableCommand(createTableInput(tableName)));
      let status: string | undefined;
      while (status !== 'ACTIVE') {
        status = (await admin.send(new DescribeTableCommand({ TableName: tableName }))).Table?.TableStatus;
      }
      return wireTable(tableName, dynamo());
    },
    async stop() {
      admin.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An S3 and SQS server in this process. */
export interface ObjectAndQueueServer {
  readonly endpoint: string;
  readonly s3: S3Client;
  /** For signing links: without the checksum of a body nobody has yet. */
  readonly s3ForLinks: S3Client;
  newBucket(): Promise<string>;
  newQueues(maxAttempts: number): Promise<SqsSettings>;
  stop(): Promise<void>;
}

/** Starts an S3 and SQS server on a free port. */
export async function startObjectAndQueueServer(): Promise<ObjectAndQueueServer> {
  const server = buildApp({ logger: false });
  refuseSecondCreation(server);
  const endpoint = (await server.listen({ port: 0, host: '127.0.0.1' })).replace('localhost', '127.0.0.1');
  const s3 = new S3Client({ ...client, endpoint, forcePathStyle: true });
  const s3ForLinks = new S3Client({ ...client, endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const sqs = new SQSClient({ ...client, endpoint });

  async function newQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    if (QueueUrl === undefined) throw new Error('the server made no queue');
    return QueueUrl;
  }

  return {
    endpoint,
    s3,
    s3ForLinks,
    async newBucket() {
      const Bucket = nextName('bucket');
      await s3.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    async newQueues(maxAttempts) {
      const pair = async (queue: QueueName) => {
        const name = nextName(queue);
        const deadLetterUrl = await newQueue(`${name}-dead`);
        const attributes = new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] });
        const deadLetterTargetArn = (await sqs.send(attributes)).Attributes?.QueueArn;
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: maxAttempts });
        return { url: await newQueue(name, { RedrivePolicy }), deadLetterUrl };
      };
      const [files, updates, assessments] = [await pair('files'), await pair('updates'), await pair('assessments')];
      return {
        urls: { files: files.url, updates: updates.url, assessments: assessments.url },
        deadLetterUrls: {
          files: files.deadLetterUrl,
          updates: updates.deadLetterUrl,
          assessments: assessments.deadLetterUrl,
        },
        client: sqs,
        waitSeconds: 0,
      };
    },
    async stop() {
      for (const one of [s3, s3ForLinks, sqs]) one.destroy();
      await server.close();
    },
  };
}

/** fauxqs lets a PUT under `If-None-Match: *` overwrite what is there; S3 refuses it with 412, which the archive relies on. */
function refuseSecondCreation(server: ReturnType<typeof buildApp>): void {
  const there = new Set<string>();
  server.addHook('onRequest', (request, reply, done) => {
    const { method, headers } = request;
    const [path = ''] = request.url.split('?');
    if (method === 'DELETE') there.delete(path);
    if (method === 'PUT' && headers['if-none-match'] === '*' && there.has(path)) {
      void reply.code(412).type('application/xml').send('<Error><Code>PreconditionFailed</Code></Error>');
      return;
    }
    if (method === 'PUT') there.add(path);
    done();
  });
}
