import { join } from 'node:path';
import { dataKeysIn } from '../../shared/adapters/embedded/key-file.ts';
import { resealPage } from '../../shared/registry/reseal.ts';
import { KEY_FILE } from './data-directory.ts';
import type { Platform } from './platform.ts';
import { tell } from './print.ts';

/**
 * Seals what people wrote on cases, notices and findings under a version that kept it as it was written, and clears what is left of
 * it in the database. Once; broken off anywhere, the next start goes on. For the process that runs the data directory.
 */
export async function sealWordsOfBefore({ stores, sealer, dataDir }: Platform): Promise<void> {
  let after = stores.sealed.wordsOfBefore();
  if (after === undefined) return;
  const { current } = dataKeysIn(join(dataDir, KEY_FILE));
  tell('正在加密以前的办件文字，只需一次 / sealing what was written on cases before; this is done once');
  do {
    const { missed, next } = await resealPage(stores.sealed, sealer, current, after);
    // A page somebody wrote to meanwhile is looked at again.
    if (missed === 0) after = next;
  } while (after !== undefined);
  stores.rewrite();
  stores.sealed.allWordsSealed();
}
