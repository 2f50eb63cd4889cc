import { type Acknowledgment, type Stack, Validations } from 'aws-cdk-lib';
import type { CaseworkStack } from './casework-stack.ts';
import type { ReportsStack } from './reports-stack.ts';

const exchange = 'ExportsOutputFnGetAttExchange6745BA1EArn27C4A345';
const archive = 'ExportsOutputFnGetAttArchiveDA4CB258ArnBE8F3792';

type Stacks = Readonly<Record<'data' | 'processing' | 'api' | 'keeping', Stack>> & {
  readonly casework: CaseworkStack;
  readonly reports: ReportsStack;
};

/** Findings of the AWS Solutions rules that we live with, each with its reason. A new finding stops the synthesis. */
export function acknowledgeFindings({ data, processing, casework, reports, api, keeping }: Stacks): void {
  const objects = (bucket: string, folder: string, rest = '/*'): Acknowledgment => ({
    id: `AwsSolutions-IAM5[Resource::${data.stackName}:${bucket}/${folder}${rest}]`,
    reason: 'Objects of one folder: their names are not known before departments send them.',
  });
  Validations.of(data).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'The pseudonym key must never change: every stored pseudonym is made with it.',
  });
  Validations.of(processing).acknowledge(
    objects(exchange, 'inbox'),
    objects(exchange, 'receipts'),
    objects(exchange, 'rejects'),
    objects(archive, 'archive'),
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'dynamodb:ListStreams knows no resource; the stream itself is named.' },
  );
  Validations.of(casework).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'dynamodb:ListStreams, log delivery and tracing know no resource; stream, log group and machine are named.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${casework.machineName}:*]`,
      reason: 'Executions of one machine: their names are those of cases to come.',
    },
  );
  Validations.of(reports).acknowledge(
    objects(exchange, 'reports'),
    objects(archive, 'archive'),
    objects(exchange, 'athena'),
    objects(archive, 'archive/day=', '*'),
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/${reports.database}/*]`,
      reason: 'Tables of one database, which are all of the archive.',
    },
  );
  Validations.of(api).acknowledge(
    objects(exchange, 'inbox'),
    objects(exchange, 'receipts'),
    objects(exchange, 'rejects'),
    objects(exchange, 'attachments'),
    objects(exchange, 'reports'),
    objects(archive, 'archive/roots'),
    {
      id: 'AwsSolutions-APIG4',
      reason: 'Health, API description and reader page say nothing about a person; all other routes have the authorizer.',
    },
    {
      id: 'AwsSolutions-COG8',
      reason: 'Proposed: threat protection is left to the government issuer; a second factor is required.',
    },
    { id: 'AwsSolutions-COG2', reason: 'Required in production; test users sign in without a telephone.' },
  );
  Validations.of(keeping).acknowledge(objects(exchange, 'inbox'), objects(exchange, 'rejects'), objects(exchange, 'attachments'));
}
