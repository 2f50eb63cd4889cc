import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Tries of one request, and how long each waits for a connection and for the next bytes of an answer. */
const ATTEMPTS = 5;
const CONNECTING_MS = 2_000;
const SILENT_MS = 5_000;

/**
 * The client of the table; region, endpoint and credentials come from the environment. The SDK would wait five minutes on a
 * connection that died in silence, longer than most functions may run; the table answers in milliseconds or not at all.
 */
export function connectDynamo(): DynamoDBClient {
  const requestHandler = { connectionTimeout: CONNECTING_MS, socketTimeout: SILENT_MS };
  return new DynamoDBClient({ maxAttempts: ATTEMPTS, requestHandler });
}

/** The client as it reads and writes plain values. The settings are kept with the client: two views of it must not differ. */
export function documentsOf(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
