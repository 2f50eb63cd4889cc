import { powertoolsTelemetry } from '../../shared/adapters/aws/powertools-log.ts';
import type { BatchAnswer, QueueEvent } from '../process-batch.ts';
import { connect } from './deps.ts';
import { readEnv } from './env.ts';
import { createHandler } from './handler.ts';

const telemetry = powertoolsTelemetry();
const handle = createHandler(connect(readEnv(process.env), telemetry));

/** Entry point of the Lambda function. */
export const handler = (event: QueueEvent, context: { readonly awsRequestId: string }): Promise<BatchAnswer> =>
  telemetry.invocation(context.awsRequestId, () => handle(event));
