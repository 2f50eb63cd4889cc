import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../functions/serve-api/openapi.ts';
import { readerPage } from '../../functions/serve-api/reader-page.ts';
import { VERSION } from '../../functions/serve-api/version.ts';

/*
 * Run while a function is bundled: `node write-openapi.ts <folder>` writes the OpenAPI document beside its code, in each language,
 * and the page that shows it: what makes the document is a twentieth of the bundle, and both are the same at every start.
 */
const [to = ''] = process.argv.slice(2);
for (const language of ['zh', 'en'] as const) {
  writeFileSync(join(to, `openapi.${language}.json`), JSON.stringify(openApiDocument(language, VERSION)));
}
writeFileSync(join(to, 'reader-page.json'), JSON.stringify(readerPage));
