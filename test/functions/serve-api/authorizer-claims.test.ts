import { describe, expect, it } from 'vitest';
import { principalOfAuthorizer } from '../../../functions/serve-api/authorizer-claims.ts';
import { createHandler } from '../../../functions/serve-api/handler.ts';
import { demoApi } from './demo-api.ts';

const claims = { sub: 'u1', 'cognito:groups': '[caseworker]', 'custom:areas': '411122' };

describe('principalOfAuthorizer', () => {
  it('reads the claims the authorizer verified', () => {
    expect(principalOfAuthorizer({ event: { requestContext: { authorizer: { jwt: { claims, scopes: null } } } } })).toEqual({
      id: 'u1',
      roles: ['caseworker'],
      areas: ['411122'],
      departments: [],
    });
  });

  it.each([[undefined], [{}], [{ event: { requestContext: {} } }], [{ event: { headers: { authorization: 'Bearer x' } } }]])(
    'sees nobody in %j',
    (env) => {
      expect(principalOfAuthorizer(env)).toBeUndefined();
    },
  );
});

describe('behind the HTTP API', () => {
  const event = (path: string, authorizer?: object) => ({
    version: '2.0' as const,
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'accept-language': 'en' },
    body: null,
    isBase64Encoded: false,
    requestContext: { http: { method: 'GET', path }, domainName: 'api.example', ...(authorizer ? { authorizer } : {}) },
  });

  it('answers the signed-in user of the authorizer, and 401 without one', async () => {
    const deps = demoApi(undefined, { authenticate: async (_, env) => principalOfAuthorizer(env) }).deps;
    const handle = createHandler(deps);
    const call = (path: string, authorizer?: object) => handle(event(path, authorizer) as never, {} as never);
    expect(await call('/api/v1/me', { jwt: { claims } })).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining('"u1"'),
    });
    expect(await call('/api/v1/me')).toMatchObject({ statusCode: 401 });
    expect(await call('/api/v1/openapi.json')).toMatchObject({ statusCode: 200 });
  });
});
