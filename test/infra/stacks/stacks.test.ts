import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { LAST_ATTEMPT } from '../../../functions/last-attempt.ts';
import { stageOf, withTrialClock } from '../../../infra/stages.ts';
import { roles } from '../../../shared/access/principal.ts';
import { BURIED_EVENTS } from '../../../shared/adapters/aws/buried-events.ts';
import { WRITES_WITH_MESSAGES } from '../../../shared/adapters/aws/stream-messages.ts';
import { TABLE_DEFINITION } from '../../../shared/adapters/aws/table-definition.ts';
import { definitionVersion, PARTITION, WORK_CASES } from '../../../shared/casework/workflow-definition.ts';
import { LogCode } from '../../../shared/ports/log.ts';
import { templatesOf, withoutHashes } from './synthesise.ts';

const prod = templatesOf('prod');
const test = templatesOf('test');

const Queues = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      VisibilityTimeout: z.number().optional(),
      RedrivePolicy: z.object({ maxReceiveCount: z.number() }).optional(),
      SqsManagedSseEnabled: z.boolean().optional(),
    }),
  }),
);
const Functions = z.record(z.string(), z.object({ Properties: z.object({ Timeout: z.number(), Runtime: z.string() }) }));
const Mappings = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      FunctionResponseTypes: z.array(z.string()),
      ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
      TumblingWindowInSeconds: z.number().optional(),
    }),
  }),
);
const Alarms = z.record(
  z.string(),
  z.object({ Properties: z.object({ AlarmDescription: z.string(), AlarmActions: z.array(z.unknown()).min(1) }) }),
);
const Policies = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      PolicyDocument: z.object({
        Statement: z.array(
          z.object({
            Action: z.union([z.string(), z.array(z.string())]),
            Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
          }),
        ),
      }),
    }),
  }),
);

describe('the data stack', () => {
  it('keeps the table against deletion and slips in production', () => {
    prod.data.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        BillingMode: 'PAY_PER_REQUEST',
      },
    });
  });

  it('makes the table exactly as the adapters and the wire tests know it', () => {
    prod.data.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: TABLE_DEFINITION.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE_DEFINITION.sortKey, KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.values(TABLE_DEFINITION.indexes).map((index) =>
        Match.objectLike({
          IndexName: index.name,
          KeySchema: [
            { AttributeName: index.partitionKey, KeyType: 'HASH' },
            { AttributeName: index.sortKey, KeyType: 'RANGE' },
          ],
        }),
      ),
    });
  });

  it('locks the archive so that in production nobody can shorten it', () => {
    const lock = (Mode: string, Days: number) => ({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days } } },
    });
    prod.data.hasResourceProperties('AWS::S3::Bucket', lock('COMPLIANCE', 3650));
    test.data.hasResourceProperties('AWS::S3::Bucket', lock('GOVERNANCE', 1));
  });

  it('announces drops through EventBridge without a custom resource', () => {
    prod.data.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    prod.data.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('closes every bucket to the public and to plain HTTP', () => {
    const buckets = Object.keys(prod.data.findResources('AWS::S3::Bucket'));
    expect(buckets).toHaveLength(3);
    expect(
      Object.keys(
        prod.data.findResources('AWS::S3::Bucket', {
          Properties: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true } },
        }),
      ),
    ).toEqual(buckets);
    prod.data.resourceCountIs('AWS::S3::BucketPolicy', 3);
  });
});

