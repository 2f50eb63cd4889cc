import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { allowDeleting, allowPartitions, allowReading, allowTable, allowWriting, tableRead } from './data-rights.ts';

/** Partitions of which items may be deleted: names, what finds looks by household, and what carried looks to the archive. */
const DELETABLE = ['V#*', 'HR#*', 'EV#*'];
/** Partitions of which items may be changed: facts (marks, seals), names (seals). */
const CHANGEABLE = ['P#*', 'V#*'];
/** Partitions into which items may be put: events, and how far the work came. */
const NEW = ['EV#*', 'KEEPING'];

/**
 * The rights of the one function that looks at the whole table and deletes, action by action and partition by partition: no
 * deletion of facts, registrations, standings, cases, files on record; none of objects but those that are kept for a time.
 */
export function allowKeeping(table: ITable, grantee: IFunction): void {
  allowTable(table, grantee, [...tableRead]);
  const only = (actions: string[], partitions: string[]) => allowPartitions(table, grantee, actions, partitions);
  grantee.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Scan'], resources: [table.tableArn] }));
  only(['dynamodb:DeleteItem'], DELETABLE);
  only(['dynamodb:UpdateItem'], CHANGEABLE);
  only(['dynamodb:PutItem', 'dynamodb:BatchWriteItem'], NEW);
}

/** Allows finding and deleting what departments sent and cases kept, and sealing the latter anew. */
export function allowClearing(exchange: IBucket, grantee: IFunction): void {
  allowReading(exchange, grantee, ['attachments/']);
  allowWriting(exchange, grantee, ['attachments/']);
  allowDeleting(exchange, grantee, ['inbox/', 'rejects/', 'attachments/']);
}

/** Allows asking how much waits in a queue. */
export function allowDepth(queues: readonly IQueue[], grantee: IFunction): void {
  grantee.addToRolePolicy(
    new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: queues.map(({ queueArn }) => queueArn) }),
  );
}
