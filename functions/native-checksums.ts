import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Stands in the bundles for what the SDK reckons checksums and signatures with. Its own falls back to hashes written in JavaScript,
 * for browsers and for a Node without OpenSSL; Lambda's has it, and they were 9 kB of every bundle.
 */

/** A hash as the SDK asks for one; with a secret an HMAC. */
interface Checksum {
  readonly digestLength: number;
  update(data: string | Uint8Array): void;
  digest(): Promise<Uint8Array>;
  reset(): void;
}

function hashBy(algorithm: 'md5' | 'sha1' | 'sha256', digestLength: number) {
  return class implements Checksum {
    readonly digestLength = digestLength;
    readonly #secret: string | ArrayBuffer | Uint8Array | undefined;
    #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;
    constructor(secret?: string | ArrayBuffer | Uint8Array) {
      this.#secret = secret;
      this.#hash = this.#begun();
    }
    update(data: string | Uint8Array): void {
      this.#hash.update(data);
    }
    async digest(): Promise<Uint8Array> {
      // A hash may be asked for what it is so far and go on; an HMAC may not.
      return new Uint8Array('copy' in this.#hash ? this.#hash.copy().digest() : this.#hash.digest());
    }
    reset(): void {
      this.#hash = this.#begun();
    }
    #begun() {
      const secret = this.#secret;
      if (secret === undefined) return createHash(algorithm);
      return createHmac(algorithm, secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret);
    }
  };
}

export const Md5 = hashBy('md5', 16);
export const Sha1 = hashBy('sha1', 20);
export const Sha256 = hashBy('sha256', 32);

export class Crc32 implements Checksum {
  readonly digestLength = 4;
  #value = 0;
  update(data: string | Uint8Array): void {
    this.#value = crc32(data, this.#value);
  }
  async digest(): Promise<Uint8Array> {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, this.#value);
    return bytes;
  }
  reset(): void {
    this.#value = 0;
  }
}

// By these names the SDK passes it on, beside the checksums it has no other way to reckon.
export { Crc32 as Crc32Js, Crc32 as Crc32Node };

/** The hash of a stream, which is read to its end. */
export async function readableStreamHasher(
  hash: new () => Checksum,
  stream: AsyncIterable<string | Uint8Array>,
): Promise<Uint8Array> {
  const reckoned = new hash();
  for await (const chunk of stream) reckoned.update(chunk);
  return reckoned.digest();
}
