import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArchiveFolder } from '../../../../shared/adapters/embedded/archive-folder.ts';
import { EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import { FolderEventArchive } from '../../../../shared/adapters/embedded/folder-event-archive.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { packLines, unpackFrames } from '../../../../shared/audit/archive-frames.ts';
import { extendChain, lineOf, readEntry } from '../../../../shared/audit/chain.ts';
import { type DailyRoot, readRoot } from '../../../../shared/audit/daily-root.ts';
import { type VerifyOptions, verifyArchive } from '../../../../shared/audit/verify-archive.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { householdEvent } from '../../../builders/standings.ts';
import { withFolder } from './data-folder.ts';

const DAYS = ['2024-03-15', '2024-03-16', '2024-03-17', '2024-03-18'] as PlainDate[];
/** Events a day, in two appends: days hold the numbers 1–10, 11–20, 21–30 and 31–40; the last is still open. */
const A_DAY = 10;

async function fill(folder: string, days: readonly PlainDate[], eventOf = (n: number) => householdEvent(n, 1)): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const database = new EmbeddedDatabase(folder);
  const archive = new FolderEventArchive(database, join(folder, 'archive'));
  let n = 0;
  for (const day of days) {
    for (let append = 0; append < 2; append += 1) {
      const batch = Array.from({ length: A_DAY / 2 }, () => {
        n += 1;
        return { position: String(n).padStart(15, '0'), events: [eventOf(n)] };
      });
      await archiveEvents(archive, 'outbox', batch, day);
    }
  }
  database.close();
}

/** An archive of four days, changed by somebody, and what verifying says of it. */
async function verdictAfter(tamper: (copy: Copy) => Promise<void> | void, options: VerifyOptions = {}) {
  let verdict: Awaited<ReturnType<typeof verifyArchive>> | undefined;
  await withFolder(async (folder) => {
    await fill(folder, DAYS);
    const copy = new Copy(join(folder, 'copy'));
    cpSync(join(folder, 'archive'), copy.folder, { recursive: true });
    await tamper(copy);
    verdict = await verifyArchive(new ArchiveFolder(copy.folder), options);
  });
  return verdict;
}

class Copy {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }

  file(day: number): string {
    const folder = join(this.folder, `day=${DAYS[day]}`);
    return join(folder, readdirSync(folder)[0] ?? '');
  }

  rootFile(day: number): string {
    return join(this.folder, 'roots', `${DAYS[day]}.json`);
  }

  async lines(day: number): Promise<string[]> {
    const bytes = readFileSync(this.file(day));
    let text = '';
    for await (const part of unpackFrames(only(bytes))) text += part.toString('utf8');
    return text.split('\n').slice(0, -1);
  }

  async edit(day: number, change: (lines: readonly string[]) => readonly string[]): Promise<void> {
    writeFileSync(this.file(day), packLines(change(await this.lines(day))));
  }
}

async function* only(bytes: Uint8Array) {
  yield bytes;
}

/** The roots of an archive as somebody kept them. */
async function keptRoots(count: number): Promise<DailyRoot[]> {
  let roots: DailyRoot[] = [];
  await withFolder(async (folder) => {
    await fill(folder, DAYS);
    const names = readdirSync(join(folder, 'archive', 'roots'));
    roots = names.flatMap((name) => readRoot(readFileSync(join(folder, 'archive', 'roots', name), 'utf8')) ?? []);
  });
  expect(roots).toHaveLength(3);
  return roots.slice(0, count);
}

