import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Where alarms of a stack go and where their runbook is. */
export interface AlarmRoute {
  readonly topic: ITopic;
  readonly runbook: string;
}

interface ImpactAlarmProps {
  readonly route: AlarmRoute;
  readonly metric: IMetric;
  /** The alarm sounds when the metric is above this. */
  readonly above: number;
  /** Periods of the metric in a row. */
  readonly periods?: number;
  /** Who is hurt and how, in words an operator can pass on: an alarm that hurts nobody should not exist. */
  readonly errorImpact: string;
  /** Section of the runbook. */
  readonly section: string;
}

/** An alarm that says who is hurt and where to read what to do. */
export class ImpactAlarm extends Construct {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${props.errorImpact} Runbook: ${props.route.runbook}#${props.section}`,
    });
    alarm.addAlarmAction(new SnsAction(props.route.topic));
  }
}
