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
    const dataKey = keys.dataKeys.keyOf(1);
    expect([keys.pseudonymSecret.length, dataKey?.length, keys.dataKeys.current()]).toEqual([32, 32, 1]);
    expect(keys.pseudonymSecret).not.toEqual(dataKey);
    const again = await loadKeys('keys');
    expect([again.pseudonymSecret, again.dataKeys.keyOf(1)]).toEqual([keys.pseudonymSecret, dataKey]);
    secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ seed: `${seed}x` }) });
    expect((await loadKeys('keys')).dataKeys.keyOf(1)).not.toEqual(dataKey);
  });

  it('hold every data key while one is being changed, and the first no more once it is retired', async () => {
    const second = Buffer.alloc(32, 5).toString('base64');
    const given = async (more: object) => {
      secrets.on(GetSecretValueCommand).resolves({ SecretString: JSON.stringify({ seed, dataKeys: { '2': second }, ...more }) });
      return (await loadKeys('keys')).dataKeys;
    };
    const before = await given({});
    expect([before.current(), before.keyOf(2)]).toEqual([1, new Uint8Array(32).fill(5)]);
    const under = await given({ current: 2 });
    expect([under.current(), under.keyOf(1)?.length, under.keyOf(3)]).toEqual([2, 32, undefined]);
    expect((await given({ current: 2, firstKeyRetired: true })).keyOf(1)).toBeUndefined();
  });

  it.each([undefined, '', 'not JSON', '{}', '{"seed":"short"}'])('refuses the secret %j without repeating it', async (text) => {
    secrets.on(GetSecretValueCommand).resolves(text === undefined ? {} : { SecretString: text });
    const error: unknown = await loadKeys('keys').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'PermanentError', code: 'KEYS_SECRET_SHAPE' });
    expect(String(error)).not.toContain('short');
  });
});
