import { hkdfSync } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { PermanentError } from '../../ports/errors.ts';
import { atEdge } from './service-errors.ts';

/** The two keys of the platform, 32 bytes each. */
export interface CloudKeys {
  /** For every keyed hash: pseudonyms, names, natural keys. */
  readonly pseudonymSecret: Uint8Array;
  /** For sealing identities and sensitive fields. */
  readonly dataKey: Uint8Array;
}

const Secret = z.object({ seed: z.string().min(43) });

function derive(seed: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', seed, 'aidwatch', purpose, 32));
}

/**
 * Derives the keys (HKDF-SHA-256, one purpose each) from the seed in Secrets Manager, which its KMS key seals. The secret
 * is JSON `{ "seed": … }` with at least 256 bits in it, made once by the data stack. Throws PermanentError when it is not.
 */
export async function loadKeys(secretId: string, client = new SecretsManagerClient({ maxAttempts: 5 })): Promise<CloudKeys> {
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
  const { seed } = secret.data;
  return { pseudonymSecret: derive(seed, 'pseudonym'), dataKey: derive(seed, 'data-key') };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
