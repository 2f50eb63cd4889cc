import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { WRITES_WITH_MESSAGES } from '../../shared/adapters/aws/stream-messages.ts';
import { caseWorkflow, definitionVersion, PARTITION, WORK_CASES } from '../../shared/casework/workflow-definition.ts';
import { allowTable, tableRead, tableWrite } from '../constructs/data-rights.ts';
import { type AlarmRoute, ImpactAlarm } from '../constructs/impact-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';
import { type ProcessingStack, workTimeout } from './processing-stack.ts';

/** What sees a household through: the relay that fills the queue of casework, the workflow and its task logic. */
export class CaseworkStack extends Stack {
  readonly machineName: string;
  private readonly stage: Stage;
  private readonly data: DataStack;
  private readonly route: AlarmRoute;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack, { route, cases, reports }: ProcessingStack) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: casework` });
    this.stage = stage;
    this.data = data;
    this.route = route;

    // Its ARN is put together from the name: machine and function name each other.
    this.machineName = `Aidwatch-${stage.name}-Cases`;
    const arn = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: this.machineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const work = this.addWork(cases, arn);
    this.addWorkflow(work);
    this.addRelay(cases, reports);
    this.addTending(cases);

    new CfnOutput(this, 'CasesQueueUrl', { value: cases.queue.queueUrl });
    new CfnOutput(this, 'CasesDeadLettersUrl', { value: cases.deadLetters.queueUrl });
    new CfnOutput(this, 'StateMachineArn', { value: arn });
    new CfnOutput(this, 'WorkCasesArn', { value: work.functionArn });
  }

  private addWork(cases: WorkQueue, stateMachineArn: string): IFunction {
    const work = new ServiceFunction(this, 'WorkCases', {
      stage: this.stage,
      route: this.route,
      folder: 'work-cases',
      clock: true,
      description: 'Opens cases, starts and wakes their runs, and does the steps of the workflow',
      timeout: workTimeout,
      memory: 1024,
      environment: {
        [EnvName.Table]: this.data.table.tableName,
        [EnvName.CasesQueue]: cases.queue.queueUrl,
        [EnvName.CasesDeadLetters]: cases.deadLetters.queueUrl,
        [EnvName.StateMachine]: stateMachineArn,
        [EnvName.PacksDir]: 'packs',
        [EnvName.AreaPacks]: JSON.stringify(this.stage.areaPacks),
      },
      packs: true,
      parameters: true,
      errorImpact: 'Cases are not opened and their workflow stands still: families wait.',
    });
    const lambda = work.function;
    lambda.addEventSource(
      new SqsEventSource(cases.queue, { batchSize: 10, maxConcurrency: this.stage.workers, reportBatchItemFailures: true }),
    );
    allowTable(this.data.table, lambda, [...tableRead, ...tableWrite]);
    cases.queue.grantSendMessages(lambda);
    cases.deadLetters.grantSendMessages(lambda);
    const executions = stateMachineArn.replace(':stateMachine:', ':execution:');
    lambda.addToRolePolicy(
      new PolicyStatement({ actions: ['states:StartExecution', 'states:SendTaskSuccess'], resources: [stateMachineArn] }),
    );
    lambda.addToRolePolicy(new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [`${executions}:*`] }));
    return lambda;
  }

  private addWorkflow(work: IFunction): void {
    const role = new Role(this, 'WorkflowRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [work.functionArn] }));
    const definition = JSON.stringify({ Comment: `Aidwatch case workflow ${definitionVersion}`, ...caseWorkflow });
    const workflow = new StateMachine(this, 'Workflow', {
      stateMachineName: this.machineName,
      stateMachineType: StateMachineType.STANDARD,
      role,
      // A change of the definition is for new runs: a run that is under way keeps the one it began with.
      definitionBody: DefinitionBody.fromString(
        definition.replaceAll(PARTITION, this.partition).replaceAll(WORK_CASES, work.functionArn),
      ),
      logs: {
        destination: new LogGroup(this, 'WorkflowLog', {
          // By this prefix the service need not widen the resource policy of all logs for each group.
          logGroupName: `/aws/vendedlogs/states/${this.machineName}`,
          retention: this.stage.logRetention,
          removalPolicy: this.stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
      tracingEnabled: true,
      removalPolicy: this.stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const section = 'case-runs-failed';
    const period = Duration.minutes(5);
    const errorImpact = 'The workflow of some cases stands still: their clocks do not sound, and no department is reminded.';
    new ImpactAlarm(this, 'Failed', {
      route: this.route,
      metric: workflow.metricFailed({ period }),
      above: 0,
      errorImpact,
      section,
    });
    new ImpactAlarm(this, 'TimedOut', {
      route: this.route,
      metric: workflow.metricTimedOut({ period }),
      above: 0,
      errorImpact,
      section,
    });
  }

  private addRelay(cases: WorkQueue, reports: WorkQueue): void {
    const relay = new ServiceFunction(this, 'RelayMessages', {
      stage: this.stage,
      route: this.route,
      folder: 'relay-messages',
      description: 'Sends on the messages that were saved with a change',
      timeout: Duration.minutes(1),
      memory: 512,
      environment: {
        [EnvName.CasesQueue]: cases.queue.queueUrl,
        [EnvName.ReportsQueue]: reports.queue.queueUrl,
        [EnvName.CasesDeadLetters]: cases.deadLetters.queueUrl,
      },
      errorImpact:
        'Warnings open no cases, workflows are not told of moves and reports are not begun; after 24 hours these messages are lost.',
    });
    const lambda = relay.function;
    lambda.addEventSource(
      new DynamoEventSource(this.data.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        filters: [FilterCriteria.filter(WRITES_WITH_MESSAGES)],
        reportBatchItemFailures: true,
        // No retryAttempts and no age limit, as for the archive: the alarm below calls before the stream forgets.
      }),
    );
    for (const queue of [cases.queue, reports.queue, cases.deadLetters]) queue.grantSendMessages(lambda);
    new ImpactAlarm(this, 'RelayLag', {
      route: this.route,
      metric: lambda.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
      above: Duration.minutes(15).toMilliseconds(),
      errorImpact: 'Messages of the casework wait: warnings open no cases; what is older than 24 hours would be lost.',
      section: 'relay-lag',
    });
  }

  private addTending(cases: WorkQueue): void {
    new Schedule(this, 'Tending', {
      description: 'Gives every open case whose run has died another, and plans its clocks by the calendar as it is now',
      schedule: ScheduleExpression.cron({ hour: '4', minute: '30', timeZone: TimeZone.ASIA_SHANGHAI }),
      target: new SqsSendMessage(cases.queue, {
        input: ScheduleTargetInput.fromObject({ v: 1, kind: 'tend-cases' }),
        deadLetterQueue: cases.deadLetters,
      }),
    });
  }
}
