import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { TABLE_DEFINITION } from '../../shared/adapters/aws/table-definition.ts';
import type { RestoredTable, Stage } from '../stages.ts';

/** Where answers of Athena lie in the exchange bucket; its lifecycle takes them away. */
export const ANSWERS_PREFIX = 'athena/';

/** Everything that holds data: lose this stack and the county is lost; every other stack can be deployed again. */
export class DataStack extends Stack {
  readonly key: Key;
  readonly table: ITable;
  readonly exchange: Bucket;
  readonly archive: Bucket;
  readonly keysSecret: Secret;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: table, buckets and keys` });
    const removalPolicy = stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

    this.key = new Key(this, 'Key', {
      description: `Aidwatch ${stage.name}: table, buckets and secret`,
      enableKeyRotation: true,
      removalPolicy,
    });

    const own = this.makeTable(stage, removalPolicy);
    this.table = stage.restoredTable === undefined ? own : this.insteadOf(own, stage.restoredTable);
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...closedBucket,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(180) }],
      removalPolicy,
    });
    const encrypted = {
      ...closedBucket,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      removalPolicy,
    } as const;
    this.exchange = new Bucket(this, 'Exchange', {
      ...encrypted,
      versioned: true,
      serverAccessLogsPrefix: 'exchange/',
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(2) },
        { noncurrentVersionExpiration: Duration.days(90) },
        // A report that was cleared away, or the rows kept while it was made, must not live on as an earlier version.
        { prefix: 'reports/', noncurrentVersionExpiration: Duration.days(1) },
        // Answers of Athena hold rows of ledgers: whoever asked has taken them by then, or asks again.
        { prefix: ANSWERS_PREFIX, expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    // As a plain property: the construct's own switch would add a custom resource with a function of its own.
    const notifications: CfnBucket.NotificationConfigurationProperty = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    const bucket = this.exchange.node.defaultChild;
    if (bucket instanceof CfnBucket) bucket.notificationConfiguration = notifications;

    const lock = Duration.days(stage.archiveLockDays);
    this.archive = new Bucket(this, 'Archive', {
      ...encrypted,
      versioned: true,
      serverAccessLogsPrefix: 'archive/',
      objectLockEnabled: true,
      // Compliance mode binds the account's owner too, so only where the data is real.
      objectLockDefaultRetention: stage.keepsData ? ObjectLockRetention.compliance(lock) : ObjectLockRetention.governance(lock),
    });

    this.keysSecret = new Secret(this, 'Keys', {
      description: 'Seed of the pseudonym and sealing keys. Replacing it makes every stored pseudonym unusable.',
      encryptionKey: this.key,
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        secretStringTemplate: '{}',
        generateStringKey: 'seed',
      },
      removalPolicy,
    });

    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'ExchangeBucket', { value: this.exchange.bucketName });
    new CfnOutput(this, 'ArchiveBucket', { value: this.archive.bucketName });
    new CfnOutput(this, 'KeysSecretId', { value: this.keysSecret.secretArn });
  }

  /** The table that was made stays as it is, and so does what stacks deployed before import of it: else nothing could be deployed. */
  private insteadOf(made: Table, { name, streamArn }: RestoredTable): ITable {
    for (const told of [made.tableName, made.tableArn, made.tableStreamArn]) this.exportValue(told);
    return Table.fromTableAttributes(this, 'RestoredTable', {
      tableName: name,
      tableStreamArn: streamArn,
      encryptionKey: this.key,
    });
  }

  private makeTable(stage: Stage, removalPolicy: RemovalPolicy): Table {
    const { partitionKey, sortKey, indexes, streamView } = TABLE_DEFINITION;
    const table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType[streamView],
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.keepsData,
      removalPolicy,
    });
    for (const index of Object.values(indexes)) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        ...(index.included.length > 0
          ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.included] }
          : { projectionType: ProjectionType.KEYS_ONLY }),
      });
    }
    return table;
  }
}

const closedBucket = { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true } as const;
