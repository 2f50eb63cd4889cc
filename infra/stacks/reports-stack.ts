import { CfnOutput, Size, Stack, TimeZone } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { LogCode } from '../../shared/ports/log.ts';
import { ArchiveQueries } from '../constructs/archive-queries.ts';
import { allowDeleting, allowReading, allowTable, allowWriting, tableRead, tableWrite } from '../constructs/data-rights.ts';
import { EngineLayer } from '../constructs/engine-layer.ts';
import type { AlarmRoute } from '../constructs/impact-alarm.ts';
import { addLogLineAlarm } from '../constructs/log-line-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';
import { type ProcessingStack, reportTimeout } from './processing-stack.ts';

/** What is asked of the archive of events: the function that makes reports, and tables for Athena beyond what it can carry. */
export class ReportsStack extends Stack {
  /** Name of the database of the archive's tables. */
  readonly database: string;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack, processing: ProcessingStack) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: reports` });
    const make = this.addMake(stage, data, processing);
    this.addTending(processing);
    const { database, workgroup } = new ArchiveQueries(this, 'Queries', stage, data);
    this.database = database;

    new CfnOutput(this, 'ReportsQueueUrl', { value: processing.reports.queue.queueUrl });
    new CfnOutput(this, 'ReportsDeadLettersUrl', { value: processing.reports.deadLetters.queueUrl });
    new CfnOutput(this, 'MakeReportsArn', { value: make.functionArn });
    new CfnOutput(this, 'ArchiveDatabase', { value: database });
    new CfnOutput(this, 'ArchiveWorkgroup', { value: workgroup });
  }

  private addMake(stage: Stage, data: DataStack, { route, reports }: ProcessingStack): IFunction {
    const make = new ServiceFunction(this, 'MakeReports', {
      stage,
      route,
      folder: 'make-reports',
      clock: true,
      description: 'Makes the reports that were asked for, of the archive of events',
      timeout: reportTimeout,
      // Two whole processors: the engine uses both, and verifying one. Of the memory the engine has 2 GB, which is four times
      // what a machine of one's own gives it; the rest is for rows on their way and for the system.
      memory: 3538,
      environment: {
        [EnvName.Table]: data.table.tableName,
        [EnvName.ExchangeBucket]: data.exchange.bucketName,
        [EnvName.ArchiveBucket]: data.archive.bucketName,
        [EnvName.ReportsQueue]: reports.queue.queueUrl,
        [EnvName.ReportsDeadLetters]: reports.deadLetters.queueUrl,
        [EnvName.EngineMemory]: '2000MB',
      },
      parameters: true,
      queries: true,
      layer: new EngineLayer(this, 'Engine', stage).layer,
      // The most there is: a copy of the archive and what the engine does not hold in memory. A report of a minute pays two
      // thousandths of a US cent for it.
      temporaryStorage: Size.gibibytes(10),
      triedAgainLate: true,
      errorImpact: 'Reports are not made: auditors and supervisors wait for them.',
    });
    const lambda = make.function;
    lambda.addEventSource(
      // One report at a time for each copy, and few copies: reports are made beside the work of the platform.
      new SqsEventSource(reports.queue, { batchSize: 1, maxConcurrency: 5, reportBatchItemFailures: true }),
    );
    allowTable(data.table, lambda, [...tableRead, ...tableWrite]);
    allowReading(data.archive, lambda, ['archive/']);
    allowReading(data.exchange, lambda, ['reports/']);
    allowWriting(data.exchange, lambda, ['reports/']);
    allowDeleting(data.exchange, lambda, ['reports/']);
    reports.deadLetters.grantSendMessages(lambda);
    this.watchArchive(stage, route, make);
    return lambda;
  }

  /** Every report verifies the archive: what it finds must not stay on its cover. */
  private watchArchive(stage: Stage, route: AlarmRoute, { logGroup }: ServiceFunction): void {
    addLogLineAlarm(this, 'ChainBroken', {
      stage,
      route,
      logGroup,
      code: LogCode.ArchiveBroken,
      metricName: 'ArchiveBroken',
      errorImpact: 'The archive does not fit its own chain: it may have been altered, and audit evidence is in doubt.',
      section: 'archive-broken',
    });
  }

  private addTending({ reports }: ProcessingStack): void {
    new Schedule(this, 'Tending', {
      description: 'Asks for the reports of the parameters that fell due, and clears away files of reports that are past keeping',
      schedule: ScheduleExpression.cron({ hour: '5', minute: '30', timeZone: TimeZone.ASIA_SHANGHAI }),
      target: new SqsSendMessage(reports.queue, {
        input: ScheduleTargetInput.fromObject({ v: 1, kind: 'tend-reports' }),
        deadLetterQueue: reports.deadLetters,
      }),
    });
  }
}
