import type { EventArchive, EventLog } from '../../ports/event-log.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import type { FileRegister } from '../../ports/file-register.ts';
import type { HouseholdReads } from '../../ports/household-reads.ts';
import type { HouseholdRegistry } from '../../ports/household-registry.ts';
import type { IdentityVault } from '../../ports/identity-vault.ts';
import type { ObjectStore, UploadLinks } from '../../ports/object-store.ts';
import type { DeadLetterBox, QueueName, QueueReceiver, QueueSender } from '../../ports/queue.ts';
import type { StandingStore } from '../../ports/standing-store.ts';
import { s3EventArchive } from './event-archive.ts';
import { dynamoEventLog } from './event-log.ts';
import { dynamoFactStore } from './fact-store.ts';
import { dynamoFileRegister } from './file-register.ts';
import { dynamoHouseholdReads } from './household-reads.ts';
import { dynamoHouseholdRegistry } from './household-registry.ts';
import { dynamoIdentityVault } from './identity-vault.ts';
import { s3ObjectStore } from './object-store.ts';
import { connectS3 } from './s3-client.ts';
import { sqsDeadLetterBox, sqsReceiver, sqsSender } from './sqs-queues.ts';
import { dynamoStandingStore } from './standing-store.ts';
import { openTable } from './table.ts';
import { s3UploadLinks } from './upload-links.ts';

/** Where a deployment keeps its things. Region, endpoint and credentials are read from the environment by the SDK. */
export interface AwsSettings {
  readonly tableName: string;
  readonly exchangeBucket: string;
  readonly archiveBucket: string;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  readonly deadLetterUrls: Readonly<Record<QueueName, string>>;
  /** The environment, for whether a local endpoint is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Every port on one deployment. */
export interface AwsAdapters {
  readonly facts: FactStore;
  readonly registry: HouseholdRegistry;
  readonly standings: StandingStore;
  readonly files: FileRegister;
  readonly vault: IdentityVault;
  readonly eventLog: EventLog;
  readonly reads: HouseholdReads;
  readonly archive: EventArchive;
  readonly exchange: ObjectStore;
  readonly uploadLinks: UploadLinks;
  readonly sender: QueueSender;
  readonly receiver: QueueReceiver;
  readonly deadLetters: DeadLetterBox;
}

/**
 * Connects every port: for commands and tests that work on a deployment from outside. A Lambda function takes the ports
 * it needs one by one, so that its bundle holds no client it does not use.
 */
export function connectAws(settings: AwsSettings): AwsAdapters {
  const table = openTable({ tableName: settings.tableName });
  const s3 = connectS3(settings.env);
  const queues = { urls: settings.queueUrls, deadLetterUrls: settings.deadLetterUrls };
  return {
    facts: dynamoFactStore(table),
    registry: dynamoHouseholdRegistry(table),
    standings: dynamoStandingStore(table),
    files: dynamoFileRegister(table),
    vault: dynamoIdentityVault(table),
    eventLog: dynamoEventLog(table),
    reads: dynamoHouseholdReads(table),
    archive: s3EventArchive(s3, settings.archiveBucket, table),
    exchange: s3ObjectStore(s3, settings.exchangeBucket),
    uploadLinks: s3UploadLinks(connectS3(settings.env, true), settings.exchangeBucket),
    sender: sqsSender(queues),
    receiver: sqsReceiver(queues),
    deadLetters: sqsDeadLetterBox(queues),
  };
}