describe('the processing stack', () => {
  it('gives every work queue dead letters, at least five deliveries and six times the reader’s timeout', () => {
    const queues = Object.values(Queues.parse(prod.processing.findResources('AWS::SQS::Queue')));
    const work = queues.filter((queue) => queue.Properties.RedrivePolicy !== undefined);
    expect(work).toHaveLength(5);
    for (const { Properties } of work) {
      expect(Properties.RedrivePolicy?.maxReceiveCount).toBeGreaterThan(LAST_ATTEMPT);
      expect(LAST_ATTEMPT).toBeGreaterThanOrEqual(5);
    }
    const timeouts = Object.values(Functions.parse(prod.processing.findResources('AWS::Lambda::Function'))).map(
      (one) => one.Properties.Timeout,
    );
    // That of reports is read by a stack that follows.
    expect(work.map((queue) => queue.Properties.VisibilityTimeout).sort()).toEqual([360, 360, 360, 3600, 960]);
    expect(timeouts.sort()).toEqual([60, 60, 600]);
    expect(queues.every((queue) => queue.Properties.SqsManagedSseEnabled === true)).toBe(true);
  });

  it('reads every source with partial batch failures, and queues with bounded concurrency', () => {
    const mappings = Object.values(Mappings.parse(prod.processing.findResources('AWS::Lambda::EventSourceMapping')));
    expect(mappings).toHaveLength(4);
    for (const { Properties } of mappings) expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    expect(mappings.filter((one) => one.Properties.ScalingConfig !== undefined)).toHaveLength(3);
  });

  it('tells the archive which shard its records come from, by a tumbling window', () => {
    prod.processing.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      TumblingWindowInSeconds: Match.anyValue(),
      MaximumRetryAttempts: Match.absent(),
      MaximumRecordAgeInSeconds: Match.absent(),
    });
  });

  it('sounds an alarm of errors before what failed is tried for the last time, however late it is tried again', () => {
    for (const [impact, queue] of [
      ['Files are not read', 'FilesQueue'],
      ['Facts are not stored', 'UpdatesQueue'],
      ['Reports are not made', 'ReportsQueue'],
    ] as const) {
      const alarms = [prod.processing, prod.reports].flatMap((one) => Object.values(one.findResources('AWS::CloudWatch::Alarm')));
      const found = alarms.find(
        ({ Properties }) => Properties.MetricName === 'Errors' && Properties.AlarmDescription.startsWith(impact),
      );
      const { Period, EvaluationPeriods } = found?.['Properties'] ?? {};
      const queues = Object.entries(Queues.parse(prod.processing.findResources('AWS::SQS::Queue')));
      const hidden = queues.find(([name]) => name.startsWith(queue))?.[1].Properties.VisibilityTimeout ?? 0;
      // Errors so far apart are never in one period after the other.
      expect(EvaluationPeriods === 1 || hidden <= 2 * Period, impact).toBe(true);
    }
  });

  it('sounds an alarm when events had to be buried, which the archiver may look for and for nothing else', () => {
    prod.processing.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: `{ $.message = "${LogCode.EventsBuried}" }`,
      MetricTransformations: [Match.objectLike({ MetricName: 'EventsUnreadable', MetricNamespace: 'Aidwatch/prod' })],
    });
    prod.processing.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'EventsUnreadable',
      Namespace: 'Aidwatch/prod',
      Threshold: 0,
      Statistic: 'Sum',
      AlarmDescription: Match.stringLikeRegexp('#events-buried$'),
    });
    prod.processing.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:Query',
            Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [BURIED_EVENTS] } },
          }),
        ]),
      },
    });
  });

  it('hears of drops below the inbox only', () => {
    prod.processing.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        source: ['aws.s3'],
        detail: Match.objectLike({ object: { key: [{ prefix: 'inbox/' }] } }),
      }),
    });
  });

  it('asks every night for every household to be assessed again', () => {
    prod.processing.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Asia/Shanghai',
      Target: Match.objectLike({ Input: '{"v":1,"kind":"sweep"}' }),
    });
  });
});

describe('the casework stack', () => {
  it('deploys the one definition, with logs that hold no data and tracing', () => {
    prod.casework.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'Aidwatch-prod-Cases',
      StateMachineType: 'STANDARD',
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
      TracingConfiguration: { Enabled: true },
    });
    const text = JSON.stringify(prod.casework.toJSON());
    expect(text).toContain(`Aidwatch case workflow ${definitionVersion}`);
    expect(text).not.toContain(PARTITION);
    expect(text).not.toContain(WORK_CASES);
  });

  it('gives the parameters of areas to the functions that reckon with them, where the deployment carries any', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aidwatch-stacks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const parameters = join(folder, 'own.json');
    writeFileSync(parameters, '{}');
    const setting = { Environment: { Variables: Match.objectLike({ PARAMETERS_FILE: 'parameters.json' }) } };
    const carrying = Object.entries(templatesOf('test', { parameters })).flatMap(([name, template]) =>
      Object.keys(template.findResources('AWS::Lambda::Function', { Properties: setting })).map(() => name),
    );
    expect(carrying).toEqual(['casework', 'reports', 'api', 'keeping']);
    test.casework.resourcePropertiesCountIs('AWS::Lambda::Function', setting, 0);
  });

  it('lets the workflow call its one function and nothing else of ours', () => {
    const policies = Policies.parse(prod.casework.findResources('AWS::IAM::Policy'));
    const [workflow] = Object.entries(policies).filter(([name]) => name.startsWith('WorkflowRole'));
    const actions = workflow?.[1].Properties.PolicyDocument.Statement.flatMap((statement) => statement.Action) ?? [];
    expect(actions.filter((action) => !/^(logs|xray):/.test(action))).toEqual(['lambda:InvokeFunction']);
  });

  it('keeps the machine and its runs when the stack of production is taken away', () => {
    prod.casework.hasResource('AWS::StepFunctions::StateMachine', { DeletionPolicy: 'Retain' });
    test.casework.hasResource('AWS::StepFunctions::StateMachine', { DeletionPolicy: 'Delete' });
  });

  it('relays only writes that send messages, without end of tries', () => {
    prod.casework.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(WRITES_WITH_MESSAGES) }] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: Match.absent(),
      MaximumRecordAgeInSeconds: Match.absent(),
    });
  });

  it('relays to the queues of casework and of reports', () => {
    const settings = {
      POWERTOOLS_SERVICE_NAME: 'relay-messages',
      CASES_QUEUE_URL: Match.anyValue(),
      REPORTS_QUEUE_URL: Match.anyValue(),
    };
    prod.casework.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike(settings) } });
  });

  it('asks every night for cases without a living run', () => {
    prod.casework.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 4 * * ? *)',
      Target: Match.objectLike({ Input: '{"v":1,"kind":"tend-cases"}' }),
    });
  });
});