describe('verifying a copy of the archive, with nothing but its files', () => {
  it('proves what nobody touched, the whole of it or a stretch of days', async () => {
    expect(await verdictAfter(() => {})).toMatchObject({ ok: true, events: 40, roots: 3 });
    const [from, to] = [DAYS[1] as PlainDate, DAYS[2] as PlainDate];
    expect(await verdictAfter(() => {}, { from, to })).toMatchObject({ ok: true, events: 20, roots: 2 });
    expect(await verdictAfter(() => {}, { from: DAYS[3] as PlainDate })).toMatchObject({ ok: true, events: 10, roots: 0 });
    expect(await verdictAfter(() => {}, { to: DAYS[0] as PlainDate })).toMatchObject({ ok: true, events: 10, roots: 1 });
  });

  it('names number, day, file and line of an event that was changed', async () => {
    const verdict = await verdictAfter((copy) =>
      copy.edit(1, (lines) => lines.with(3, (lines[3] ?? '').replace('true', 'false'))),
    );
    expect(verdict).toEqual({
      ok: false,
      fault: 'altered',
      number: 14,
      day: '2024-03-16',
      where: 'day=2024-03-16/events-000000000011.jsonl.zst:4',
      events: 13,
    });
  });

  it('names the first event of a frame of which any one byte was changed', async () => {
    await withFolder(async (folder) => {
      await fill(folder, DAYS);
      const path = join(folder, 'archive', `day=${DAYS[1]}`, 'events-000000000011.jsonl.zst');
      const bytes = readFileSync(path);
      for (let at = 0; at < bytes.length; at += 7) {
        writeFileSync(path, bytes.with(at, (bytes[at] ?? 0) ^ 0x10));
        const verdict = await verifyArchive(new ArchiveFolder(join(folder, 'archive')));
        expect(verdict, `byte ${at}`).toMatchObject({ ok: false, day: '2024-03-16' });
        if (!verdict.ok) expect([11, 16], `byte ${at}`).toContain(verdict.number);
      }
    });
  });

  it('names an event that was taken out, put in, or put elsewhere', async () => {
    expect(await verdictAfter((copy) => copy.edit(1, (lines) => lines.toSpliced(3, 1)))).toMatchObject({
      fault: 'missing',
      number: 14,
    });
    expect(await verdictAfter((copy) => copy.edit(1, (lines) => lines.toSpliced(3, 0, lines[6] ?? '')))).toMatchObject({
      fault: 'reordered',
      number: 14,
    });
    const invented = (lines: readonly string[]) => (lines[3] ?? '').replace('true', 'false');
    expect(await verdictAfter((copy) => copy.edit(1, (lines) => lines.toSpliced(3, 0, invented(lines))))).toMatchObject({
      fault: 'added',
      number: 14,
    });
    expect(await verdictAfter((copy) => copy.edit(1, (lines) => lines.toSpliced(5, 0, lines[2] ?? '')))).toMatchObject({
      fault: 'added',
      number: 16,
      where: 'day=2024-03-16/events-000000000011.jsonl.zst:6',
    });
    expect(
      await verdictAfter((copy) => copy.edit(1, (lines) => lines.with(3, lines[4] ?? '').with(4, lines[3] ?? ''))),
    ).toMatchObject({
      fault: 'reordered',
      number: 14,
    });
  });

  it('names a day that was removed, also together with its root', async () => {
    const day = (copy: Copy) => rmSync(join(copy.folder, `day=${DAYS[1]}`), { recursive: true });
    expect(await verdictAfter(day)).toMatchObject({ fault: 'missing', number: 11, day: '2024-03-16' });
    const both = (copy: Copy) => {
      day(copy);
      rmSync(copy.rootFile(1));
    };
    expect(await verdictAfter(both)).toMatchObject({ fault: 'missing', number: 11 });
  });

  it('names an event added at the end of a finished day, though it follows the chain', async () => {
    const verdict = await verdictAfter(async (copy) => {
      const last = readEntry((await copy.lines(1)).at(-1) ?? '');
      const [added] = extendChain({ number: 20, hash: last?.hash ?? '', positions: {} }, [householdEvent(99, 1)]);
      await copy.edit(1, (lines) => [...lines, ...(added === undefined ? [] : [lineOf(added)])]);
    });
    expect(verdict).toMatchObject({
      fault: 'added',
      number: 21,
      day: '2024-03-16',
      where: 'day=2024-03-16/events-000000000011.jsonl.zst:11',
    });
  });

  it('names the first event of two days that changed places, and one that changed its day', async () => {
    const swapped = await verdictAfter((copy) => {
      const [one, other] = [join(copy.folder, `day=${DAYS[1]}`), join(copy.folder, `day=${DAYS[2]}`)];
      renameSync(one, `${one}-x`);
      renameSync(other, one);
      renameSync(`${one}-x`, other);
    });
    expect(swapped).toMatchObject({ fault: 'reordered', number: 11, day: '2024-03-16' });
    const later = await verdictAfter(async (copy) => {
      const [last = ''] = (await copy.lines(1)).slice(-1);
      await copy.edit(1, (lines) => lines.slice(0, -1));
      await copy.edit(2, (lines) => [last, ...lines]);
    });
    expect(later).toMatchObject({ fault: 'reordered', number: 20, day: '2024-03-16' });
    const earlier = await verdictAfter(async (copy) => {
      const [first = ''] = await copy.lines(2);
      await copy.edit(1, (lines) => [...lines, first]);
      await copy.edit(2, (lines) => lines.slice(1));
    });
    expect(earlier).toMatchObject({ fault: 'reordered', number: 21, day: '2024-03-16' });
  });

  it('names the day whose root was changed, removed or belongs elsewhere', async () => {
    const changed = await verdictAfter((copy) => {
      const path = copy.rootFile(1);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"count":10', '"count":11'));
    });
    expect(changed).toMatchObject({ fault: 'root-altered', number: 11, day: '2024-03-16', where: 'roots/2024-03-16.json' });
    expect(await verdictAfter((copy) => rmSync(copy.rootFile(1)))).toMatchObject({
      fault: 'root-missing',
      number: 11,
      day: '2024-03-16',
    });
    expect(await verdictAfter((copy) => cpSync(copy.rootFile(0), copy.rootFile(1)))).toMatchObject({
      fault: 'root-altered',
      number: 11,
    });
  });

  it('compares a stretch with the roots around it', async () => {
    const [from, to] = [DAYS[1] as PlainDate, DAYS[2] as PlainDate];
    const before = (copy: Copy) => copy.edit(0, (lines) => lines.toSpliced(3, 1));
    expect(await verdictAfter(before, { from, to })).toMatchObject({ ok: true, events: 20 });
    expect(await verdictAfter((copy) => copy.edit(2, (lines) => lines.slice(0, -1)), { from, to })).toMatchObject({
      fault: 'missing',
      number: 30,
    });
    expect(await verdictAfter((copy) => rmSync(copy.rootFile(0)), { from, to })).toMatchObject({
      fault: 'root-missing',
      day: DAYS[0],
    });
  });

  it('catches an archive written anew with its roots, by roots that were kept elsewhere', async () => {
    const anew = async (copy: Copy) => {
      rmSync(copy.folder, { recursive: true });
      const other = join(copy.folder, '..', 'other');
      await fill(other, DAYS, (n) => householdEvent(n === 24 ? 1_000 : n, 1));
      cpSync(join(other, 'archive'), copy.folder, { recursive: true });
    };
    expect(await verdictAfter(anew)).toMatchObject({ ok: true, events: 40 });
    const kept = await keptRoots(3);
    expect(await verdictAfter(anew, { kept })).toEqual({
      ok: false,
      fault: 'rewritten',
      number: 21,
      until: 30,
      day: '2024-03-17',
      where: 'day=2024-03-17/events-000000000021.jsonl.zst:10',
      events: 30,
    });
    expect(await verdictAfter(() => {}, { kept })).toMatchObject({ ok: true, events: 40, roots: 3 });
  });

  it('misses the last days cut off with their roots, by roots that were kept elsewhere', async () => {
    const cut = (copy: Copy) => {
      for (const day of [2, 3]) rmSync(join(copy.folder, `day=${DAYS[day]}`), { recursive: true });
      rmSync(copy.rootFile(2));
    };
    expect(await verdictAfter(cut)).toMatchObject({ ok: true, events: 20 });
    expect(await verdictAfter(cut, { kept: await keptRoots(3) })).toMatchObject({
      fault: 'missing',
      number: 21,
      day: '2024-03-17',
    });
  });

  it('does not take a file cut short in the middle for one that is being written', async () => {
    const cut = (day: number) => (copy: Copy) => {
      const bytes = readFileSync(copy.file(day));
      writeFileSync(copy.file(day), bytes.subarray(0, -9));
    };
    expect(await verdictAfter(cut(1))).toMatchObject({ fault: 'unreadable', number: 16, day: '2024-03-16' });
    expect(await verdictAfter(cut(3))).toMatchObject({ ok: true, events: 35, unfinished: true });
  });

  it('is not filled up by a frame that claims to be huge', async () => {
    const bomb = await verdictAfter((copy) => writeFileSync(copy.file(1), zstdCompressSync(Buffer.alloc(80 * 1024 * 1024))));
    expect(bomb).toMatchObject({ fault: 'unreadable', number: 11 });
  });
});
