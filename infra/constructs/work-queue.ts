import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LAST_ATTEMPT } from '../../functions/last-attempt.ts';
import { type AlarmRoute, ImpactAlarm } from './impact-alarm.ts';

interface WorkQueueProps {
  readonly route: AlarmRoute;
  /** Timeout of the function that reads it. */
  readonly consumerTimeout: Duration;
  /**
   * How long a message that was taken stays hidden; six times the timeout unless said otherwise, below which a batch that is
   * retried while the function is throttled would be worked on twice at once.
   */
  readonly hiddenFor?: Duration;
  /** Who is hurt when messages end as dead letters. */
  readonly deadLetterImpact: string;
  /** Sounds when the oldest message waits longer than this. */
  readonly waitsAtMost: Duration;
  /** Who is hurt when messages wait. */
  readonly waitImpact: string;
}

/** A queue with its dead letters and the two alarms it must have. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      // SSE-SQS: EventBridge and Scheduler send without rights on a key of ours.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: props.hiddenFor ?? Duration.seconds(props.consumerTimeout.toSeconds() * 6),
      // The function buries a message with its reason at its last attempt; this is the net for a function that died.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: LAST_ATTEMPT + 1 },
    });
    new ImpactAlarm(this, 'Dead', {
      route: props.route,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      above: 0,
      errorImpact: props.deadLetterImpact,
      section: 'dead-letters',
    });
    new ImpactAlarm(this, 'Waiting', {
      route: props.route,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      above: props.waitsAtMost.toSeconds(),
      periods: 3,
      errorImpact: props.waitImpact,
      section: 'messages-waiting',
    });
  }
}
