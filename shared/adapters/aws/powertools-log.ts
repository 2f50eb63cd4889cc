import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as MetricsBuffer, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Log, LogFields, Metrics } from '../../ports/log.ts';

/** Log and metrics of one function, and what to do around each invocation. */
export interface Telemetry {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Runs one invocation: nothing it put into the log's keys outlives it, and its counters are written at its end, even when it throws. */
  readonly invocation: <Answer>(requestId: string, work: () => Promise<Answer>) => Promise<Answer>;
}

/** JSON log lines and embedded metrics on standard output, as CloudWatch reads them. Service and namespace come from the environment. */
export function powertoolsTelemetry(): Telemetry {
  const logger = new Logger();
  const buffer = new MetricsBuffer();
  const line = (fields: LogFields | undefined) => (fields === undefined ? {} : { fields: { ...fields } });
  return {
    log: {
      info: (code, fields) => logger.info(code, line(fields)),
      warn: (code, fields) => logger.warn(code, line(fields)),
      error: (code, fields) => logger.error(code, line(fields)),
    },
    metrics: { count: (name, value) => buffer.addMetric(name, MetricUnit.Count, value) },
    async invocation(requestId, work) {
      logger.appendKeys({ requestId });
      try {
        return await work();
      } finally {
        logger.resetKeys();
        if (buffer.hasStoredMetrics()) buffer.publishStoredMetrics();
      }
    },
  };
}
