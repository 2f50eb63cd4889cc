import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Role } from '../../shared/access/principal.ts';
import type { Cloud } from './set-up.ts';

/** SDK clients that speak to the emulator. */
export function clientsOf(endpoint: string) {
  const settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return {
    dynamo: () => new DynamoDBClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    s3ForLinks: new S3Client({ ...settings, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    sqs: new SQSClient(settings),
    sfn: new SFNClient(settings),
    secrets: new SecretsManagerClient(settings),
  };
}

/** A user to be made in the pool: groups are roles, areas as the policy reads them. */
export interface CloudUser {
  readonly name: string;
  readonly role: Role;
  readonly areas: string;
  readonly departments?: string;
}

const PASSWORD = 'Cloud-Test-1234';
const SignedIn = z.object({ AuthenticationResult: z.object({ IdToken: z.string() }) });

/** Makes the user and signs in; answers the identity token. */
export async function signIn(cloud: Cloud, user: CloudUser): Promise<string> {
  const pool = { UserPoolId: cloud.UserPoolId, Username: user.name };
  await cognito(cloud, 'AdminCreateUser', {
    ...pool,
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'custom:areas', Value: user.areas },
      ...(user.departments === undefined ? [] : [{ Name: 'custom:departments', Value: user.departments }]),
    ],
  });
  await cognito(cloud, 'AdminSetUserPassword', { ...pool, Password: PASSWORD, Permanent: true });
  await cognito(cloud, 'AdminAddUserToGroup', { ...pool, GroupName: user.role });
  const answer = await cognito(cloud, 'AdminInitiateAuth', {
    UserPoolId: cloud.UserPoolId,
    ClientId: cloud.ClientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: user.name, PASSWORD },
  });
  return SignedIn.parse(answer).AuthenticationResult.IdToken;
}

// One call of four operations does not justify a client library; the emulator checks no signature.
async function cognito(cloud: Cloud, operation: string, body: object): Promise<unknown> {
  const response = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Calls the deployed HTTP API. */
export async function callApi(
  cloud: Cloud,
  path: string,
  options: { readonly token?: string; readonly purpose?: string; readonly body?: object } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  // The address by path: a machine without wildcard names for localhost cannot resolve <api>.execute-api.localhost.
  const response = await fetch(`${cloud.endpoint}/_aws/execute-api/${cloud.ApiId}/$default${path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.purpose === undefined ? {} : { 'x-purpose': options.purpose }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
