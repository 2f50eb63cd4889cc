import * as z from 'zod';
import { type Principal, principalOfClaims } from '../../shared/access/principal.ts';

/** What the HTTP API's JWT authorizer hands over with a request whose token it has verified. */
const Bindings = z.object({
  event: z.object({
    requestContext: z.object({
      authorizer: z.object({ jwt: z.object({ claims: z.record(z.string(), z.unknown()) }) }),
    }),
  }),
});

/**
 * The signed-in user of a request that came through the HTTP API. Reads only what the authorizer verified, never the
 * Authorization header itself; a route without an authorizer has no user.
 */
export function principalOfAuthorizer(env: unknown): Principal | undefined {
  const read = Bindings.safeParse(env);
  return read.success ? principalOfClaims(read.data.event.requestContext.authorizer.jwt.claims) : undefined;
}
