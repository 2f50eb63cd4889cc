import { describe, expect, it } from 'vitest';
import { createHandler, type FileDeps } from '../../../functions/normalize-file/handler.ts';
import { LogCode } from '../../../shared/ports/log.ts';

/** A host on which no object exists: each file asked for is noted and found gone. */
function host() {
  const asked: string[] = [];
  const buried: string[] = [];
  const codes: string[] = [];
  const say = (code: LogCode) => void codes.push(code);
  const deps = {
    exchange: { info: async (key: string) => void asked.push(key) },
    deadLetters: { bury: async (_queue: string, _body: string, reason: string) => void buried.push(reason) },
    queueOf: () => 'files',
    log: { info: say, warn: say, error: say },
    metrics: { count: () => undefined },
  } as unknown as FileDeps;
  return { asked, buried, codes, handle: createHandler(deps) };
}

function sqs(...bodies: readonly unknown[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: String(index),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:files',
      attributes: { ApproximateReceiveCount: '1' },
    })),
  };
}

/** As S3 announces it through EventBridge. */
function objectCreated(key: string) {
  return {
    version: '0',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    detail: { bucket: { name: 'exchange' }, object: { key, size: 5, etag: 'e', sequencer: '00' }, reason: 'PutObject' },
  };
}

describe('normalize-file', () => {
  it('reads the key of an announcement as it is: blanks, plus signs and Chinese are not encoded', async () => {
    const { asked, handle } = host();
    const key = 'inbox/medical-insurance/inpatient-settlement/2024-03/住院 1+1%20.csv';
    expect(await handle(sqs(objectCreated(key)))).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([key]);
  });

  it('takes our own message for the same', async () => {
    const { asked, handle } = host();
    await handle(sqs({ v: 1, kind: 'file-dropped', key: 'inbox/a/b/2024-03/c.csv' }));
    expect(asked).toEqual(['inbox/a/b/2024-03/c.csv']);
  });

  it('is done with a file that is gone by the time it is looked for', async () => {
    const { codes, buried, handle } = host();
    await handle(sqs(objectCreated('inbox/a/b/2024-03/c.csv')));
    expect(codes).toEqual([LogCode.FileGone]);
    expect(buried).toEqual([]);
  });

  it.each([
    ['an event of another service', { ...objectCreated('inbox/x'), source: 'aws.ec2' }],
    ['an event about a deletion', { ...objectCreated('inbox/x'), 'detail-type': 'Object Deleted' }],
    ['a message of a later version', { v: 2, kind: 'file-dropped', key: 'inbox/x' }],
    ['a message of another step', { v: 1, kind: 'sweep' }],
    ['text', 'inbox/x'],
  ])('buries %s with a reason and never looks for a file', async (_, body) => {
    const { asked, buried, handle } = host();
    expect(await handle(sqs(body))).toEqual({ batchItemFailures: [] });
    expect(buried).toEqual([expect.stringMatching(/^(UNKNOWN_MESSAGE|NOT_JSON): /)]);
    expect(asked).toEqual([]);
  });
});
