import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InboxWatch } from '../../../infra/local/inbox.ts';
import { openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';
import { eventually } from '../../whole-way/running-host.ts';
import { silentLog } from '../../whole-way/silent-log.ts';

const PLACE = 'housing/dilapidated-housing/2024-03';
/** 危房.csv as Chinese Windows writes it. */
const GBK_NAME = Buffer.concat([Buffer.from([0xce, 0xa3, 0xb7, 0xbf]), Buffer.from('.csv')]);
/** Bytes of no encoding. */
const NO_NAME = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('.csv')]);

describe('the inbox', () => {
  it('takes files whose names are not in UTF-8 under the names that were meant: they were never read and nobody was told', () =>
    withFolder(async (dataDir) => {
      const folder = join(dataDir, 'inbox', PLACE);
      mkdirSync(folder, { recursive: true });
      const at = (name: Buffer) => Buffer.concat([Buffer.from(`${folder}/`), name]);
      writeFileSync(join(folder, '危房.csv'), 'one of that name');
      writeFileSync(at(GBK_NAME), 'another');
      writeFileSync(at(NO_NAME), 'a third');
      const { objects: exchange, files: register, queue, close } = openEmbedded(dataDir);
      const inbox = new InboxWatch({ exchange, register, queue, log: silentLog }, 5);
      await inbox.start(dataDir);
      await eventually(
        () => queue.depth('files'),
        (depth) => depth === 3,
      );
      await inbox.stop();
      close();
      expect(readdirSync(folder).sort()).toEqual(['%ff%fe.csv', '危房.csv', '危房~2.csv']);
    }));
});
