import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dayFolder } from '../../../shared/audit/archive-layout.ts';
import { LogCode } from '../../../shared/ports/log.ts';
import { eventTables } from '../../../shared/reports/event-tables.ts';
import { faultsInTrino } from '../../builders/trino-grammar.ts';
import { templatesOf } from './synthesise.ts';

const prod = templatesOf('prod');

const Statements = z.array(
  z.object({ Effect: z.literal('Allow'), Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
);
const GlueTable = z.object({
  TableInput: z.object({
    Name: z.string(),
    TableType: z.string(),
    ViewOriginalText: z.string().optional(),
    StorageDescriptor: z.object({ Columns: z.array(z.object({ Name: z.string(), Type: z.string() })) }),
  }),
});
const View = z.object({
  originalSql: z.string(),
  catalog: z.string(),
  schema: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
});
const ManagedPolicies = z.record(
  z.string(),
  z.object({ Properties: z.object({ PolicyDocument: z.object({ Statement: Statements }) }) }),
);

/** Actions a list of statements allows, each once. */
function actionsOf(statements: z.infer<typeof Statements>): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

const Policies = z.record(
  z.string(),
  z.object({ Properties: z.object({ PolicyDocument: z.object({ Statement: Statements }) }) }),
);

describe('the function that makes reports', () => {
  it('has the engine as a layer, two processors, all the time and all the temporary storage there is', () => {
    for (const [stage, architecture] of [
      [prod, 'arm64'],
      [templatesOf('prod', { architecture: 'x86_64' }), 'x86_64'],
    ] as const) {
      stage.reports.hasResourceProperties('AWS::Lambda::Function', {
        Layers: [Match.anyValue()],
        Architectures: [architecture],
        MemorySize: 3538,
        Timeout: 900,
        EphemeralStorage: { Size: 10_240 },
        Environment: { Variables: Match.objectLike({ ENGINE_MEMORY: '2000MB', QUERIES_FILE: 'queries.json' }) },
      });
      stage.reports.hasResourceProperties('AWS::Lambda::LayerVersion', {
        CompatibleArchitectures: [architecture],
        Description: Match.stringLikeRegexp(`^DuckDB [0-9].* ${architecture}$`),
      });
    }
  });

  it('takes one report at a time in few copies, and one that died comes again soon after its time was over', () => {
    prod.reports.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    prod.processing.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 960, RedrivePolicy: { maxReceiveCount: 6 } });
  });

  it('reads the archive, writes and clears away reports, and may do nothing else to either bucket', () => {
    const statements = Object.values(Policies.parse(prod.reports.findResources('AWS::IAM::Policy'))).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const onObjects = statements
      .filter(({ Action }) => [Action].flat().some((action) => /^s3:.*Object/.test(action)))
      .map(({ Action, Resource }) => ({ actions: [Action].flat(), places: [Resource].flat().map(placeOf) }));
    expect(onObjects).toEqual([
      { actions: ['s3:GetObject'], places: ['Archive/archive/*', 'Exchange/reports/*'] },
      { actions: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'], places: ['Exchange/reports/*'] },
    ]);
    const onTable = statements.flatMap(({ Action }) => [Action].flat().filter((action) => action.startsWith('dynamodb:')));
    expect(onTable.filter((action) => /Delete|Scan/.test(action))).toEqual([]);
  });

  it('leaves no earlier version of what was cleared away', () => {
    prod.data.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            Prefix: 'reports/',
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            ExpirationInDays: Match.absent(),
          }),
        ]),
      },
    });
  });

  it('sounds an alarm when a report finds that the archive is not as it was written', () => {
    prod.reports.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.message = "${LogCode.ArchiveBroken}" }`,
      MetricTransformations: [Match.objectLike({ MetricName: 'ArchiveBroken', MetricNamespace: 'Aidwatch/prod' })],
    });
    prod.reports.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ArchiveBroken', Threshold: 0, Statistic: 'Sum' });
  });

  it('is told every morning to make what fell due and to clear away what is past keeping', () => {
    prod.reports.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 5 * * ? *)',
      ScheduleExpressionTimezone: 'Asia/Shanghai',
      Target: Match.objectLike({ Input: '{"v":1,"kind":"tend-reports"}' }),
    });
  });
});

/** Bucket and prefix of a statement about objects. */
function placeOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const bucket = /(Archive|Exchange)[0-9A-F]{8}Arn/.exec(text)?.[1] ?? '';
  return `${bucket}${/"(\/[^"]*)"/.exec(text)?.[1] ?? ''}`;
}

describe('the archive as tables of Athena', () => {
  it('is read where it lies, a partition a day, without anybody registering days', () => {
    const [table] = Object.values(
      prod.reports.findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: 'lines' } } }),
    );
    const { TableInput } = z
      .object({
        TableInput: z.object({
          PartitionKeys: z.array(z.object({ Name: z.string() })),
          Parameters: z.looseObject({ 'storage.location.template': z.unknown() }),
          StorageDescriptor: z.object({ Columns: z.array(z.object({ Name: z.string(), Type: z.string() })) }),
        }),
      })
      .parse(table?.['Properties']);
    expect(TableInput.PartitionKeys.map(({ Name }) => Name)).toEqual(['day']);
    expect(TableInput.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': expect.stringMatching(/^\d{4}-\d{2}-\d{2},NOW\+1DAYS$/),
    });
    // The layout is that of the archive's own writer.
    const place = JSON.stringify(TableInput.Parameters['storage.location.template']);
    expect(place).toContain(`/archive/${dayFolder('2024-03-15' as never).replace('2024-03-15', '$'.concat('{day}'))}/`);
    expect(TableInput.StorageDescriptor.Columns).toEqual([{ Name: 'line', Type: 'string' }]);
  });

  it('has the tables of reports as views, each well formed and with the columns the catalogue tells of', () => {
    const tables = Object.values(prod.reports.findResources('AWS::Glue::Table')).map(
      ({ Properties }) => GlueTable.parse(Properties).TableInput,
    );
    const views = tables.filter(({ TableType }) => TableType === 'VIRTUAL_VIEW');
    expect(views.map(({ Name }) => Name).sort()).toEqual(['events', ...Object.keys(eventTables)].sort());
    for (const { Name, ViewOriginalText, StorageDescriptor } of views) {
      const [, packed = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(ViewOriginalText ?? '') ?? [];
      const view = View.parse(JSON.parse(Buffer.from(packed, 'base64').toString('utf8')));
      expect(faultsInTrino(view.originalSql), Name).toEqual([]);
      expect(view).toMatchObject({ catalog: 'awsdatacatalog', schema: 'aidwatch_prod' });
      const named = view.columns.map(({ name, type }) => ({ Name: name, Type: type === 'varchar' ? 'string' : type }));
      expect(StorageDescriptor.Columns, Name).toEqual(named);
      expect(view.originalSql, Name).toMatch(/FROM aidwatch_prod\./);
    }
  });

  it('stops a query that looks through too much, and keeps answers encrypted where the workgroup says and nowhere else', () => {
    prod.reports.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'aidwatch-prod',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 50 * 1024 ** 3,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() },
          OutputLocation: { 'Fn::Join': ['', Match.arrayWith(['/athena/'])] },
        },
      },
    });
  });

  it('lets its answers go after a week', () => {
    prod.data.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'athena/', ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        ]),
      },
    });
  });

  it('may be asked with rights that change nothing and that nobody has by deploying', () => {
    const [policy, ...others] = Object.values(ManagedPolicies.parse(prod.reports.findResources('AWS::IAM::ManagedPolicy')));
    expect(others).toEqual([]);
    const statements = policy?.Properties.PolicyDocument.Statement ?? [];
    expect(actionsOf(statements)).toEqual([
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:GetWorkGroup',
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      'glue:GetDatabase',
      'glue:GetPartitions',
      'glue:GetTable',
      'glue:GetTables',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
    const writes = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(writes.map(({ Resource }) => JSON.stringify(Resource))).toEqual([expect.stringMatching(/\/athena\/\*/)]);
    expect(policy).not.toHaveProperty('Properties.Roles');
    expect(policy).not.toHaveProperty('Properties.Users');
  });
});
