import { readFileSync } from 'node:fs';
import { besideCode } from '../beside-code.ts';
import type { Language } from './language.ts';

/** The OpenAPI document deployed beside the code (infra/constructs/write-openapi.ts), as text. */
export function bundledOpenApi(language: Language): string {
  return readFileSync(besideCode(`openapi.${language}.json`), 'utf8');
}
