import { describe, expect, it } from 'vitest';
import type { Period } from '../../shared/calendar/period.ts';
import type { FileQuery, FileRegister } from '../../shared/ports/file-register.ts';
import { feedId, fileId, instant } from '../builders/facts.ts';
import { arrival, contentHash, deliveryBy, fileEvent, receiptFor } from '../builders/files.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

async function taken(register: FileRegister, n: number, changes = {}) {
  const drop = arrival(n, changes);
  const claim = await register.claim(drop);
  if (claim.outcome !== 'take') throw new Error(`expected to take drop ${n}, was ${claim.outcome}`);
  return { drop, file: claim.file };
}

/** What every FileRegister promises. */
export function fileRegisterContract(name: string, maker: SubjectMaker<FileRegister>): void {
  const eventually = settle(maker);
  describe(`file register: ${name}`, () => {
    it('lets a first drop be taken and gives it a sequence that begins with the last day of its period', () =>
      withSubject(maker, async (register) => {
        const { drop, file } = await taken(register, 1);
        expect(file).toEqual({ ...drop, seq: file.seq });
        expect(file.seq).toMatch(/^2024-03-31\|\S{12,}$/);
        expect(await register.get(drop.id)).toEqual(file);
      }));

    it('orders files by period before arrival and by arrival within a period', () =>
      withSubject(maker, async (register) => {
        const may = (await taken(register, 1, { period: '2024-05' as Period })).file.seq;
        const marchFirst = (await taken(register, 2)).file.seq;
        const marchSecond = (await taken(register, 3)).file.seq;
        const day = (await taken(register, 4, { period: '2024-04-15' as Period })).file.seq;
        expect([may, marchFirst, marchSecond, day].sort()).toEqual([marchFirst, marchSecond, day, may]);
      }));

    it('lets an unfinished drop that is announced again be taken again, with its first sequence and arrival', () =>
      withSubject(maker, async (register) => {
        const { file } = await taken(register, 1);
        const again = await taken(register, 1, { arrivedAt: instant(99) });
        expect(again.file).toEqual(file);
      }));

    it('calls the same bytes under another drop a duplicate while the first is still being read', () =>
      withSubject(maker, async (register) => {
        const { file } = await taken(register, 1);
        expect(await register.claim(arrival(2, { sha256: contentHash(1) }))).toEqual({ outcome: 'duplicate', of: file });
      }));

    it('takes the same bytes for another feed or period', () =>
      withSubject(maker, async (register) => {
        await taken(register, 1);
        await taken(register, 2, { sha256: contentHash(1), period: '2024-04' as Period });
        await taken(register, 3, { sha256: contentHash(1), feed: feedId('medical-insurance/outpatient-chronic-settlement') });
      }));

    it('lets exactly one of many simultaneous drops of the same bytes be taken', () =>
      withSubject(maker, async (register) => {
        const claims = await Promise.all(
          Array.from({ length: 8 }, (_, n) => register.claim(arrival(n + 1, { sha256: contentHash(1) }))),
        );
        expect(claims.map((claim) => claim.outcome).sort()).toEqual([...Array<string>(7).fill('duplicate'), 'take']);
      }));

    it('gives simultaneous drops different sequences', () =>
      withSubject(maker, async (register) => {
        const files = await Promise.all(Array.from({ length: 8 }, (_, n) => taken(register, n + 1)));
        expect(new Set(files.map(({ file }) => file.seq)).size).toBe(8);
      }));

    it('keeps what a receipt says of the sheets of a workbook, and what it remarks on', () =>
      withSubject(maker, async (register) => {
        const drop = arrival(1);
        await register.claim(drop);
        const receipt = receiptFor(drop, {
          encoding: 'xlsx',
          sheets: [
            { name: '红庙镇', use: 'read' },
            { name: '旧数据', use: 'hidden' },
          ],
          errors: receiptFor(drop).errors.map((error) => ({ ...error, sheet: '红庙镇' })),
          notes: receiptFor(drop).errors.map((error) => ({ ...error, code: 'TWO_HEADS' })),
          noteCount: 1,
        });
        await register.finish(drop.id, receipt, [], fileEvent(drop));
        expect((await register.get(drop.id))?.receipt).toEqual(receipt);
      }));

    it('closes a file with its receipt, deliveries and one event', () =>
      withSubject(maker, async (register, subject) => {
        const { drop, file } = await taken(register, 1);
        const deliveries = [deliveryBy(drop), deliveryBy(drop, { county: '410103', complete: false })];
        await register.finish(drop.id, receiptFor(drop), deliveries, fileEvent(drop));
        expect(await register.get(drop.id)).toEqual({ ...file, receipt: receiptFor(drop) });
        expect(await register.claim(drop)).toEqual({ outcome: 'done', file: { ...file, receipt: receiptFor(drop) } });
        expect([...(await register.deliveries())].sort((a, b) => (a.county < b.county ? -1 : 1))).toEqual(deliveries);
        expect(await subject.events()).toEqual([fileEvent(drop)]);
      }));

    it('closes a file once, however often it is told', () =>
      withSubject(maker, async (register, subject) => {
        const { drop, file } = await taken(register, 1);
        const finish = () => register.finish(drop.id, receiptFor(drop), [deliveryBy(drop)], fileEvent(drop));
        await finish();
        await Promise.all([finish(), finish()]);
        expect(await register.get(drop.id)).toEqual({ ...file, receipt: receiptFor(drop) });
        expect(await register.deliveries()).toEqual([deliveryBy(drop)]);
        expect(await subject.events()).toHaveLength(1);
      }));

    it('closes a file that delivered nothing', () =>
      withSubject(maker, async (register) => {
        const { drop } = await taken(register, 1);
        await register.finish(drop.id, receiptFor(drop), [], fileEvent(drop));
        expect(await register.deliveries()).toEqual([]);
      }));

    it('keeps many deliveries of one file', () =>
      withSubject(maker, async (register) => {
        const { drop } = await taken(register, 1);
        const deliveries = Array.from({ length: 150 }, (_, n) => deliveryBy(drop, { county: String(410_100 + n) }));
        await register.finish(drop.id, receiptFor(drop), deliveries, fileEvent(drop));
        expect(await register.deliveries()).toHaveLength(150);
      }));

    it('knows at once what each of many files closed at the same time delivered', () =>
      withSubject(maker, async (register) => {
        const drops = Array.from({ length: 12 }, (_, n) => arrival(n + 1));
        for (const drop of drops) await register.claim(drop);
        await Promise.all(
          drops.map(async (drop, n) => {
            await register.finish(
              drop.id,
              receiptFor(drop),
              [deliveryBy(drop, { county: String(410_101 + n) })],
              fileEvent(drop),
            );
            expect((await register.deliveries()).map(({ file }) => file)).toContain(drop.id);
          }),
        );
        const counties = (await register.deliveries()).map(({ county }) => county).sort();
        expect(counties).toEqual(drops.map((_, n) => String(410_101 + n)));
      }));

    it('gives the same list again while nothing is delivered, and another with what is', () =>
      withSubject(maker, async (register) => {
        const first = await taken(register, 1);
        await register.finish(first.drop.id, receiptFor(first.drop), [deliveryBy(first.drop)], fileEvent(first.drop));
        const list = await register.deliveries();
        const second = await taken(register, 2);
        expect(await register.deliveries()).toBe(list);
        await register.finish(second.drop.id, receiptFor(second.drop), [deliveryBy(second.drop)], fileEvent(second.drop));
        const longer = await register.deliveries();
        expect([list.length, longer.length]).toEqual([1, 2]);
        expect(await register.deliveries()).toBe(longer);
      }));

    it('refuses to close a file nobody claimed', () =>
      withSubject(maker, async (register, subject) => {
        const drop = arrival(1);
        await expect(register.finish(drop.id, receiptFor(drop), [deliveryBy(drop)], fileEvent(drop))).rejects.toMatchObject({
          name: 'NotFoundError',
        });
        expect(await register.deliveries()).toEqual([]);
        expect(await subject.events()).toEqual([]);
      }));

    it('keeps the receipt of a refused file and lets the same bytes be tried again under another drop', () =>
      withSubject(maker, async (register, subject) => {
        const { drop } = await taken(register, 1);
        const receipt = receiptFor(drop, { status: 'refused' });
        await register.refuse(drop, receipt, fileEvent(drop, 'file.refused'));
        await register.refuse(drop, receipt, fileEvent(drop, 'file.refused'));
        expect(await register.get(drop.id)).toMatchObject({ ...drop, receipt });
        expect((await register.claim(drop)).outcome).toBe('done');
        expect((await taken(register, 2, { sha256: drop.sha256 })).file.sha256).toBe(drop.sha256);
        expect(await subject.events()).toEqual([fileEvent(drop, 'file.refused')]);
      }));

    it('keeps the receipt of a refused drop that was never claimed', () =>
      withSubject(maker, async (register) => {
        const drop = arrival(1);
        await register.refuse(drop, receiptFor(drop, { status: 'refused' }), fileEvent(drop, 'file.refused'));
        expect(await register.get(drop.id)).toMatchObject({ ...drop, receipt: { status: 'refused' } });
        expect((await register.claim(drop)).outcome).toBe('done');
      }));

    it('does not free the bytes another drop has claimed when one is refused', () =>
      withSubject(maker, async (register) => {
        const { drop } = await taken(register, 1);
        const other = arrival(2, { sha256: drop.sha256 });
        await register.refuse(other, receiptFor(other, { status: 'refused' }), fileEvent(other, 'file.refused'));
        expect((await register.claim(arrival(3, { sha256: drop.sha256 }))).outcome).toBe('duplicate');
      }));

    it('keeps the receipt and event of a duplicate, and knows the drop as done from then on', () =>
      withSubject(maker, async (register, subject) => {
        const { drop } = await taken(register, 1);
        const copy = arrival(2, { sha256: drop.sha256 });
        const receipt = receiptFor(copy, { status: 'duplicate', duplicateOf: drop.path });
        await register.recordDuplicate(copy, receipt, fileEvent(copy, 'file.duplicate'));
        await register.recordDuplicate(copy, receipt, fileEvent(copy, 'file.duplicate'));
        expect(await register.get(copy.id)).toMatchObject({ ...copy, receipt });
        expect(await register.claim(copy)).toMatchObject({ outcome: 'done', file: { id: copy.id, receipt } });
        expect((await register.claim(drop)).outcome).toBe('take');
        expect(await subject.events()).toEqual([fileEvent(copy, 'file.duplicate')]);
      }));

    it('moves rows that turned out to be known from accepted to duplicate, each part once, before and after the close', () =>
      withSubject(maker, async (register) => {
        const { drop } = await taken(register, 1);
        await register.recordKnownRows(drop.id, 'part-1', 2);
        await register.finish(drop.id, receiptFor(drop), [], fileEvent(drop));
        await Promise.all([register.recordKnownRows(drop.id, 'part-1', 2), register.recordKnownRows(drop.id, 'part-2', 3)]);
        await register.recordKnownRows(drop.id, 'part-2', 3);
        const rows = { read: 10, accepted: 4, duplicate: 5, rejected: 1, skipped: 3 };
        expect((await register.get(drop.id))?.receipt?.rows).toEqual(rows);
        expect((await register.getMany([drop.id])).get(drop.id)?.receipt?.rows).toEqual(rows);
        expect(await register.claim(drop)).toMatchObject({ outcome: 'done', file: { receipt: { rows } } });
        await eventually(async () => {
          expect((await register.list({ limit: 5 })).files[0]?.receipt?.rows).toEqual(rows);
        });
      }));

    it('finds the files it knows among those asked for', () =>
      withSubject(maker, async (register) => {
        const ids = Array.from({ length: 120 }, (_, n) => fileId(n + 1));
        for (let n = 1; n <= 3; n += 1) await taken(register, n);
        expect([...(await register.getMany(ids)).keys()].sort()).toEqual([fileId(1), fileId(2), fileId(3)]);
        expect(await register.getMany([])).toEqual(new Map());
        expect(await register.get(fileId(77))).toBeUndefined();
      }));

    it('lists every drop newest first, page by page, and by feed', () =>
      withSubject(maker, async (register) => {
        const feed = feedId('education/enrolment');
        for (let n = 1; n <= 7; n += 1) await taken(register, n, n % 2 === 0 ? { feed } : {});
        const copy = arrival(8, { sha256: contentHash(1) });
        await register.recordDuplicate(copy, receiptFor(copy, { status: 'duplicate' }), fileEvent(copy, 'file.duplicate'));
        const pages = async (query: Omit<FileQuery, 'limit'>) => {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await register.list({ ...query, limit: 3, ...(after === undefined ? {} : { after }) });
            expect(page.files.length).toBeLessThanOrEqual(3);
            seen.push(...page.files.map((file) => file.id));
            after = page.next;
          } while (after !== undefined);
          return seen;
        };
        await eventually(async () => {
          expect(await pages({})).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map(fileId));
          expect(await pages({ feed })).toEqual([6, 4, 2].map(fileId));
          expect(await pages({ arrivedFrom: instant(3), arrivedBefore: instant(7) })).toEqual([6, 5, 4, 3].map(fileId));
          expect(await pages({ feed, arrivedFrom: instant(3) })).toEqual([6, 4].map(fileId));
          expect(await pages({ arrivedBefore: instant(1) })).toEqual([]);
        });
      }));

    it('lists nothing and has no deliveries when empty', () =>
      withSubject(maker, async (register) => {
        expect(await register.list({ limit: 10 })).toEqual({ files: [] });
        expect(await register.deliveries()).toEqual([]);
      }));
  });
}
