import { Duration } from 'aws-cdk-lib';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LogCode } from '../../shared/ports/log.ts';
import { metricNamespace, type Stage } from '../stages.ts';
import { type AlarmRoute, ImpactAlarm } from './impact-alarm.ts';

interface LogLineAlarmProps {
  readonly stage: Stage;
  readonly route: AlarmRoute;
  readonly logGroup: ILogGroup;
  readonly code: LogCode;
  /** Name of the metric that counts the lines, and id of the filter that makes it. */
  readonly metricName: string;
  readonly errorImpact: string;
  readonly section: string;
}

/** An alarm that sounds whenever a function logs a line of this code. */
export function addLogLineAlarm(scope: Construct, id: string, props: LogLineAlarmProps): void {
  const { stage, route, logGroup, code, metricName, errorImpact, section } = props;
  const lines = new MetricFilter(scope, metricName, {
    logGroup,
    filterPattern: FilterPattern.literal(`{ $.message = "${code}" }`),
    metricNamespace: metricNamespace(stage),
    metricName,
    metricValue: '1',
    defaultValue: 0,
  });
  const metric = lines.metric({ statistic: 'Sum', period: Duration.minutes(5) });
  new ImpactAlarm(scope, id, { route, metric, above: 0, errorImpact, section });
}