describe('the API stack', () => {
  it('has a group for every role', () => {
    prod.api.resourceCountIs('AWS::Cognito::UserPoolGroup', roles.length);
    for (const role of roles) prod.api.hasResourceProperties('AWS::Cognito::UserPoolGroup', { GroupName: role });
  });

  it('demands a second factor in production and lets nobody sign up', () => {
    prod.api.hasResourceProperties('AWS::Cognito::UserPool', {
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
  });

  it('lets nobody write the areas and departments of the own account', () => {
    prod.api.hasResourceProperties('AWS::Cognito::UserPoolClient', { WriteAttributes: ['name'] });
  });

  it('asks for a token on every route but those that tell nothing', () => {
    const routes = z
      .record(z.string(), z.object({ Properties: z.object({ RouteKey: z.string(), AuthorizationType: z.string() }) }))
      .parse(prod.api.findResources('AWS::ApiGatewayV2::Route'));
    const open = Object.values(routes)
      .filter((route) => route.Properties.AuthorizationType !== 'JWT')
      .map((route) => route.Properties.RouteKey);
    expect(open.sort()).toEqual(['GET /', 'GET /api/v1/docs', 'GET /api/v1/health', 'GET /api/v1/openapi.json']);
    expect(Object.keys(routes)).toHaveLength(open.length + 1);
  });
});

describe('all stacks', () => {
  it('run the pinned runtime', () => {
    for (const template of [prod.processing, prod.casework, prod.reports, prod.api, prod.keeping]) {
      const functions = Functions.parse(template.findResources('AWS::Lambda::Function'));
      for (const { Properties } of Object.values(functions)) expect(Properties.Runtime).toBe('nodejs24.x');
    }
  });

  it('give no function an action with a wildcard, a scan or a deletion of objects', () => {
    for (const template of [prod.processing, prod.casework, prod.reports, prod.api]) {
      const policies = Policies.parse(template.findResources('AWS::IAM::Policy'));
      const actions = Object.values(policies).flatMap((policy) =>
        policy.Properties.PolicyDocument.Statement.flatMap((statement) => statement.Action),
      );
      expect(actions.filter((action) => /\*|Scan/.test(action))).toEqual([]);
      // What it is about: test/infra/stacks/reports-stack.test.ts.
      expect(actions.filter((action) => action.startsWith('s3:Delete'))).toEqual(
        template === prod.reports ? ['s3:DeleteObject'] : [],
      );
    }
  });

  it('delete, or put in batches, which may delete as well, in the partitions alone where they do', () => {
    const statements = Object.values(prod)
      .flatMap((stack) => Object.entries(Policies.parse(stack.findResources('AWS::IAM::Policy'))))
      .flatMap(([name, { Properties }]) => Properties.PolicyDocument.Statement.map((one) => ({ name, ...one })));
    const may = (action: string) =>
      statements
        .filter(({ Action }) => [Action].flat().includes(action))
        .map(({ name, Condition }) => [
          /^[A-Z][a-z]+[A-Z][a-z]+/.exec(name)?.[0],
          Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'],
        ])
        .sort();
    expect(may('dynamodb:BatchWriteItem')).toEqual([
      ['KeepData', ['EV#*', 'KEEPING']],
      ['ScoreHouseholds', ['H#*']],
      ['ServeApi', ['EV#*', 'HR#*']],
    ]);
    expect(may('dynamodb:DeleteItem')).toEqual([
      ['KeepData', ['V#*', 'HR#*', 'EV#*']],
      ['NormalizeFile', ['CLAIM#*']],
    ]);
  });

  it('say in every alarm who is hurt and which section of the runbook to read', () => {
    const runbook = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
    const sections = new Set(
      [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => (title ?? '').toLowerCase().replaceAll(' ', '-')),
    );
    const described = [prod.processing, prod.casework, prod.reports, prod.api, prod.keeping].flatMap((template) =>
      Object.values(Alarms.parse(template.findResources('AWS::CloudWatch::Alarm'))),
    );
    expect(described.length).toBeGreaterThan(10);
    for (const { Properties } of described) {
      const link = /^.{40,} Runbook: docs\/runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription);
      expect(sections).toContain(link?.[1]);
    }
  });

  it('let the alarms of the account reach whoever is told of them', () => {
    // By setting a policy the topic loses the one it came with: without this every alarm would fail to publish in silence.
    prod.processing.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      }),
    });
  });

  it.each(['test', 'dev', 'prod'])('are for the stage %s as reviewed', (stage) => {
    const templates = templatesOf(stage);
    for (const [name, template] of Object.entries(templates)) expect(withoutHashes(template)).toMatchSnapshot(name);
  });
});

