import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE, EmbeddedDatabase, integer, shortKey } from '../../../../shared/adapters/embedded/database.ts';
import { SqliteFactStore } from '../../../../shared/adapters/embedded/fact-store.ts';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { WriteTurn } from '../../../../shared/adapters/embedded/write-turn.ts';
import type { PersonKey } from '../../../../shared/facts/fact.ts';
import { NoRoomError, RetryLaterError } from '../../../../shared/ports/errors.ts';
import { factChunk, factRow, feedId, personKey } from '../../../builders/facts.ts';
import { arrival, deliveryBy, fileEvent, receiptFor } from '../../../builders/files.ts';
import { standingChange, warning } from '../../../builders/standings.ts';
import { withFolder } from './data-folder.ts';

describe('the embedded database', () => {
  it('keeps everything over a close and a second start', () =>
    withFolder(async (folder) => {
      const first = openEmbedded(folder);
      await first.facts.append([factChunk()]);
      await first.standings.save([standingChange(1, 1)]);
      const claim = await first.files.claim(arrival(1));
      first.close();
      const second = openEmbedded(folder);
      expect((await second.facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([factChunk()]);
      expect(await second.standings.warning(warning(1).id)).toEqual(warning(1));
      expect(await second.files.claim(arrival(1))).toEqual(claim);
      second.close();
    }));

  it('is readable by its owner only, with its side files', () =>
    withFolder(async (folder) => {
      const embedded = openEmbedded(folder);
      await embedded.facts.append([factChunk()]);
      const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o077);
      expect(modes.length).toBeGreaterThan(1);
      expect(new Set(modes)).toEqual(new Set([0]));
      embedded.close();
    }));

  it('keeps nothing of a list of chunks that cannot all be kept, and goes on afterwards', () =>
    withFolder(async (folder) => {
      const embedded = openEmbedded(folder);
      const sql = new DatabaseSync(join(folder, DATABASE_FILE));
      sql.exec("CREATE TRIGGER refuse BEFORE INSERT ON facts WHEN new.first_row = 66 BEGIN SELECT raise(ABORT, 'no room'); END");
      const chunks = [factChunk(), factChunk({ rows: [factRow({ row: 9 })] }), factChunk({ rows: [factRow({ row: 66 })] })];
      await expect(embedded.facts.append(chunks)).rejects.toThrow('no room');
      expect(await embedded.facts.ofPersons([personKey(1)])).toEqual(new Map());
      expect(await embedded.outbox.pending('', 10)).toEqual([]);
      const other = factChunk({ feed: feedId('education/enrolment') });
      await embedded.facts.append([other]);
      expect((await embedded.facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([other]);
      expect((await embedded.outbox.pending('', 10)).flatMap((one) => one.events)).toHaveLength(1);
      sql.close();
      embedded.close();
    }));

  it('is shared by two processes that have it open at once', () =>
    withFolder(async (folder) => {
      const [one, other] = [openEmbedded(folder), openEmbedded(folder)];
      await one.facts.append([factChunk()]);
      expect((await other.facts.ofPersons([personKey(1)])).size).toBe(1);
      await other.facts.append([factChunk()]);
      expect(await one.outbox.pending('', 10)).toHaveLength(1);
      one.close();
      other.close();
    }));

  it('undoes everything of a change that fails half-way', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const change = () =>
        database.write(() => {
          database.run("INSERT INTO origins (feed, seq, file, recorded_at) VALUES ('', '', '', '')");
          throw new Error('stopped half-way');
        });
      expect(change).toThrow('stopped half-way');
      expect(database.all('SELECT * FROM origins')).toEqual([]);
      database.close();
    }));

  it('keeps changes made together in one transaction, which nobody sees before the end', () =>
    withFolder(async (folder) => {
      const [one, other] = [openEmbedded(folder), openEmbedded(folder)];
      await one.together(async () => {
        await one.facts.append([factChunk()]);
        await one.standings.save([standingChange(1, 1)]);
        expect((await one.facts.ofPersons([personKey(1)])).size).toBe(1);
        expect((await other.facts.ofPersons([personKey(1)])).size).toBe(0);
      });
      expect((await other.facts.ofPersons([personKey(1)])).size).toBe(1);
      expect(await other.standings.warning(warning(1).id)).toEqual(warning(1));
      const events = (await other.outbox.pending('', 10)).flatMap((list) => list.events);
      expect(events.map(({ type }) => type)).toEqual(['facts.recorded', ...standingChange(1, 1).events.map(({ type }) => type)]);
      one.close();
      other.close();
    }));

  it('undoes of changes made together the one that fails, with its events, and keeps the others', () =>
    withFolder(async (folder) => {
      const embedded = openEmbedded(folder);
      const sql = new DatabaseSync(join(folder, DATABASE_FILE));
      sql.exec("CREATE TRIGGER refuse BEFORE INSERT ON facts WHEN new.first_row = 66 BEGIN SELECT raise(ABORT, 'no room'); END");
      await embedded.together(async () => {
        await embedded.facts.append([factChunk()]);
        const bad = [factChunk({ person: personKey(2) }), factChunk({ person: personKey(2), rows: [factRow({ row: 66 })] })];
        await expect(embedded.facts.append(bad)).rejects.toThrow('no room');
        await embedded.facts.append([factChunk({ person: personKey(3) })]);
      });
      const held = await embedded.facts.ofPersons([1, 2, 3].map(personKey));
      expect([...held.keys()].sort()).toEqual([personKey(1), personKey(3)].sort());
      const events = (await embedded.outbox.pending('', 10)).flatMap((list) => list.events);
      expect(events.map(({ data }) => data['chunks'])).toEqual([[[personKey(1), 4, 1]], [[personKey(3), 4, 1]]]);
      sql.close();
      embedded.close();
    }));

  it('keeps nothing of changes made together when the work fails, and lets others write again', () =>
    withFolder(async (folder) => {
      const turn = new WriteTurn();
      const [one, other] = [openEmbedded(folder, { turn }), openEmbedded(folder, { turn })];
      const work = one.together(async () => {
        await one.facts.append([factChunk()]);
        throw new Error('stopped half-way');
      });
      await expect(work).rejects.toThrow('stopped half-way');
      expect((await one.facts.ofPersons([personKey(1)])).size).toBe(0);
      await other.facts.append([factChunk({ person: personKey(2) })]);
      await one.facts.append([factChunk({ person: personKey(3) })]);
      expect((await one.facts.ofPersons([personKey(2), personKey(3)])).size).toBe(2);
      expect((await one.outbox.pending('', 10)).flatMap((list) => list.events)).toHaveLength(2);
      one.close();
      other.close();
    }));

  it('keeps nothing of changes made together after the database has ended their transaction', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const add = (file: string) =>
        database.write(() => database.run(`INSERT INTO origins (feed, seq, file, recorded_at) VALUES ('', '', '${file}', '')`));
      const work = database.together(async () => {
        add('before');
        // As a full disk does.
        expect(() => database.write(() => database.run('ROLLBACK'))).toThrow();
        expect(() => add('after')).toThrow(RetryLaterError);
      });
      await expect(work).rejects.toThrow();
      expect(database.all('SELECT * FROM origins')).toEqual([]);
      add('later');
      expect(database.all('SELECT file FROM origins')).toEqual([['later']]);
      database.close();
    }));

  it('says in both languages that the disk is full, keeps what was there, and goes on once there is room', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const facts = new SqliteFactStore(database);
      await facts.append([factChunk()]);
      // As full as if the disk had no page left.
      database.get(`PRAGMA max_page_count = ${integer(database.get('PRAGMA page_count')?.[0])}`);
      const many = Array.from({ length: 500 }, (_, n) => factChunk({ person: personKey(n) }));
      const refused = facts.append(many);
      await expect(refused).rejects.toThrow(NoRoomError);
      await expect(refused).rejects.toThrow(/磁盘空间不足.*the disk is full/);
      expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([factChunk()]);
      database.get('PRAGMA max_page_count = 1000000');
      await facts.append(many);
      expect((await facts.ofPersons(many.map(({ person }) => person))).size).toBe(500);
      database.close();
    }));

  it('refuses data written by a newer version of the program, in both languages, and leaves it as it is', () =>
    withFolder(async (folder) => {
      openEmbedded(folder).close();
      const sql = new DatabaseSync(join(folder, DATABASE_FILE));
      sql.exec('PRAGMA user_version = 999');
      expect(() => openEmbedded(folder)).toThrow(/更新版本.*newer version/);
      expect(sql.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 999 });
      sql.close();
    }));

  it('says so when stored text is damaged', () =>
    withFolder(async (folder) => {
      const embedded = openEmbedded(folder);
      await embedded.facts.append([factChunk()]);
      const sql = new DatabaseSync(join(folder, DATABASE_FILE));
      sql.exec(`UPDATE facts SET rows = '{}'`);
      sql.close();
      await expect(embedded.facts.ofPersons([personKey(1)])).rejects.toMatchObject({
        name: 'PermanentError',
        code: 'data-damaged',
      });
      embedded.close();
    }));

  it('tells people apart whose keys begin alike', () =>
    withFolder(async (folder) => {
      const embedded = openEmbedded(folder);
      const one = factChunk();
      const twin = factChunk({ person: `${one.person.slice(0, 31)}f` as PersonKey });
      expect(shortKey(one.person)).toBe(shortKey(twin.person));
      await embedded.facts.append([one, twin]);
      expect(await embedded.facts.ofPersons([one.person])).toEqual(new Map([[one.person, [one]]]));
      expect(await embedded.facts.ofPersons([twin.person, one.person])).toEqual(
        new Map([
          [one.person, [one]],
          [twin.person, [twin]],
        ]),
      );
      embedded.close();
    }));
});

