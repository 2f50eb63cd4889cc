import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StreamRecord, StreamValue } from '../../shared/adapters/aws/stream-events.ts';

type Image = Readonly<Record<string, unknown>>;

/** A value as the service writes it on the stream. */
function streamed(value: unknown): StreamValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(streamed) };
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return { NULL: true };
  return { M: streamedMap(value) };
}

function streamedMap(image: object): Record<string, StreamValue> {
  const held = Object.entries(image).filter(([, value]) => value !== undefined);
  return Object.fromEntries(held.map(([name, value]) => [name, streamed(value)]));
}

interface Written {
  readonly Item?: Image;
  readonly Attributes?: Image;
  readonly RequestItems?: Readonly<Record<string, readonly { readonly PutRequest?: { readonly Item?: Image } }[]>>;
}

/**
 * Stands in for the table's stream, which the local server lacks: notes the new image of every write that changed an
 * item, as the service does, from what the client sends and what comes back.
 */
export class ChangeRecorder {
  readonly records: StreamRecord[] = [];
  readonly #images = new Map<string, Image>();

  /** Listens to every write of a client from now on. */
  listenTo(client: DynamoDBClient): void {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = String(context['commandName']);
        const sent = args.input as Written;
        // An update does not send the whole item; the server is asked to answer with it.
        if (command === 'UpdateItemCommand') Object.assign(args.input, { ReturnValues: 'ALL_NEW' });
        const answer = await next(args);
        if (command === 'PutItemCommand') this.#note(sent.Item);
        if (command === 'UpdateItemCommand') this.#note((answer.output as Written).Attributes);
        if (command === 'BatchWriteItemCommand') {
          for (const request of Object.values(sent.RequestItems ?? {}).flat()) this.#note(request.PutRequest?.Item);
        }
        return answer;
      },
      { step: 'initialize', name: 'change-recorder' },
    );
  }

  #note(image: Image | undefined): void {
    if (image === undefined) return;
    const key = `${String(image['pk'])}\n${String(image['sk'])}`;
    const before = this.#images.get(key);
    if (before !== undefined && isDeepStrictEqual(before, image)) return;
    this.#images.set(key, structuredClone(image));
    this.records.push({
      eventName: before === undefined ? 'INSERT' : 'MODIFY',
      dynamodb: { SequenceNumber: String(this.records.length + 1), NewImage: streamedMap(image) },
    });
  }
}
