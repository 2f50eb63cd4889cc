import type { LambdaContext, LambdaEvent } from 'hono/aws-lambda';
import { powertoolsTelemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { connect } from './deps.ts';
import { readEnv } from './env.ts';
import { createHandler } from './handler.ts';

const telemetry = powertoolsTelemetry();
const handle = createHandler(await connect(readEnv(process.env), telemetry));

/** Entry point of the Lambda function. */
export const handler = (event: LambdaEvent, context: LambdaContext) =>
  telemetry.invocation(context.awsRequestId, () => handle(event, context));
