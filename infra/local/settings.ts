import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PermanentError } from '../../shared/ports/errors.ts';

/** Stops a slip in the settings file from leaving an area without packs in silence. */
const Settings = z.strictObject({
  /** Longest prefix wins; the empty prefix is everybody else, people of unknown area included. */
  areaPacks: z.array(z.strictObject({ prefix: z.string().regex(/^\d{0,12}$/), packs: z.array(z.string()).min(1) })).min(1),
});
export type Settings = z.infer<typeof Settings>;

/** Which packs run where until somebody says otherwise; nobody is left without one. */
const DEFAULT_SETTINGS: Settings = {
  areaPacks: [
    { prefix: '', packs: ['henan-low-income'] },
    { prefix: '41', packs: ['henan-low-income'] },
    { prefix: '37', packs: ['shandong-low-income'] },
    { prefix: '1522', packs: ['hinggan-urban-hardship'] },
  ],
};

/**
 * Reads `settings.json` of a data directory; writes the defaults there first when there is none.
 * @throws PermanentError `SETTINGS` naming what is wrong where
 */
export function loadSettings(dataDir: string): Settings {
  const path = join(dataDir, 'settings.json');
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(DEFAULT_SETTINGS, null, 2)}\n`);
  const read = Settings.safeParse(parsed(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new PermanentError('SETTINGS', `settings.json${where}: ${issue?.message ?? 'not as expected'} (设置文件有误)`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
