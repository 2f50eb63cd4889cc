import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { PermanentError } from '../../ports/errors.ts';
import type { DataKeys } from '../../registry/sealing.ts';
import { ATTEMPTS, answersSoon } from './client-limits.ts';
import { atEdge } from './service-errors.ts';

/** The two keys of the platform, 32 bytes each. */
export interface CloudKeys {
  /** For every keyed hash: pseudonyms, names, natural keys. */
  readonly pseudonymSecret: Uint8Array;
  /** For sealing identities and sensitive fields. */
  readonly dataKeys: DataKeys;
}

/**
 * The first data key comes from the seed. Once the data key was changed, the others stand beside it by number, and `current`
 * says which one seals; `firstKeyRetired` that nothing is sealed with the first any more.
 */
const Secret = z.object({
  seed: z.string().min(43),
  dataKeys: z.record(z.string().regex(/^[1-9]\d{0,5}$/), z.base64().length(44)).optional(),
  current: z.int().min(1).optional(),
  firstKeyRetired: z.literal(true).optional(),
});

function derive(seed: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', seed, 'aidwatch', purpose, 32));
}

/**
 * Derives the keys (HKDF-SHA-256, one purpose each) from the seed in Secrets Manager, which its KMS key seals. The secret
 * is JSON `{ "seed": … }` with at least 256 bits in it, made once by the data stack. Throws PermanentError when it is not.
 */
export async function loadKeys(
  secretId: string,
  client = new SecretsManagerClient({ maxAttempts: ATTEMPTS, requestHandler: answersSoon() }),
): Promise<CloudKeys> {
  const { SecretString } = await atEdge('SecretsManager GetSecretValue', () =>
    client.send(new GetSecretValueCommand({ SecretId: secretId })),
  );
  const secret = Secret.safeParse(parsed(SecretString));
  if (!secret.success) {
    throw new PermanentError(
      'KEYS_SECRET_SHAPE',
      '密钥机密的内容不符，应为 {"seed": 至少 43 个字符}。 / the keys secret is not of the form {"seed": at least 43 characters}.',
    );
  }
  const { seed, dataKeys = {}, current = 1, firstKeyRetired } = secret.data;
  const held = new Map<number, Uint8Array>(
    Object.entries(dataKeys).map(([id, key]) => [Number(id), new Uint8Array(Buffer.from(key, 'base64'))]),
  );
  if (firstKeyRetired !== true) held.set(1, derive(seed, 'data-key'));
  return {
    pseudonymSecret: derive(seed, 'pseudonym'),
    dataKeys: { current: () => current, keyOf: (id) => held.get(id) },
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
