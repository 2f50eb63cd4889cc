import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { templatesOf } from './synthesise.ts';

const { keeping } = templatesOf('prod');

const Statement = z.object({
  Effect: z.literal('Allow'),
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.record(z.string(), z.array(z.string()))).optional(),
});
const Policies = z.record(
  z.string(),
  z.object({ Properties: z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) }) }),
);
const statements = Object.values(Policies.parse(keeping.findResources('AWS::IAM::Policy'))).flatMap(
  ({ Properties }) => Properties.PolicyDocument.Statement,
);
const allowing = (action: string) => statements.filter(({ Action }) => Action.includes(action));
const leadingKeys = (action: string) =>
  allowing(action).map(({ Condition }) => Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
const foldersOf = (action: string) =>
  allowing(action)
    .flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]))
    .map((resource) => /\/([a-z]+\/\*)"/.exec(JSON.stringify(resource))?.[1])
    .sort();

describe('the function that deletes what is past keeping', () => {
  it('may do exactly this and nothing with a wildcard', () => {
    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
      'sqs:GetQueueAttributes',
    ]);
  });

  it('may delete items of names and looks alone, change facts and names alone, and put events and its own progress alone', () => {
    expect(leadingKeys('dynamodb:DeleteItem')).toEqual([['V#*', 'HR#*', 'EV#*']]);
    expect(leadingKeys('dynamodb:UpdateItem')).toEqual([['P#*', 'V#*']]);
    expect(leadingKeys('dynamodb:PutItem')).toEqual([['EV#*', 'KEEPING']]);
    expect(leadingKeys('dynamodb:BatchWriteItem')).toEqual([['EV#*', 'KEEPING']]);
  });

  it('may delete objects of three folders of the exchange bucket, read and write those of cases, and of no other', () => {
    expect(foldersOf('s3:DeleteObject')).toEqual(['attachments/*', 'inbox/*', 'rejects/*']);
    expect(foldersOf('s3:GetObject')).toEqual(['attachments/*']);
    expect(foldersOf('s3:PutObject')).toEqual(['attachments/*']);
  });

  it('has nothing to do with the archive', () => {
    const rights = JSON.stringify([statements, keeping.findResources('AWS::Lambda::Function')]);
    expect(rights).toContain('ExportsOutputFnGetAttExchange');
    expect(rights).not.toMatch(/Archive/);
  });

  it('is called by no timer, queue, stream or other service, and may not hand the work on', () => {
    for (const kind of [
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Permission',
      'AWS::Lambda::Url',
      'AWS::Events::Rule',
      'AWS::Scheduler::Schedule',
    ]) {
      keeping.resourceCountIs(kind, 0);
    }
    expect(allowing('lambda:InvokeFunction')).toEqual([]);
  });

  it('is the only function of any stack that may scan the table, or delete objects other than reports', () => {
    const { keeping: _, ...others } = templatesOf('prod');
    for (const [name, template] of Object.entries(others)) {
      const policies = Object.values(Policies.parse(template.findResources('AWS::IAM::Policy')));
      for (const { Action, Resource } of policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)) {
        expect(Action, name).not.toContain('dynamodb:Scan');
        if (Action.includes('s3:DeleteObject')) expect(JSON.stringify(Resource), name).toMatch(/\/reports\/\*"/);
      }
    }
  });
});
