import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningHost, scratch, startHost } from '../whole-way/running-host.ts';
import { type OpenBrowser, openBrowser } from './browser-from-npm.ts';

const NOW = '2024-04-20T09:00:00+08:00';

let browser: OpenBrowser;
let host: RunningHost;
let remove = async () => {};

beforeAll(async () => {
  const folder = await scratch('page');
  remove = folder.remove;
  [browser, host] = await Promise.all([openBrowser(), startHost(folder.root, ['--households', '40', '--now', NOW])]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await remove();
});

/** The reader page in a fresh browser profile, with every complaint of the browser. */
async function openPage(): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused request is answered on the page; the browser mentions it besides.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto(`${host.address}/`);
  await page.locator('details.op').first().waitFor();
  return { page, complaints };
}

/** Opens an operation, presses its button and gives what it answered. */
async function send(
  page: Page,
  method: string,
  path: string,
  button: string,
  fill?: (card: string) => Promise<void>,
): Promise<string> {
  const card = `details.op:has(> summary > .verb.${method}):has(> summary > code:text-is("${path}"))`;
  const open = await page.locator(card).evaluate((details) => details.hasAttribute('open'));
  if (!open) await page.locator(`${card} > summary`).click();
  await fill?.(card);
  await page.locator(`${card} button:text-is("${button}")`).click();
  const answer = page.locator(`${card} pre.answer`);
  await answer.filter({ hasText: /^\d{3} / }).waitFor();
  return (await answer.textContent()) ?? '';
}

describe('the reader page in a browser', () => {
  it('opens in Chinese with the demo accounts and every operation, without a complaint of the browser', async () => {
    const { page, complaints } = await openPage();
    expect(await page.title()).toBe('主动救助预警平台接口');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await page.locator('#account option').allTextContents()).toContain('县级主管 · supervisor');
    expect(await page.locator('details.op > summary > .verb').count()).toBeGreaterThanOrEqual(10);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('asks for a sign-in, then shows warnings with reasons and a household', async () => {
    const { page, complaints } = await openPage();
    expect(await send(page, 'get', '/api/v1/warnings', '发送')).toMatch(/^401[\s\S]*请登录后/);

    await page.locator('#account').selectOption('province');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('status').filter({ hasText: '当前账号：全域主管' }).waitFor();
    const list = await send(page, 'get', '/api/v1/warnings', '发送', async (card) => {
      await page.locator(`${card} pre.answer`).evaluate((answer) => answer.replaceChildren());
    });
    expect(list).toMatch(/^200[\s\S]*"gradeTitle"[\s\S]*医疗自付/);
    const household = /"household": "(H\w+)"/.exec(list)?.[1] ?? '';
    const shown = await send(page, 'get', '/api/v1/households/{id}', '发送', async (card) => {
      await page
        .getByLabel('id', { exact: true })
        .and(page.locator(`${card} input`))
        .fill(household);
    });
    expect(shown).toMatch(/^200[\s\S]*"members"/);
    // Numbers are never whole, whoever looks.
    expect(shown).not.toMatch(/\d{17}[\dX]/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('speaks English when asked and stays signed in', async () => {
    const { page, complaints } = await openPage();
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('status').filter({ hasText: '当前账号' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('status').filter({ hasText: 'Signed in as county supervisor' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    // The sign-in panel lists accounts in the language of the page; the toggle alone is in the other one.
    const text = (await page.locator('#main').innerText()).replace('中文', '');
    expect(text).not.toMatch(/\p{Script=Han}/u);
    expect(await send(page, 'get', '/api/v1/me', 'Send')).toMatch(/^200[\s\S]*"supervisor"/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('fits a phone without sideways scrolling', async () => {
    const { page } = await openPage();
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    await page.context().close();
  });

  it('sends a token to its own host only: the policy forbids other addresses', async () => {
    const { page } = await openPage();
    const refused = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)`);
    expect(refused).toBe('TypeError');
    const response = await page.request.get(`${host.address}/`);
    expect(response.headers()['content-security-policy']).toContain("connect-src 'self'");
    await page.context().close();
  });
});
