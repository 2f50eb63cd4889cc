import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packsOfFolder } from '../pack-folder.ts';

/*
 * Run while a function is bundled: `node write-packs.ts <folder of YAML packs> <folder to write JSON to>`. A pack that is
 * not in order stops the deployment here instead of the function at its first start.
 */
const [from = '', to = ''] = process.argv.slice(2);
packsOfFolder(from);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from).filter((file) => file.endsWith('.yaml'))) {
  const pack: unknown = parse(readFileSync(join(from, name), 'utf8'), { schema: 'core', uniqueKeys: true });
  writeFileSync(join(to, name.replace(/\.yaml$/, '.json')), JSON.stringify(pack));
}
