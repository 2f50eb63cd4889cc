import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Role } from '../../shared/access/principal.ts';
import type { SqsSettings } from '../../shared/adapters/aws/sqs-queues.ts';
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

/** The deployment's queues and their dead letters. */
export function queuesOf(cloud: Cloud, client: SQSClient): SqsSettings {
  return {
    urls: {
      files: cloud.FilesQueueUrl,
      updates: cloud.UpdatesQueueUrl,
      assessments: cloud.AssessmentsQueueUrl,
      cases: cloud.CasesQueueUrl,
      reports: cloud.ReportsQueueUrl,
    },
    deadLetterUrls: {
      files: cloud.FilesDeadLettersUrl,
      updates: cloud.UpdatesDeadLettersUrl,
      assessments: cloud.AssessmentsDeadLettersUrl,
      cases: cloud.CasesDeadLettersUrl,
      reports: cloud.ReportsDeadLettersUrl,
    },
    client,
    waitSeconds: 0,
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

function cognito(cloud: Cloud, operation: string, body: object): Promise<unknown> {
  return call(cloud, 'cognito-idp', `AWSCognitoIdentityProviderService.${operation}`, body);
}

const Rules = z.object({ Rules: z.array(z.object({ Name: z.string() })) });

/** While something is done, the deployment's buckets tell nobody of what is put into them. */
export async function unannounced(cloud: Cloud, done: () => Promise<void>): Promise<void> {
  const { Rules: rules } = Rules.parse(await call(cloud, 'events', 'AWSEvents.ListRules', {}));
  const dropped = rules.filter(({ Name }) => Name.startsWith('Aidwatch-test-'));
  const all = (operation: string) => Promise.all(dropped.map((rule) => call(cloud, 'events', `AWSEvents.${operation}`, rule)));
  await all('DisableRule');
  try {
    await done();
  } finally {
    await all('EnableRule');
  }
}

// A call of a few operations does not justify a client library; the emulator checks no signature.
async function call(cloud: Cloud, service: string, operation: string, body: object): Promise<unknown> {
  const response = await fetch(cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': operation,
      authorization: signed(service),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** How the API is called: with a body by POST, else by GET, unless a method is named. Bytes are sent as they are. */
interface ApiCall {
  readonly method?: 'PUT';
  readonly token?: string;
  readonly purpose?: string;
  /** Idempotency key. */
  readonly key?: string;
  readonly body?: object;
}

/** Where the deployed HTTP API answers: by path, for a machine without wildcard names for localhost cannot resolve <api>.execute-api.localhost. */
export function addressOf(cloud: Cloud, path: string): string {
  return `${cloud.endpoint}/_aws/execute-api/${cloud.ApiId}/$default${path}`;
}

/** Calls the deployed HTTP API. */
export async function callApi(
  cloud: Cloud,
  path: string,
  { method, token, purpose, key, body }: ApiCall = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const bytes = body instanceof Uint8Array;
  const response = await fetch(addressOf(cloud, path), {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(purpose === undefined ? {} : { 'x-purpose': purpose }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: bytes ? Buffer.from(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const Functions = z.object({
  Functions: z.array(
    z.object({
      FunctionName: z.string(),
      Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
    }),
  ),
});

/** The deployed functions whose names begin so, with their settings. */
export async function functionsOf(cloud: Cloud, prefix: string) {
  const answer = await lambda(cloud, 'GET', '?MaxItems=1000');
  return Functions.parse(answer)
    .Functions.filter(({ FunctionName }) => FunctionName.startsWith(prefix))
    .map(({ FunctionName, Environment }) => ({ name: FunctionName, environment: Environment?.Variables ?? {} }));
}

/** Gives a function other settings: its next call is answered by a copy that starts with them. */
export async function setEnvironment(cloud: Cloud, name: string, variables: Readonly<Record<string, string>>): Promise<void> {
  await lambda(cloud, 'PUT', `/${name}/configuration`, { Environment: { Variables: variables } });
}

/** Calls a function and waits for what it answers, be it an error of its own. */
export function invoke(cloud: Cloud, name: string, payload: object): Promise<unknown> {
  return lambda(cloud, 'POST', `/${name}/invocations`, payload);
}

async function lambda(cloud: Cloud, method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${cloud.endpoint}/2015-03-31/functions${path}`, {
    method,
    headers: { authorization: signed('lambda') },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} of a function answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The emulator goes by the service's name alone. */
function signed(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20240101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}
