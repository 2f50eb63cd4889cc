import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadKeys } from '../../../../shared/adapters/aws/load-keys.ts';

const secrets = mockClient(SecretsManagerClient);
const seed = 'kX9'.repeat(21);

beforeEach(() => secrets.reset());

describe('keys in the cloud', () => {
  it('are two different keys of 32 bytes, always the same for the same seed', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ seed }) });
    const keys = await loadKeys('keys');
    expect([keys.pseudonymSecret.length, keys.dataKey.length]).toEqual([32, 32]);
    expect(keys.pseudonymSecret).not.toEqual(keys.dataKey);
    expect(await loadKeys('keys')).toEqual(keys);
    secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ seed: `${seed}x` }) });
    expect((await loadKeys('keys')).dataKey).not.toEqual(keys.dataKey);
  });

  it.each([undefined, '', 'not JSON', '{}', '{"seed":"short"}'])('refuses the secret %j without repeating it', async (text) => {
    secrets.on(GetSecretValueCommand).resolves(text === undefined ? {} : { SecretString: text });
    const error: unknown = await loadKeys('keys').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'PermanentError', code: 'KEYS_SECRET_SHAPE' });
    expect(String(error)).not.toContain('short');
  });
});
