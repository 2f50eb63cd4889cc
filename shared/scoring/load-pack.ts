import { parseDocument } from 'yaml';
import { parsePack, type RulePack } from './pack.ts';
import { PackError } from './pack-error.ts';

/**
 * Reads a rule pack from YAML text. `where` names the file in errors.
 * @throws PackError `pack-not-yaml` or `pack-wrong-shape`, with every fault and its place
 */
export function loadPack(text: string, where: string): RulePack {
  // YAML 1.2 core: dates stay text, so 2024-01-01 is not turned into a moment in some time zone.
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new PackError(
      'pack-not-yaml',
      where,
      document.errors.map((error) => {
        const at = error.linePos?.[0];
        const place = at === undefined ? '' : `line ${at.line}, column ${at.col}`;
        return { path: place, message: { zh: `不是有效的 YAML:${error.code}`, en: `not valid YAML: ${error.code}` } };
      }),
    );
  }
  return parsePack(document.toJS({ maxAliasCount: 200 }), where);
}
