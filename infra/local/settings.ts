import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PermanentError } from '../../shared/ports/errors.ts';
import { DEFAULT_AREA_PACKS } from '../../shared/scoring/pack-for-area.ts';
import { EncodingError, readWrittenText } from '../written-text.ts';
import { writeWhole } from './write-whole.ts';

/** Stops a slip in the settings file from leaving an area without packs in silence. */
const Settings = z.strictObject({
  /** Longest prefix wins; the empty prefix is everybody else, people of unknown area included. */
  areaPacks: z.array(z.strictObject({ prefix: z.string().regex(/^\d{0,12}$/), packs: z.array(z.string()).min(1) })).min(1),
});
export type Settings = z.infer<typeof Settings>;

/**
 * Reads `settings.json` of a data directory; writes the defaults there first when there is none.
 * @throws PermanentError `SETTINGS` naming what is wrong where
 */
export function loadSettings(dataDir: string): Settings {
  const path = join(dataDir, 'settings.json');
  if (!existsSync(path)) writeWhole(path, `${JSON.stringify({ areaPacks: DEFAULT_AREA_PACKS }, null, 2)}\n`);
  const read = Settings.safeParse(contentOf(path));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw refused(path, `${where}: ${issue?.message ?? 'not as expected'}`);
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readWrittenText(path));
  } catch (error) {
    if (error instanceof EncodingError) throw refused(path, `：${error.message}`);
    if (error instanceof SyntaxError) throw refused(path, '：不是有效的 JSON / not valid JSON');
    throw error;
  }
}

function refused(path: string, fault: string): PermanentError {
  return new PermanentError(
    'SETTINGS',
    `设置文件有误，请改正后重试 / settings are not as expected, correct them and start again: ${path}${fault}`,
  );
}
