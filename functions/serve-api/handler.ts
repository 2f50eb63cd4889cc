import { handle } from 'hono/aws-lambda';
import type { ApiDeps } from './api-deps.ts';
import { createApp } from './app.ts';

/** The handler of the HTTP API's proxy events. */
export function createHandler(deps: ApiDeps): ReturnType<typeof handle> {
  return handle(createApp(deps));
}
