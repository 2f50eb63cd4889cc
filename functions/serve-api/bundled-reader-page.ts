import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { besideCode } from '../beside-code.ts';
import type { ReaderPage } from './reader-page.ts';

const Page = z.object({ html: z.string(), scriptHash: z.string() });

/** The reader page deployed beside the code (infra/constructs/write-openapi.ts). */
export function bundledReaderPage(): ReaderPage {
  return Page.parse(JSON.parse(readFileSync(besideCode('reader-page.json'), 'utf8')));
}
