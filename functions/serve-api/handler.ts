import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { ApiDeps } from './api-deps.ts';
import { createApp } from './app.ts';

/** The handler of the HTTP API's proxy events. */
export function createHandler(deps: ApiDeps) {
  const answer = handle(createApp(deps));
  return (event: LambdaEvent, context: LambdaContext) => answer(withoutIdleBody(event), context);
}

/** What comes as the body of a GET says nothing, as on one machine; the adapter would refuse the request in words of its own. */
function withoutIdleBody(event: LambdaEvent): LambdaEvent {
  if (!('rawPath' in event) || !/^(GET|HEAD)$/.test(event.requestContext.http.method)) return event;
  return { ...event, body: null };
}
