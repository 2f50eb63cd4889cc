import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningHost, scratch, startHost } from '../whole-way/running-host.ts';

/** Needs a Chromium: Debian's, or the one CHROMIUM names. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

let host: RunningHost;
let browser: Browser;
let page: Page;
let clean = async () => {};
/** What the page complained of. */
const complaints: string[] = [];

beforeAll(async () => {
  const { root, remove } = await scratch('browser');
  clean = remove;
  host = await startHost(root, ['--households', '500']);
  // As root, as in a container, Chromium starts only without its sandbox; it looks at nothing but this host.
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(host.address);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await clean();
});

/** The card of an operation, opened. */
async function operation(verb: 'GET' | 'POST', path: string): Promise<Locator> {
  const card = page.locator('details.op', {
    has: page
      .locator('summary', { has: page.getByText(verb, { exact: true }) })
      .filter({ has: page.getByText(path, { exact: true }) }),
  });
  if ((await card.getAttribute('open')) === null) await card.locator('summary').click();
  return card;
}

/** Presses the button; answers the status and the body shown. */
async function send(card: Locator): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = page.waitForResponse((response) => response.url().includes('/api/v1/'));
  await card.locator('button.send').click();
  const status = (await answer).status();
  await expect.poll(() => card.locator('pre.answer').textContent()).toMatch(new RegExp(`^${status} [^]*[}\\]]$`));
  const shown = (await card.locator('pre.answer').textContent()) ?? '';
  return { status, body: JSON.parse(shown.slice(shown.indexOf('\n'))) };
}

async function signInAs(user: string): Promise<void> {
  await page.getByLabel('账号', { exact: true }).selectOption(user);
  await page.getByRole('button', { name: '登录' }).click();
  await expect.poll(() => page.getByRole('status').textContent()).toContain('当前账号');
}

/** Does one of the example actions to a case. */
async function act(id: string, example: string) {
  const card = await operation('POST', '/api/v1/cases/{id}/actions');
  await card.getByLabel('id', { exact: true }).fill(id);
  await card.getByLabel('X-Purpose').fill('handling');
  await card.getByLabel('示例').selectOption(example);
  return send(card);
}

/** The case at the head of the worklist of visits. */
async function firstToVisit(): Promise<string> {
  const list = await operation('GET', '/api/v1/cases');
  await list.getByLabel('X-Purpose').fill('handling');
  await list.getByLabel('stage').selectOption('visit');
  const { status, body } = await send(list);
  expect(status).toBe(200);
  const [first] = (body as { items: readonly { id: string }[] }).items;
  if (first === undefined) throw new Error('nothing to visit in the demo county');
  return first.id;
}

describe('the reader page', () => {
  it('shows every operation of the document, in Chinese', async () => {
    const document = (await (await fetch(`${host.address}/api/v1/openapi.json`)).json()) as { paths: Record<string, object> };
    const operations = Object.values(document.paths).flatMap((item) => Object.keys(item));
    await expect.poll(() => page.locator('details.op .verb').count()).toBe(operations.length);
    expect(await page.title()).toBe('主动救助预警平台接口');
    expect(complaints).toEqual([]);
  });

  it('sends a picture as the file it is', async () => {
    await signInAs('caseworker');
    const id = await firstToVisit();
    const card = await operation('POST', '/api/v1/cases/{id}/attachments');
    await card.getByLabel('id', { exact: true }).fill(id);
    await card.getByLabel('X-Purpose').fill('handling');
    await card.getByLabel('kind').selectOption('photo');
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    await card.getByLabel('文件').setInputFiles({ name: '门牌.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
    expect(await send(card)).toMatchObject({ status: 201, body: { type: 'image/png' } });
  });

  it('takes a caseworker from sign-in to a closed case', async () => {
    await signInAs('caseworker');
    const id = await firstToVisit();

    const claimed = await act(id, 'claim');
    // Somebody of the village may have it already; then the visit is theirs, and the caseworker may make it all the same.
    expect([200, 409]).toContain(claimed.status);
    expect(await act(id, 'visit')).toMatchObject({ status: 200, body: { stage: 'review' } });
    const referred = await act(id, 'refer');
    expect(referred).toMatchObject({ status: 200, body: { stage: 'referral' } });

    await signInAs('handler');
    const answer = await operation('POST', '/api/v1/inbox/{id}/{referral}/answers');
    await answer.getByLabel('id', { exact: true }).fill(id);
    await answer.getByLabel('referral').fill('R1');
    await answer.getByLabel('X-Purpose').fill('handling');
    await answer.getByLabel('示例').selectOption('done');
    expect(await send(answer)).toMatchObject({ status: 200 });

    await signInAs('caseworker');
    await expect.poll(async () => (await act(id, 'look-again')).body).toMatchObject({ stage: 'closed' });
  });

  it('changes to English and keeps it', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await expect.poll(() => page.title()).toBe('Aidwatch API');
    await page.reload();
    await expect.poll(() => page.locator('h1').textContent()).toBe('Aidwatch API');
  });
});
