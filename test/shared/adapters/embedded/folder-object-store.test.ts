import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../../shared/adapters/embedded/folder-object-store.ts';
import { NoRoomError } from '../../../../shared/ports/errors.ts';
import { collect } from '../../../contract/subject.ts';
import { withFolder } from './data-folder.ts';

const body = new TextEncoder().encode('x');

describe('objects in folders', () => {
  it.each(['', '/', '/etc/passwd', '../x', 'inbox/../../x', 'inbox/./x', 'inbox//x', 'inbox/', 'inbox/x\0.csv', '.unfinished/x'])(
    'refuses the key %j for reading, writing and asking',
    (key) =>
      withFolder(async (folder) => {
        const store = new FolderObjectStore(join(folder, 'root'));
        const refusal = { name: 'PermanentError', code: 'unsafe-key' };
        await expect(store.write(key, body)).rejects.toMatchObject(refusal);
        await expect(store.info(key)).rejects.toMatchObject(refusal);
        await expect(collect(store.read(key))).rejects.toMatchObject(refusal);
        expect(readdirSync(folder)).toEqual([]);
      }),
  );

  it('refuses to list outside its root', () =>
    withFolder(async (folder) => {
      await expect(collect(new FolderObjectStore(join(folder, 'root')).list('../'))).rejects.toMatchObject({
        code: 'unsafe-key',
      });
    }));

  it('keeps what lies beside the exchange folders out of reach', () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, 'keys.json'), 'secret');
      mkdirSync(join(folder, 'archive'));
      writeFileSync(join(folder, 'archive', 'events-000001.jsonl'), '{}');
      const store = new FolderObjectStore(folder, ['inbox', 'rejects']);
      await store.write('inbox/a.csv', body);
      expect((await collect(store.list(''))).map((info) => info.key)).toEqual(['inbox/a.csv']);
      expect((await collect(store.list('inbox/'))).map((info) => info.key)).toEqual(['inbox/a.csv']);
      for (const key of ['keys.json', 'archive/events-000001.jsonl']) {
        await expect(store.info(key)).rejects.toMatchObject({ code: 'unsafe-key' });
        await expect(collect(store.read(key))).rejects.toMatchObject({ code: 'unsafe-key' });
      }
    }));

  it('does not follow links: they are not objects', () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, 'secret'), 'x');
      mkdirSync(join(folder, 'root', 'inbox'), { recursive: true });
      symlinkSync(join(folder, 'secret'), join(folder, 'root', 'inbox', 'link.csv'));
      symlinkSync(folder, join(folder, 'root', 'inbox', 'folder'));
      const store = new FolderObjectStore(join(folder, 'root'));
      expect(await collect(store.list(''))).toEqual([]);
      expect(await store.info('inbox/link.csv')).toBeUndefined();
      await expect(collect(store.read('inbox/link.csv'))).rejects.toMatchObject({ name: 'NotFoundError' });
    }));

  it('sees files that others put into the folder, and lists an absent root as empty', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(join(folder, 'root'));
      expect(await collect(store.list('inbox/'))).toEqual([]);
      mkdirSync(join(folder, 'root', 'inbox', '民政'), { recursive: true });
      writeFileSync(join(folder, 'root', 'inbox', '民政', '低保.csv'), '姓名\n');
      expect(await collect(store.list('inbox/'))).toMatchObject([{ key: 'inbox/民政/低保.csv', size: 7 }]);
    }));

  it('answers that a name too long for the file system is not there', () =>
    withFolder(async (folder) => {
      expect(await new FolderObjectStore(folder).info(`inbox/${'长'.repeat(200)}.csv`)).toBeUndefined();
    }));

  it('says that the disk is full, and leaves nothing half-written behind', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      await store.write('receipts/a.json', Buffer.from('first'));
      async function* untilFull(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('second');
        throw Object.assign(new Error('write'), { code: 'ENOSPC' });
      }
      const refused = store.write('receipts/a.json', untilFull());
      await expect(refused).rejects.toThrow(NoRoomError);
      await expect(refused).rejects.toThrow(/磁盘空间不足.*the disk is full/);
      expect(Buffer.concat(await collect(store.read('receipts/a.json'))).toString()).toBe('first');
      expect(readdirSync(join(folder, '.unfinished'))).toEqual([]);
    }));
});