describe('the event outbox', () => {
  it('gives pending events in order with positions that compare as text, and goes on numbering after a discard', () =>
    withFolder(async (folder) => {
      const { facts, outbox, close } = openEmbedded(folder);
      for (let n = 0; n < 12; n += 1) await facts.append([factChunk({ person: personKey(n) })]);
      const first = await outbox.pending('', 10);
      const rest = await outbox.pending(first.at(-1)?.position ?? '', 10);
      const positions = [...first, ...rest].map((one) => one.position);
      expect(positions).toHaveLength(12);
      expect([...positions].sort()).toEqual(positions);
      expect([...first, ...rest].map((one) => one.events[0]?.data['chunks'])).toEqual(
        Array.from({ length: 12 }, (_, n) => [[personKey(n), 4, 1]]),
      );
      const last = positions.at(-1) ?? '';
      await outbox.discard(last);
      await facts.append([factChunk({ person: personKey(99) })]);
      const next = await outbox.pending(last, 10);
      expect(next).toHaveLength(1);
      expect((next[0]?.position ?? '') > last).toBe(true);
      close();
    }));
});

describe('deliveries', () => {
  it('are read again when another process adds one, and are the same list until then', () =>
    withFolder(async (folder) => {
      const [one, other] = [openEmbedded(folder), openEmbedded(folder)];
      expect(await one.files.deliveries()).toEqual([]);
      await other.files.claim(arrival(1));
      await other.files.finish(arrival(1).id, receiptFor(arrival(1)), [deliveryBy(arrival(1))], fileEvent(arrival(1)));
      const list = await one.files.deliveries();
      expect(list).toEqual([deliveryBy(arrival(1))]);
      expect(await one.files.deliveries()).toBe(list);
      one.close();
      other.close();
    }));
});

describe('a bad page cursor', () => {
  it('is refused in both languages', () =>
    withFolder(async (folder) => {
      const { standings, close } = openEmbedded(folder);
      for (const after of ['', 'nonsense', Buffer.from('[1,2]').toString('base64url')]) {
        await expect(standings.warnings({ areas: ['41'], limit: 10, after })).rejects.toThrow(
          /分页标记无效.*cursor is not valid/,
        );
      }
      close();
    }));
});
