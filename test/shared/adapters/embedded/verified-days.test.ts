import { createReadStream, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { stoppedClock } from '../../../../infra/local/clock.ts';
import { openPlatform } from '../../../../infra/local/platform.ts';
import { reportingOf } from '../../../../infra/local/reports.ts';
import type { Purpose } from '../../../../shared/access/purpose.ts';
import { ArchiveFolder } from '../../../../shared/adapters/embedded/archive-folder.ts';
import { FolderReportArchive } from '../../../../shared/adapters/embedded/folder-report-archive.ts';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { packLines, unpackFrames } from '../../../../shared/audit/archive-frames.ts';
import { verifyArchive } from '../../../../shared/audit/verify-archive.ts';
import type { Instant, PlainDate } from '../../../../shared/calendar/plain-date.ts';
import type { EventArchive, StoredArchive } from '../../../../shared/ports/event-log.ts';
import { coverPage } from '../../../../shared/reports/cover-page.ts';
import { pullReport } from '../../../../shared/reports/pull-report.ts';
import { warned } from '../../../builders/reporting.ts';
import { silentLog } from '../../../whole-way/silent-log.ts';
import { withFolder } from './data-folder.ts';

const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY] = ['2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07'] as [
  PlainDate,
  PlainDate,
  PlainDate,
  PlainDate,
];
const FINISHED = [MONDAY, TUESDAY, WEDNESDAY];
/** Events of a day; the last day is open. */
const EACH = 5;

async function fill(archive: EventArchive): Promise<void> {
  for (const [index, day] of [...FINISHED, THURSDAY].entries()) {
    const events = Array.from({ length: EACH }, (_, n) => warned('opened', day, index * EACH + n));
    await archiveEvents(archive, 'outbox', [{ position: String(index), events }], day);
  }
}

function fileOf(folder: string, day: PlainDate): string {
  const partition = join(folder, 'archive', `day=${day}`);
  return join(partition, readdirSync(partition)[0] ?? '');
}

/** Changes a file and leaves its times as they were, as somebody would who does not want to be seen. */
function alterUnseen(path: string, bytes: Buffer): void {
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(path, bytes);
  utimesSync(path, atimeMs / 1_000, mtimeMs / 1_000);
}

/** Runs a test over an archive whose finished days were verified, with all that is remembered of them. */
function withVerified(
  test: (opened: ReturnType<typeof openEmbedded>, reports: FolderReportArchive, folder: string) => Promise<void>,
) {
  return withFolder(async (folder) => {
    const opened = openEmbedded(folder);
    try {
      const { archive, verifiedDays: verified } = opened;
      await fill(archive);
      const reports = new FolderReportArchive({ archive, verified, scratch: join(folder, '.reports') });
      expect(await verifyNow(reports)).toMatchObject({ ok: true, events: 20, roots: 3 });
      await test(opened, reports, folder);
    } finally {
      opened.close();
    }
  });
}

async function verifyNow(reports: FolderReportArchive) {
  const snapshot = await reports.snapshot();
  try {
    return await reports.verify(snapshot);
  } finally {
    await snapshot.release();
  }
}

