import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A browser and how to be rid of it. */
export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts the Chromium that comes as an npm package, so that page tests need nothing installed beside it. The package unpacks
 * itself, with the system libraries a bare machine lacks, into the temporary folder; here that is a folder of this run.
 */
export async function openBrowser(): Promise<OpenBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'aidwatch-browser-'));
  process.env['TMPDIR'] = folder;
  // The package brings its libraries along only where it takes the machine for a function's: it looks for this name.
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x';
  const packaged = await import('@sparticuz/chromium');
  const browser = await chromium.launch({
    executablePath: await packaged.default.executablePath(),
    // One process for all, which suits a function, dies with the first page that is closed.
    args: packaged.default.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote'),
    headless: true,
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
