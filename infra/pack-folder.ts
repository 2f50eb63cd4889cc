import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPack } from '../shared/scoring/load-pack.ts';
import type { RulePack } from '../shared/scoring/pack.ts';

/**
 * Every rule pack of a folder of YAML files, in the order of their names.
 * @throws PackError naming the file and all its faults
 */
export function packsOfFolder(folder: string): RulePack[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => loadPack(readFileSync(join(folder, name), 'utf8'), name));
}
