import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { DirectUpload } from '../../../functions/serve-api/api-deps.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { PermanentError } from '../../../shared/ports/errors.ts';
import type { ObjectStore, UploadLinks } from '../../../shared/ports/object-store.ts';

/** What an upload link entitles to: one key under inbox/, until a moment (ms since 1970). */
const Entitlement = z.tuple([z.literal('upload'), z.string().startsWith('inbox/'), z.int()]);

/**
 * The local counterpart of pre-signed links: the link carries the key and its expiry, signed with the token secret, so the
 * sender needs no further sign-in. A file is taken once whole and within `maxBytes`; `announce` then tells the platform.
 */
export function localUploads(deps: {
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly store: Pick<ObjectStore, 'write'>;
  readonly announce: (key: string) => Promise<void>;
  readonly maxBytes: number;
}): UploadLinks & DirectUpload {
  const sign = (text: string) => createHmac('sha256', deps.secret).update(`upload-link\0${text}`).digest();
  return {
    async uploadUrl(key, seconds) {
      const until = Date.parse(deps.clock.now()) + seconds * 1000;
      const claim = Buffer.from(JSON.stringify(['upload', key, until])).toString('base64url');
      return `/api/v1/uploads/${claim}.${sign(claim).toString('base64url')}`;
    },
    async receive(token, body) {
      const [claim = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(claim);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw new PermanentError('upload-link-invalid', 'the upload link was not issued here');
      const [, key, until] = Entitlement.parse(JSON.parse(Buffer.from(claim, 'base64url').toString('utf8')));
      if (Date.parse(deps.clock.now()) > until) throw new PermanentError('upload-link-invalid', 'the upload link has expired');
      const counted = { size: 0 };
      await deps.store.write(key, limited(body, deps.maxBytes, counted));
      await deps.announce(key);
      return { file: key.slice('inbox/'.length), size: counted.size };
    },
  };
}

async function* limited(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  counted: { size: number },
): AsyncIterable<Uint8Array> {
  for await (const chunk of body ?? []) {
    counted.size += chunk.byteLength;
    if (counted.size > maxBytes) throw new PermanentError('upload-too-large', 'the file is larger than this host takes');
    yield chunk;
  }
}