describe('the clock of a trial', () => {
  const timesOf = (templates: ReturnType<typeof templatesOf>) =>
    Object.values(templates).flatMap((template) =>
      Object.values(template.findResources('AWS::Lambda::Function')).map(
        ({ Properties }) => Properties.Environment.Variables.TRIAL_CLOCK,
      ),
    );

  it('is set for the functions that ask what time it is when it is asked for, and for none otherwise', () => {
    expect(timesOf(test).filter((time) => time !== undefined)).toEqual([]);
    const trial = timesOf(templatesOf('dev', { trialClock: '2024-01-15T09:00:00+08:00' }));
    expect(trial.filter((time) => time !== undefined)).toEqual(Array(6).fill('2024-01-15T01:00:00.000Z'));
  });

  it('is refused where the data is real, and when it is no time', () => {
    expect(() => withTrialClock(stageOf('prod'), '2024-01-15T01:00:00.000Z')).toThrow(/不能设置试验时钟.*takes no trial-clock/);
    expect(() => withTrialClock(stageOf('test'), 'yesterday')).toThrow(/应为.*expected an instant/);
  });
});

describe('a table restored from a backup', () => {
  const streamArn = 'arn:aws:dynamodb:cn-north-1:123456789012:table/restored/stream/2026-03-15T01:00:00.000';
  const restored = templatesOf('prod', { restoredTable: { name: 'restored', streamArn } });

  it('is worked with by every function, and its stream read', () => {
    const { data, ...others } = restored;
    for (const template of Object.values(others)) {
      const functions = Object.values(template.findResources('AWS::Lambda::Function'));
      const tables = functions.map((one) => one['Properties'].Environment.Variables.TABLE_NAME).filter(Boolean);
      expect(new Set(tables)).toEqual(new Set(tables.length === 0 ? [] : ['restored']));
      expect(JSON.stringify(template.toJSON())).not.toContain('ExportsOutputRefTable');
      expect(JSON.stringify(template.toJSON())).not.toContain('ExportsOutputFnGetAttTable');
    }
    const streams = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).filter(
        ({ Properties }) => Properties.EventSourceArn === streamArn,
      );
    expect([streams(restored.processing), streams(restored.casework)]).toEqual([[expect.anything()], [expect.anything()]]);
    restored.data.hasOutput('TableName', { Value: 'restored' });
  });

  it('leaves the one that was made as it is, with all that stacks deployed before import of it', () => {
    expect(restored.data.findResources('AWS::DynamoDB::Table')).toEqual(prod.data.findResources('AWS::DynamoDB::Table'));
    const exportsOf = ({ data }: typeof prod) =>
      Object.values(data.findOutputs('*')).flatMap(({ Export }) => (Export === undefined ? [] : [JSON.stringify(Export)]));
    expect(exportsOf(restored)).toEqual(expect.arrayContaining(exportsOf(prod)));
  });
});
