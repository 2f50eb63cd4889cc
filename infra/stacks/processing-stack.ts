import { CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { BURIED_EVENTS } from '../../shared/adapters/aws/buried-events.ts';
import { LogCode } from '../../shared/ports/log.ts';
import {
  allowBatches,
  allowLooking,
  allowPartitions,
  allowReading,
  allowReadingVersions,
  allowSecret,
  allowTable,
  allowWriting,
  tableRead,
  tableWrite,
} from '../constructs/data-rights.ts';
import { type AlarmRoute, ImpactAlarm } from '../constructs/impact-alarm.ts';
import { addLogLineAlarm } from '../constructs/log-line-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';

const normalizeTimeout = Duration.minutes(10);
const scoreTimeout = Duration.minutes(1);
/** Of the function that reads the queue of casework, in the stack that follows. */
export const workTimeout = Duration.minutes(1);
/** Of the function that makes reports: the longest there is. What does not end in it is for Athena (docs/reports.md). */
export const reportTimeout = Duration.minutes(15);

/**
 * The way from a dropped file to a warning and its archived events: queues, the three functions between them, alarms. The queues
 * of casework and of reports are here too: stacks that follow fill and read them.
 */
export class ProcessingStack extends Stack {
  readonly route: AlarmRoute;
  readonly cases: WorkQueue;
  readonly reports: WorkQueue;
  readonly files: WorkQueue;
  readonly updates: WorkQueue;
  private readonly stage: Stage;
  private readonly data: DataStack;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: queues and functions` });
    this.stage = stage;
    this.data = data;

    const topic = new Topic(this, 'Alarms', { displayName: `Aidwatch ${stage.name} alarms`, enforceSSL: true });
    // A topic with a policy of its own loses the one it comes with, by which alarms of the account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (stage.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    this.route = { topic, runbook: stage.runbook };

    const files = new WorkQueue(this, 'Files', {
      route: this.route,
      consumerTimeout: normalizeTimeout,
      deadLetterImpact: 'A department sent a file that was not read: its families may be missed and it has no receipt.',
      waitsAtMost: Duration.minutes(30),
      waitImpact: 'Departments wait for receipts and caseworkers for warnings from files already sent.',
    });
    const updates = new WorkQueue(this, 'Updates', {
      route: this.route,
      consumerTimeout: scoreTimeout,
      deadLetterImpact: 'Facts of some people were not stored: their households are assessed without them.',
      waitsAtMost: Duration.hours(1),
      waitImpact: 'Warnings come late: facts already received are not stored yet.',
    });
    const assessments = new WorkQueue(this, 'Assessments', {
      route: this.route,
      consumerTimeout: scoreTimeout,
      deadLetterImpact: 'Some households were not assessed: a warning may be missing or out of date.',
      waitsAtMost: Duration.hours(1),
      waitImpact: 'Warnings come late: households whose facts changed are not assessed yet.',
    });

    this.cases = new WorkQueue(this, 'Cases', {
      route: this.route,
      consumerTimeout: workTimeout,
      deadLetterImpact:
        'A warning was not taken into a case, or the workflow of a case was not told of a move: nobody may visit.',
      waitsAtMost: Duration.minutes(15),
      waitImpact: 'Cases open late: caseworkers do not see yet whom to visit.',
    });

    this.reports = new WorkQueue(this, 'Reports', {
      route: this.route,
      consumerTimeout: reportTimeout,
      // A function that died is tried again soon, since somebody waits; worked on twice, a report is the same report.
      hiddenFor: reportTimeout.plus(Duration.minutes(1)),
      deadLetterImpact: 'A report was not made although it was tried several times: whoever asked was told that it failed.',
      waitsAtMost: Duration.hours(1),
      waitImpact: 'Auditors and supervisors wait for reports they asked for.',
    });

    this.files = files;
    this.updates = updates;
    this.announceDrops(files);
    this.addNormalize(files, updates);
    this.addScore(updates, assessments);
    this.addArchive();
    this.addSweep(assessments);

    new CfnOutput(this, 'FilesQueueUrl', { value: files.queue.queueUrl });
    new CfnOutput(this, 'UpdatesQueueUrl', { value: updates.queue.queueUrl });
    new CfnOutput(this, 'AssessmentsQueueUrl', { value: assessments.queue.queueUrl });
    new CfnOutput(this, 'FilesDeadLettersUrl', { value: files.deadLetters.queueUrl });
    new CfnOutput(this, 'UpdatesDeadLettersUrl', { value: updates.deadLetters.queueUrl });
    new CfnOutput(this, 'AssessmentsDeadLettersUrl', { value: assessments.deadLetters.queueUrl });
  }

  private announceDrops(files: WorkQueue): void {
    new Rule(this, 'Dropped', {
      description: 'A file was dropped into the inbox',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.data.exchange.bucketName] }, object: { key: [{ prefix: 'inbox/' }] } },
      },
      targets: [
        new SqsQueue(files.queue, { deadLetterQueue: files.deadLetters, retryAttempts: 185, maxEventAge: Duration.hours(24) }),
      ],
    });
  }

  private addNormalize(files: WorkQueue, updates: WorkQueue): void {
    const normalize = new ServiceFunction(this, 'NormalizeFile', {
      stage: this.stage,
      route: this.route,
      folder: 'normalize-file',
      clock: true,
      description: 'Reads a dropped file, answers its department and sends its facts on',
      timeout: normalizeTimeout,
      memory: 1769,
      environment: {
        [EnvName.Table]: this.data.table.tableName,
        [EnvName.ExchangeBucket]: this.data.exchange.bucketName,
        [EnvName.KeysSecret]: this.data.keysSecret.secretArn,
        [EnvName.FilesQueue]: files.queue.queueUrl,
        [EnvName.UpdatesQueue]: updates.queue.queueUrl,
        [EnvName.FilesDeadLetters]: files.deadLetters.queueUrl,
      },
      triedAgainLate: true,
      errorImpact: 'Files are not read: departments get no receipt and their families may be missed.',
    });
    const lambda = normalize.function;
    lambda.addEventSource(
      // One file at a time: a large file must not share its time limit with others.
      new SqsEventSource(files.queue, { batchSize: 1, maxConcurrency: this.stage.workers, reportBatchItemFailures: true }),
    );
    allowTable(this.data.table, lambda, [...tableRead, ...tableWrite]);
    // The claim of a file that turned out unreadable is given up, so that the same bytes may come again.
    allowPartitions(this.data.table, lambda, ['dynamodb:DeleteItem'], ['CLAIM#*']);
    allowReading(this.data.exchange, lambda, ['inbox/']);
    allowReadingVersions(this.data.exchange, lambda, ['inbox/']);
    allowWriting(this.data.exchange, lambda, ['receipts/', 'rejects/']);
    allowSecret(this.data.keysSecret, lambda);
    updates.queue.grantSendMessages(lambda);
    files.deadLetters.grantSendMessages(lambda);
  }

  private addScore(updates: WorkQueue, assessments: WorkQueue): void {
    const score = new ServiceFunction(this, 'ScoreHouseholds', {
      stage: this.stage,
      route: this.route,
      folder: 'score-households',
      clock: true,
      description: 'Stores facts, places people in households, assesses households and keeps their warnings',
      timeout: scoreTimeout,
      memory: 1769,
      environment: {
        [EnvName.Table]: this.data.table.tableName,
        [EnvName.KeysSecret]: this.data.keysSecret.secretArn,
        [EnvName.UpdatesQueue]: updates.queue.queueUrl,
        [EnvName.AssessmentsQueue]: assessments.queue.queueUrl,
        [EnvName.CasesQueue]: this.cases.queue.queueUrl,
        [EnvName.UpdatesDeadLetters]: updates.deadLetters.queueUrl,
        [EnvName.AssessmentsDeadLetters]: assessments.deadLetters.queueUrl,
        [EnvName.PacksDir]: 'packs',
        [EnvName.AreaPacks]: JSON.stringify(this.stage.areaPacks),
      },
      packs: true,
      errorImpact: 'Facts are not stored and households not assessed: warnings come late.',
    });
    const lambda = score.function;
    for (const source of [updates, assessments]) {
      lambda.addEventSource(
        new SqsEventSource(source.queue, {
          batchSize: 10,
          maxConcurrency: this.stage.workers,
          reportBatchItemFailures: true,
        }),
      );
    }
    allowTable(this.data.table, lambda, [...tableRead, ...tableWrite]);
    // What makes people findable from their households.
    allowBatches(this.data.table, lambda, ['H#*']);
    allowSecret(this.data.keysSecret, lambda);
    assessments.queue.grantSendMessages(lambda);
    this.cases.queue.grantSendMessages(lambda);
    updates.deadLetters.grantSendMessages(lambda);
    assessments.deadLetters.grantSendMessages(lambda);
  }

  private addArchive(): void {
    const archive = new ServiceFunction(this, 'ArchiveEvents', {
      stage: this.stage,
      route: this.route,
      folder: 'archive-events',
      description: 'Takes the events from the table stream into the write-once archive',
      timeout: Duration.minutes(1),
      memory: 512,
      environment: {
        [EnvName.Table]: this.data.table.tableName,
        [EnvName.ArchiveBucket]: this.data.archive.bucketName,
      },
      errorImpact: 'Events are not archived: after 24 hours they are lost to the audit.',
    });
    const lambda = archive.function;
    lambda.addEventSource(
      new DynamoEventSource(this.data.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 500,
        // Each batch is an object, and a report reads them all: a minute's events in one, not thirty (docs/reports.md).
        maxBatchingWindow: Duration.minutes(1),
        // Not for windows: only with one is the handler told which shard its records come from.
        tumblingWindow: Duration.minutes(15),
        reportBatchItemFailures: true,
        // No retryAttempts and no age limit: a batch is tried until the stream forgets it (24 hours); the alarm below calls first.
      }),
    );
    allowTable(this.data.table, lambda, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
    allowLooking(this.data.table, lambda, [BURIED_EVENTS]);
    allowReading(this.data.archive, lambda, ['archive/']);
    allowWriting(this.data.archive, lambda, ['archive/']);
    this.watchBuried(archive);
    new ImpactAlarm(this, 'ArchiveLag', {
      route: this.route,
      metric: lambda.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      above: Duration.minutes(30).toMilliseconds(),
      errorImpact: 'The archive lags behind: events older than 24 hours would be lost to the audit.',
      section: 'archive-lag',
    });
  }

  /** What cannot be read waits for a person. */
  private watchBuried({ logGroup, function: archive }: ServiceFunction): void {
    addLogLineAlarm(this, 'ArchiveIncomplete', {
      stage: this.stage,
      route: this.route,
      logGroup,
      code: LogCode.EventsBuried,
      metricName: 'EventsUnreadable',
      errorImpact:
        'Events of some changes are not in the archive: reports and audit do not know of them until they are put back.',
      section: 'events-buried',
    });
    new CfnOutput(this, 'ArchiveEventsName', { value: archive.functionName });
  }

  private addSweep(assessments: WorkQueue): void {
    new Schedule(this, 'Sweep', {
      description: 'Assesses every household again: time has passed, feeds have become fresh or stale',
      schedule: ScheduleExpression.cron({ hour: '2', minute: '30', timeZone: TimeZone.ASIA_SHANGHAI }),
      target: new SqsSendMessage(assessments.queue, {
        input: ScheduleTargetInput.fromObject({ v: 1, kind: 'sweep' }),
        // Counts as a dead letter of the queue it did not reach: same alarm, put back by the same command.
        deadLetterQueue: assessments.deadLetters,
      }),
    });
  }
}
