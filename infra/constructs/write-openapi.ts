import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../functions/serve-api/openapi.ts';
import { VERSION } from '../../functions/serve-api/version.ts';

/*
 * Run while a function is bundled: `node write-openapi.ts <folder>` writes the OpenAPI document beside its code, in each language:
 * what makes the document is a twentieth of the bundle, and the document is the same at every start.
 */
const [to = ''] = process.argv.slice(2);
for (const language of ['zh', 'en'] as const) {
  writeFileSync(join(to, `openapi.${language}.json`), JSON.stringify(openApiDocument(language, VERSION)));
}
