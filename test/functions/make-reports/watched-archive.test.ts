import { expect, it } from 'vitest';
import { watched } from '../../../functions/make-reports/watched-archive.ts';
import type { ArchiveVerdict } from '../../../shared/audit/verify-archive.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { LogCode, type LogFields } from '../../../shared/ports/log.ts';

const snapshot = { head: { number: 20, hash: '' }, files: [], release: async () => {} };

async function linesOf(verdict: ArchiveVerdict): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const say = (code: LogCode, fields?: LogFields) => void lines.push([code, fields]);
  const archive = watched({ info: say, warn: say, error: say }, { snapshot: async () => snapshot, verify: async () => verdict });
  expect(await archive.verify(await archive.snapshot())).toBe(verdict);
  return lines;
}

it('a whole archive is passed on without a word', async () => {
  expect(await linesOf({ ok: true, events: 20, head: '', roots: 1 })).toEqual([]);
});

it('an archive that is not as it was written sounds the alarm, naming where', async () => {
  const where = 'day=2024-03-16/events-000000000011.jsonl.zst:4';
  const broken: ArchiveVerdict = { ok: false, fault: 'altered', number: 14, day: '2024-03-16' as PlainDate, where, events: 13 };
  expect(await linesOf(broken)).toEqual([[LogCode.ArchiveBroken, { fault: 'altered', number: 14, where, day: '2024-03-16' }]]);
});
