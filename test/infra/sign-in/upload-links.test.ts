import { describe, expect, it } from 'vitest';
import { localUploads } from '../../../infra/local/sign-in/upload-links.ts';
import { type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';

function host(maxBytes = 100) {
  const written = new Map<string, string>();
  const announced: string[] = [];
  const state = { now: '2024-04-01T00:00:00.000Z' as Instant };
  const uploads = localUploads({
    secret: new Uint8Array(32).fill(5),
    clock: { now: () => state.now },
    store: {
      write: async (key, body) => {
        const parts: Uint8Array[] = [];
        for await (const part of body instanceof Uint8Array ? [body] : body) parts.push(part);
        written.set(key, Buffer.concat(parts).toString());
      },
    },
    announce: async (key) => {
      announced.push(key);
    },
    maxBytes,
  });
  const token = async (key: string) => (await uploads.uploadUrl(key, 900)).replace('/api/v1/uploads/', '');
  return { uploads, token, written, announced, wait: (ms: number) => (state.now = instantOf(Date.parse(state.now) + ms)) };
}

const body = (text: string) => new Response(text).body;
const KEY = 'inbox/education/enrolment/2024-03/名单.csv';

describe('local upload links', () => {
  it('take the bytes to the key of the link and announce it', async () => {
    const { uploads, token, written, announced } = host();
    expect(await uploads.receive(await token(KEY), body('姓名'))).toEqual({ file: KEY.slice(6), size: 6 });
    expect([...written]).toEqual([[KEY, '姓名']]);
    expect(announced).toEqual([KEY]);
  });

  it('expire', async () => {
    const { uploads, token, wait } = host();
    const link = await token(KEY);
    wait(900_001);
    await expect(uploads.receive(link, body('x'))).rejects.toMatchObject({ code: 'upload-link-invalid' });
  });

  it('cannot be altered or made up', async () => {
    const { uploads, token, written } = host();
    const [, signature] = (await token(KEY)).split('.');
    const other = Buffer.from(JSON.stringify(['upload', 'inbox/housing/x/2024-03/a.csv', 9e15])).toString('base64url');
    for (const link of [`${other}.${signature}`, `${other}.`, '', '.', 'x.y'])
      await expect(uploads.receive(link, body('x'))).rejects.toMatchObject({ code: 'upload-link-invalid' });
    expect(written.size).toBe(0);
  });

  it('keep and announce nothing of a file over the limit', async () => {
    const { uploads, token, written, announced } = host(3);
    await expect(uploads.receive(await token(KEY), body('1234'))).rejects.toMatchObject({ code: 'upload-too-large' });
    expect(written.size + announced.length).toBe(0);
  });
});
