import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import { unpackFrames } from '../../shared/audit/archive-frames.ts';
import { readEntry } from '../../shared/audit/chain.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { EventArchive } from '../../shared/ports/event-log.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../shared/ports/report-engine.ts';
import { householdEvent } from '../builders/standings.ts';
import { collect, type SubjectMaker, withSubject } from './subject.ts';

const FRIDAY = '2024-03-15' as PlainDate;
const SATURDAY = '2024-03-16' as PlainDate;

/** An archive as it is written, the same for reports, and somebody who gets at its files. */
export interface ArchiveForReports {
  readonly archive: EventArchive;
  readonly reports: ReportArchive;
  /** Folder of the copies. */
  readonly scratch: string;
  /** Changes a stored file, named as the archive names its parts. */
  tamper(name: string, change: (bytes: Buffer) => Buffer): Promise<void>;
}

/** Archives `count` events from number `first` on. */
async function add(archive: EventArchive, first: number, count: number, day: PlainDate = FRIDAY): Promise<void> {
  const position = String(first).padStart(9, '0');
  const events = Array.from({ length: count }, (_, n) => householdEvent(first + n, 1));
  expect(await archiveEvents(archive, 'source', [{ position, events }], day)).toHaveLength(count);
}

/** The numbers of the events an engine finds in the files, in the files' order. */
async function numbersIn({ files }: ArchiveSnapshot): Promise<readonly (number | undefined)[]> {
  const numbers: (number | undefined)[] = [];
  for (const file of files) {
    expect(file).toMatch(/\.jsonl\.zst$/);
    for await (const text of unpackFrames(createReadStream(file))) {
      for (const line of text.toString('utf8').trimEnd().split('\n')) numbers.push(readEntry(line)?.number);
    }
  }
  return numbers;
}

const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

function copiesIn(scratch: string): readonly string[] {
  return existsSync(scratch) ? readdirSync(scratch) : [];
}

async function partNames(archive: EventArchive): Promise<readonly string[]> {
  return (await collect(archive.parts())).map(({ name }) => name);
}

/** What every ReportArchive promises. */
export function reportArchiveContract(name: string, maker: SubjectMaker<ArchiveForReports>): void {
  describe(`archive for reports: ${name}`, () => {
    it('begins with nothing, and nothing is whole', () =>
      withSubject(maker, async ({ reports }) => {
        const snapshot = await reports.snapshot();
        expect(snapshot.head.number).toBe(0);
        expect(await numbersIn(snapshot)).toEqual([]);
        expect(await reports.verify(snapshot)).toMatchObject({ ok: true, events: 0 });
        await snapshot.release();
      }));

    it('has every event of all days once, in order, in files an engine can read', () =>
      withSubject(maker, async ({ archive, reports }) => {
        await add(archive, 1, 3);
        await add(archive, 4, 2);
        await add(archive, 6, 4, SATURDAY);
        const snapshot = await reports.snapshot();
        const { number, hash } = await archive.head();
        expect(snapshot.head).toMatchObject({ number, hash });
        expect(await numbersIn(snapshot)).toEqual(upTo(9));
        expect(await reports.verify(snapshot)).toMatchObject({ ok: true, events: 9, roots: 1 });
        await snapshot.release();
      }));

    it('stands still while the archive goes on, over the end of its day too', () =>
      withSubject(maker, async ({ archive, reports }) => {
        await add(archive, 1, 3);
        const snapshot = await reports.snapshot();
        await add(archive, 4, 2);
        await add(archive, 6, 1, SATURDAY);
        expect(snapshot.head.number).toBe(3);
        expect(await numbersIn(snapshot)).toEqual(upTo(3));
        expect(await reports.verify(snapshot)).toMatchObject({ ok: true, events: 3 });
        await snapshot.release();
      }));

    it('keeps the copies of two reports apart, and none after its report', () =>
      withSubject(maker, async ({ archive, reports, scratch }) => {
        await add(archive, 1, 3);
        const [one, other] = [await reports.snapshot(), await reports.snapshot()];
        await one.release();
        expect(await numbersIn(other)).toEqual(upTo(3));
        expect(await reports.verify(other)).toMatchObject({ ok: true, events: 3 });
        await other.release();
        expect(copiesIn(scratch)).toEqual([]);
      }));

    it('names the event that somebody altered', () =>
      withSubject(maker, async ({ archive, reports, tamper }) => {
        for (let first = 1; first <= 9; first += 3) await add(archive, first, 3);
        await add(archive, 10, 3, SATURDAY);
        const names = await partNames(archive);
        await tamper(names.at(-1) ?? '', (bytes) => {
          const altered = Buffer.from(bytes);
          // The last byte of the checksum of the last frame.
          altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
          return altered;
        });
        const snapshot = await reports.snapshot();
        expect(await reports.verify(snapshot)).toMatchObject({
          ok: false,
          number: 10,
          day: SATURDAY,
          where: `${names.at(-1)}:1`,
        });
        await snapshot.release();
      }));

    it('compares a finished day found whole by its bytes from then on, and names what was altered in it since', () =>
      withSubject(maker, async ({ archive, reports, tamper }) => {
        await add(archive, 1, 3);
        await add(archive, 4, 3);
        await add(archive, 7, 2, SATURDAY);
        for (let times = 0; times < 2; times += 1) {
          const whole = await reports.snapshot();
          expect(await reports.verify(whole)).toMatchObject({ ok: true, events: 8, roots: 1 });
          await whole.release();
        }
        const [name = ''] = await partNames(archive);
        await tamper(name, (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]));
        const snapshot = await reports.snapshot();
        expect(await reports.verify(snapshot)).toMatchObject({ ok: false, day: FRIDAY });
        await snapshot.release();
      }));

    it('names the first event missing where somebody cut the end off', () =>
      withSubject(maker, async ({ archive, reports, tamper }) => {
        await add(archive, 1, 3);
        await add(archive, 4, 2, SATURDAY);
        const names = await partNames(archive);
        await tamper(names.at(-1) ?? '', () => Buffer.alloc(0));
        const snapshot = await reports.snapshot();
        expect(await reports.verify(snapshot)).toMatchObject({ ok: false, number: 4 });
        await snapshot.release();
      }));
  });
}