describe('days that were verified before', () => {
  it('are remembered once they are finished, with their roots', () =>
    withVerified(async ({ verifiedDays }) => {
      expect((await verifiedDays.all()).map(({ day }) => day)).toEqual(FINISHED);
    }));

  it('are not read line by line again, and the verdict is the same', () =>
    withVerified(async ({ archive, verifiedDays }) => {
      const read: string[] = [];
      const watched: StoredArchive = {
        async *parts() {
          for await (const part of archive.parts()) {
            const texts: typeof part.texts = (seen) => {
              read.push(part.name);
              return part.texts(seen);
            };
            yield { ...part, texts };
          }
        },
        roots: (range) => archive.roots(range),
      };
      const verified = new Map((await verifiedDays.all()).map((one) => [one.day, one]));
      const head = await archive.head();
      const again = await verifyArchive(watched, { head, verified });
      expect(again).toEqual(await verifyArchive(archive, { head }));
      expect(read).toEqual(['day=2024-03-07/events-000000000016.jsonl.zst']);
    }));

  it('of which one byte was altered are read, and the event is named', () =>
    withVerified(async (_, reports, folder) => {
      for (const day of FINISHED) {
        const path = fileOf(folder, day);
        const whole = readFileSync(path);
        for (const at of [0, 9, Math.floor(whole.length / 2), whole.length - 1]) {
          const altered = Buffer.from(whole);
          altered[at] = (altered[at] ?? 0) ^ 1;
          alterUnseen(path, altered);
          expect(await verifyNow(reports)).toMatchObject({ ok: false, day });
        }
        alterUnseen(path, whole);
        expect(await verifyNow(reports)).toMatchObject({ ok: true, events: 20 });
      }
    }));

  it('from which a file was taken away, or to which one was added, are no longer as they were', () =>
    withVerified(async (_, reports, folder) => {
      const path = fileOf(folder, TUESDAY);
      const whole = readFileSync(path);
      alterUnseen(path, Buffer.alloc(0));
      expect(await verifyNow(reports)).toMatchObject({ ok: false, fault: 'missing', number: 6 });
      alterUnseen(path, whole);
      writeFileSync(path.replace('000006', '000008'), packLines(['{"event":{}}']));
      expect(await verifyNow(reports)).toMatchObject({ ok: false, day: TUESDAY });
    }));

  it('whose root is another are read again: bytes prove nothing without it', () =>
    withVerified(async ({ verifiedDays }, reports, folder) => {
      const path = join(folder, 'archive', 'roots', `${TUESDAY}.json`);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"count":5', '"count":4'));
      expect(await verifyNow(reports)).toMatchObject({ ok: false, fault: 'root-altered', day: TUESDAY });
      expect(await verifiedDays.all()).toHaveLength(3);
    }));

  it('are proven without what is remembered by whoever verifies for an audit', () =>
    withVerified(async (_, __, folder) => {
      const path = fileOf(folder, MONDAY);
      const altered = readFileSync(path);
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
      alterUnseen(path, altered);
      expect(await verifyArchive(new ArchiveFolder(join(folder, 'archive')))).toMatchObject({ ok: false, number: 1 });
    }));

  it('are not remembered of an archive that is not whole', () =>
    withFolder(async (folder) => {
      const { archive, verifiedDays: verified, close } = openEmbedded(folder);
      await fill(archive);
      const path = fileOf(folder, WEDNESDAY);
      const altered = readFileSync(path);
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
      alterUnseen(path, altered);
      const reports = new FolderReportArchive({ archive, verified, scratch: join(folder, '.reports') });
      expect(await verifyNow(reports)).toMatchObject({ ok: false, day: WEDNESDAY });
      expect(await verified.all()).toEqual([]);
      close();
    }));
});

describe('a report over an archive altered in a day verified long ago', () => {
  it('has a red cover that names the event', () =>
    withFolder(async (folder) => {
      const platform = openPlatform(folder, stoppedClock('2024-04-20T01:00:00.000Z' as Instant), silentLog);
      await fill(platform.stores.archive);
      const deps = reportingOf(platform, {
        write: vi.fn(async (_, body) => void (body instanceof Uint8Array || (await all(body)))),
      });
      const pull = async () => {
        const principal = { id: 'auditor', roles: ['auditor' as const], areas: [''], departments: [] };
        const asked = { report: 'warning-ledger', from: MONDAY, to: THURSDAY, format: 'csv' as const };
        return pullReport(deps, { principal, purpose: 'audit' as Purpose, request: 'request-1' }, asked);
      };
      const before = await pull();
      expect(before.cover.archive).toMatchObject({ ok: true, events: 20 });
      const again = await pull();
      expect(again.cover.archive).toEqual(before.cover.archive);

      // One character of one event, packed again so that the engine reads it without complaint.
      const path = fileOf(folder, MONDAY);
      let text = '';
      for await (const piece of unpackFrames(createReadStream(path))) text += piece.toString('utf8');
      alterUnseen(path, packLines(text.trimEnd().replace('"low":65', '"low":66').split('\n')));
      const tampered = await pull();
      expect(tampered.cover.archive).toMatchObject({ ok: false, fault: 'altered', number: 1, day: MONDAY });
      expect(coverPage(tampered.cover)).toContain('class="cover alarm"');
      await platform.close();
    }));
});

async function all(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of body) expect(part).toBeDefined();
}
