import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { type Principal, principalOfClaims } from '../../../shared/access/principal.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';

const ISSUER = 'aidwatch-local';
const AUDIENCE = 'aidwatch';
/** One working day. */
export const TOKEN_SECONDS = 8 * 3600;

/** The signed-in user of a request; undefined when its token is missing, wrong or expired. */
export type Authenticate = (request: Request) => Promise<Principal | undefined>;

/** What a token of the built-in issuer says; the claim names are those of the cloud's user pool. */
export interface TokenSubject {
  readonly user: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly areas: readonly string[];
  readonly departments: readonly string[];
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

/** Issues and checks the tokens of the built-in issuer: HS256 with a secret of 32 bytes that never leaves the machine. */
export function localTokens(
  secret: Uint8Array,
  clock: Clock,
): { issue(subject: TokenSubject): Promise<string>; readonly authenticate: Authenticate } {
  if (secret.length < 32) throw new RangeError('the token secret must have at least 32 bytes');
  return {
    issue(subject) {
      const now = Math.floor(Date.parse(clock.now()) / 1000);
      return new SignJWT({
        name: subject.name,
        'cognito:groups': [...subject.roles],
        'custom:areas': [...subject.areas],
        'custom:departments': [...subject.departments],
      })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(subject.user)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + TOKEN_SECONDS)
        .sign(secret);
    },
    async authenticate(request) {
      const token = bearerOf(request);
      if (token === undefined) return undefined;
      try {
        const { payload } = await jwtVerify(token, secret, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(clock.now()),
        });
        return principalOfClaims(payload);
      } catch {
        return undefined;
      }
    },
  };
}

const Discovery = z.object({ jwks_uri: z.url() });

/** Plain claim names of issuers that cannot set the user pool's. */
function asUserPool(payload: JWTPayload): Record<string, unknown> {
  return {
    ...payload,
    'cognito:groups': payload['cognito:groups'] ?? payload['roles'] ?? payload['groups'],
    'custom:areas': payload['custom:areas'] ?? payload['areas'],
    'custom:departments': payload['custom:departments'] ?? payload['departments'],
  };
}

/** Keys fetched in the clear could be anybody's; on this machine itself there is nobody between. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname)));
}

/** Names and addresses of this machine itself, as they stand in addresses. */
export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Whether the issuer's keys could not be had; anything else is wrong with the token. */
function isOutage(error: unknown): boolean {
  if (error instanceof errors.JOSEError) return KEYS_NOT_HAD.has(error.code);
  return error instanceof TypeError && error.cause !== undefined;
}

/** No answer in time, another than 200, and one that holds no keys. */
const KEYS_NOT_HAD: ReadonlySet<string> = new Set([errors.JWKSTimeout.code, errors.JOSEError.code, errors.JWKSInvalid.code]);

/**
 * Checks tokens of any OpenID Connect issuer (OIDC_ISSUER, OIDC_AUDIENCE): its keys are found by discovery on the first
 * token and kept. Asymmetric signatures only. Throws when the issuer or its keys cannot be had, so that an outage is not
 * answered as a wrong password.
 */
export function oidcTokens(issuer: string, audience: string): Authenticate {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const discover = async () => {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the OIDC issuer answered ${response.status} to discovery`);
    const { jwks_uri: keysAt } = Discovery.parse(await response.json());
    if (!isSafeAddress(keysAt)) throw new Error('the OIDC issuer names an address of its keys that is not https');
    return createRemoteJWKSet(new URL(keysAt));
  };
  const unreachable = () => new RetryLaterError('无法连接身份认证服务 / the OIDC issuer cannot be reached');
  return async (request) => {
    const token = bearerOf(request);
    if (token === undefined) return undefined;
    keys ??= discover();
    let found: Awaited<typeof keys>;
    try {
      found = await keys;
    } catch {
      keys = undefined;
      throw unreachable();
    }
    try {
      const { payload } = await jwtVerify(token, found, {
        issuer,
        audience,
        algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
        requiredClaims: ['exp', 'sub'],
      });
      return principalOfClaims(asUserPool(payload));
    } catch (error) {
      if (isOutage(error)) throw unreachable();
      return undefined;
    }
  };
}
