import { powertoolsTelemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { connect } from './deps.ts';
import { readEnv } from './env.ts';
import { createHandler, type KeepAnswer } from './handler.ts';

const telemetry = powertoolsTelemetry();
const handle = createHandler(connect(readEnv(process.env), process.env, telemetry));

/** Left to finish the page in hand and write down how far the work came. */
const LAST_MS = 60_000;

/** Entry point of the Lambda function. */
export const handler = (
  event: unknown,
  context: { readonly awsRequestId: string; readonly getRemainingTimeInMillis: () => number },
): Promise<KeepAnswer> =>
  telemetry.invocation(context.awsRequestId, () => handle(event, () => context.getRemainingTimeInMillis() < LAST_MS));
