import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as unbundled from '../../shared/adapters/aws/object-store.ts';
import * as clients from '../../shared/adapters/aws/s3-client.ts';
import * as links from '../../shared/adapters/aws/upload-links.ts';
import { collect } from '../contract/subject.ts';
import { asDeployed, PROJECT } from '../infra/deployed-bundle.ts';
import { type ObjectAndQueueServer, startObjectAndQueueServer } from './local-services.ts';

type Adapters = typeof unbundled & typeof clients & typeof links;

const scratch = mkdtempSync(join(tmpdir(), 'aidwatch-'));
let server: ObjectAndQueueServer;
let bundled: Adapters;
beforeAll(async () => {
  server = await startObjectAndQueueServer();
  const outfile = join(scratch, 'index.mjs');
  await build({
    ...asDeployed,
    stdin: {
      contents: ['object-store', 's3-client', 'upload-links']
        .map((name) => `export * from './shared/adapters/aws/${name}.ts';`)
        .join('\n'),
      resolveDir: PROJECT,
    },
    outfile,
  });
  bundled = await import(pathToFileURL(outfile).href);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', 'cn-north-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true });
  await server.stop();
});

describe('the S3 client as it is bundled', () => {
  it('keeps what it is given, whole or as a stream in parts, and gives it back', async () => {
    const store = bundled.s3ObjectStore(bundled.connectS3(process.env), await server.newBucket());
    async function* parts() {
      for (let n = 0; n < 140; n += 1) yield new Uint8Array(50_000).fill(n);
    }
    await store.write('small', new TextEncoder().encode('住院结算'));
    await store.write('large', parts());
    expect(Buffer.concat(await collect(store.read('small'))).toString('utf8')).toBe('住院结算');
    const large = Buffer.concat(await collect(store.read('large')));
    expect([large.length, large[49_999], large[50_000], large.at(-1)]).toEqual([7_000_000, 0, 1, 139]);
  });

  it('signs a link as the SDK does that is not bundled', async () => {
    vi.useFakeTimers({ now: new Date('2024-03-15T08:00:00Z'), toFake: ['Date'] });
    const [mine, theirs] = await Promise.all(
      [bundled, { ...clients, ...links }].map(({ connectS3, s3UploadLinks }) =>
        s3UploadLinks(connectS3(process.env, true), 'exchange').uploadUrl('inbox/医保/住院结算.csv', 900),
      ),
    );
    expect(mine).toContain('X-Amz-Signature=');
    expect(mine).toBe(theirs);
  });
});
