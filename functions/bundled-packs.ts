import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePack, type RulePack } from '../shared/scoring/pack.ts';
import { besideCode } from './beside-code.ts';

/**
 * The rule packs deployed beside the code, as JSON: turned from YAML when the function was bundled, so that no function
 * carries a YAML reader (a ninth of its size).
 * @throws PackError when one has not the shape of a pack
 */
export function bundledPacks(folder: string): RulePack[] {
  const beside = besideCode(folder);
  return readdirSync(beside)
    .filter((name) => name.endsWith('.json'))
    .map((name) => parsePack(JSON.parse(readFileSync(join(beside, name), 'utf8')), name));
}
