import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { TABLE_DEFINITION } from '../../shared/adapters/aws/table-definition.ts';

/*
 * Rights written out action by action. The constructs' own grants give wildcards (s3:GetObject*, kms:ReEncrypt*) and
 * write the reader of a secret into the key's policy, which makes the data stack depend on every stack that reads it; the
 * key trusts the account, so rights of the reader are enough.
 */

/** Reading by key and by index. Never Scan: only keeping-rights.ts lets one function look at the whole table. */
export const tableRead = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;

/** Adding and changing items, one at a time: whoever may write in batches may delete too (allowBatches). */
export const tableWrite = ['dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;

/** Allows exactly these actions on the table and its indexes, and the use of its key for them. */
export function allowTable(table: ITable, grantee: IGrantable, actions: readonly string[]): void {
  const indexes = Object.values(TABLE_DEFINITION.indexes).map((index) => `${table.tableArn}/index/${index.name}`);
  Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [table.tableArn, ...indexes] });
  allowKey(table.encryptionKey, grantee);
}

/** Allows looking for items in these partitions of the table, and in no other. */
export function allowLooking(table: ITable, grantee: IFunction, partitions: readonly string[]): void {
  grantee.addToRolePolicy(
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions } },
    }),
  );
}

/** Allows these actions on items of these partitions alone. */
export function allowPartitions(table: ITable, grantee: IGrantable, actions: readonly string[], partitions: readonly string[]) {
  Grant.addToPrincipal({
    grantee,
    actions: [...actions],
    resourceArns: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] } },
  });
}

/** Allows adding items to these partitions many at a time. A batch may delete as well, which no other right is asked for. */
export function allowBatches(table: ITable, grantee: IGrantable, partitions: readonly string[]): void {
  allowPartitions(table, grantee, ['dynamodb:BatchWriteItem'], partitions);
}

/** Allows reading the objects below these prefixes. */
export function allowReading(bucket: IBucket, grantee: IGrantable, prefixes: readonly string[]): void {
  Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: below(bucket, prefixes) });
  // Without it a missing object answers 403 instead of 404.
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  allowKey(bucket.encryptionKey, grantee);
}

/** Allows reading earlier versions of the objects below these prefixes: what gave way to another before it was read. */
export function allowReadingVersions(bucket: IBucket, grantee: IGrantable, prefixes: readonly string[]): void {
  Grant.addToPrincipal({ grantee, actions: ['s3:GetObjectVersion'], resourceArns: below(bucket, prefixes) });
}

/** Allows writing objects below these prefixes, large ones in parts. Never deleting. */
export function allowWriting(bucket: IBucket, grantee: IGrantable, prefixes: readonly string[]): void {
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resourceArns: below(bucket, prefixes) });
  allowKey(bucket.encryptionKey, grantee);
}

/** Allows deleting objects below these prefixes: what can be made again, or what is past keeping (keeping-rights.ts). */
export function allowDeleting(bucket: IBucket, grantee: IGrantable, prefixes: readonly string[]): void {
  Grant.addToPrincipal({ grantee, actions: ['s3:DeleteObject'], resourceArns: below(bucket, prefixes) });
}

/** Allows reading the secret. */
export function allowSecret(secret: ISecret, grantee: IGrantable): void {
  Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secret.secretArn] });
  allowKey(secret.encryptionKey, grantee);
}

function below(bucket: IBucket, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`));
}

function allowKey(key: IKey | undefined, grantee: IGrantable): void {
  if (key === undefined) return;
  Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resourceArns: [key.keyArn],
  });
}
