import { powertoolsTelemetry } from '../../shared/adapters/aws/powertools-log.ts';
import type { StreamRecord } from '../../shared/adapters/aws/stream-events.ts';
import type { BatchAnswer } from '../process-batch.ts';
import { connect } from './deps.ts';
import { readEnv } from './env.ts';
import { type BuriedAnswer, createHandler, createOrderHandler, type StreamEvent } from './handler.ts';

const telemetry = powertoolsTelemetry();
const deps = connect(readEnv(process.env), telemetry);
const handle = createHandler(deps);
const obey = createOrderHandler(deps);

/** Entry point of the Lambda function: the stream's, and that of a person who looks after what is buried. */
export const handler = (
  event: StreamEvent<StreamRecord> | object,
  context: { readonly awsRequestId: string },
): Promise<BatchAnswer | BuriedAnswer> =>
  telemetry.invocation(context.awsRequestId, async () =>
    'Records' in event ? handle(event as StreamEvent<StreamRecord>) : obey(event),
  );
