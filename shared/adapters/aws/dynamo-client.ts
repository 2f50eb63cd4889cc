import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ATTEMPTS, answersSoon } from './client-limits.ts';

/** The client of the table; region, endpoint and credentials come from the environment. */
export function connectDynamo(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: ATTEMPTS, requestHandler: answersSoon() });
}

/** The client as it reads and writes plain values. The settings are kept with the client: two views of it must not differ. */
export function documentsOf(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
