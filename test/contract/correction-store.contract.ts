import { describe, expect, it } from 'vitest';
import type { CorrectionNotice } from '../../shared/corrections/notice.ts';
import type { CorrectionQuery, CorrectionStore } from '../../shared/ports/correction-store.ts';
import { caseId } from '../builders/cases.ts';
import { correctionAnswer, correctionChange, notice } from '../builders/corrections.ts';
import { feedId, fileId, instant } from '../builders/facts.ts';
import { householdId } from '../builders/standings.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

const ANYWHERE: CorrectionQuery = { areas: [''], limit: 100 };

async function pages(store: CorrectionStore, query: CorrectionQuery): Promise<readonly CorrectionNotice[]> {
  const seen: CorrectionNotice[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...query, ...(after === undefined ? {} : { after }) });
    seen.push(...page.notices);
    after = page.next;
  } while (after !== undefined);
  return seen;
}

/** What every CorrectionStore promises. */
export function correctionStoreContract(name: string, maker: SubjectMaker<CorrectionStore>): void {
  const eventually = settle(maker);
  const save = async (store: CorrectionStore, notices: readonly CorrectionNotice[]) =>
    expect(await store.save(notices.map(correctionChange))).toEqual([]);

  describe(`correction store: ${name}`, () => {
    it('gives back a notice exactly as it was saved, by id and by case', () =>
      withSubject(maker, async (store, subject) => {
        const one = notice(1, { field: 'selfPaid' });
        const other = notice(1, { row: 9, sentAt: instant(5), answers: [correctionAnswer({ note: '已核' })] });
        const ofNextCase = notice(1, { case: caseId(1, 11), file: fileId(3) });
        await save(store, [other, one, ofNextCase, notice(2)]);
        expect(await store.get(one.id)).toEqual(one);
        expect(await store.ofCase(caseId(1))).toEqual([one, other]);
        expect(await store.ofCase(caseId(1, 11))).toEqual([ofNextCase]);
        await eventually(async () => expect(await subject.events()).toHaveLength(4));
      }));

    it('knows nothing of what was never saved, and takes empty lists', () =>
      withSubject(maker, async (store) => {
        expect(await store.get(notice(1).id)).toBeUndefined();
        expect(await store.ofCase(caseId(1))).toEqual([]);
        expect(await store.save([])).toEqual([]);
        expect(await store.list(ANYWHERE)).toEqual({ notices: [] });
        await save(store, [notice(1)]);
        expect(await store.list({ ...ANYWHERE, areas: [] })).toEqual({ notices: [] });
        expect(await store.list({ ...ANYWHERE, departments: [] })).toEqual({ notices: [] });
      }));

    it('takes the notice of a row of a case once, with its event, however often it is sent', () =>
      withSubject(maker, async (store, subject) => {
        await save(store, [notice(1)]);
        const again = [correctionChange(notice(1)), correctionChange(notice(2))];
        expect(await store.save(again)).toEqual([again[0]]);
        await eventually(async () => {
          expect((await subject.events()).map(({ subject: about }) => about['correction'])).toEqual([notice(1).id, notice(2).id]);
        });
      }));

    it('saves the next version and refuses one computed from another state, and its event', () =>
      withSubject(maker, async (store, subject) => {
        await save(store, [notice(1)]);
        const answered = notice(1, { version: 2, answers: [correctionAnswer()] });
        await save(store, [answered]);
        for (const version of [1, 2, 4]) {
          const stale = correctionChange(notice(1, { version, answers: [correctionAnswer({ kind: 'upheld' })] }));
          expect(await store.save([stale])).toEqual([stale]);
        }
        expect(await store.get(answered.id)).toEqual(answered);
        await eventually(async () =>
          expect((await subject.events()).map(({ type }) => type)).toEqual(['correction.sent', 'correction.answered']),
        );
      }));

    it('lets exactly one of simultaneous answers through', () =>
      withSubject(maker, async (store) => {
        await save(store, [notice(1)]);
        const writers = [1, 2, 3, 4].map((n) =>
          correctionChange(notice(1, { version: 2, answers: [correctionAnswer({ id: `answer-${n}` })] })),
        );
        const lost = await Promise.all(writers.map((writer) => store.save([writer])));
        expect(lost.filter((list) => list.length === 0)).toHaveLength(1);
        expect((await store.get(notice(1).id))?.answers).toHaveLength(1);
      }));

    it('lists by area, department, whether an answer is awaited, and time, those sent first coming first', () =>
      withSubject(maker, async (store) => {
        const medical = notice(1);
        const school = notice(2, { feed: feedId('education/enrolment') });
        const passedOn = notice(3, {
          area: '410103',
          answers: [correctionAnswer({ kind: 'passed-on', to: 'hospital' })],
          dueAt: instant(50),
        });
        const elsewhere = notice(4, { area: '370612001' });
        const answered = notice(5, { area: '410102002', answers: [correctionAnswer()] });
        const all = [medical, school, passedOn, elsewhere, answered];
        await save(store, all.toReversed());
        const listed = async (filter: Partial<CorrectionQuery>) =>
          (await pages(store, { ...ANYWHERE, ...filter })).map(({ id }) => all.findIndex((one) => one.id === id) + 1);
        await eventually(async () => {
          expect(await listed({})).toEqual([1, 2, 3, 4, 5]);
          expect(await listed({ limit: 1 })).toEqual([1, 2, 3, 4, 5]);
          expect(await listed({ areas: ['410102'] })).toEqual([1, 2, 5]);
          expect(await listed({ areas: ['410102001', '37'] })).toEqual([1, 2, 4]);
          expect(await listed({ departments: ['medical-insurance'] })).toEqual([1, 3, 4, 5]);
          expect(await listed({ departments: ['medical-insurance', 'education'], areas: ['41'], limit: 2 })).toEqual([
            1, 2, 3, 5,
          ]);
          expect(await listed({ awaiting: true })).toEqual([1, 2, 3, 4]);
          expect(await listed({ awaiting: false })).toEqual([5]);
          expect(await listed({ awaiting: true, dueBefore: instant(51) })).toEqual([3]);
          expect(await listed({ sentFrom: instant(2), sentBefore: instant(4) })).toEqual([2, 3]);
        });
      }));

    it('pages through more notices than one batch of any store holds, while answers move them', () =>
      withSubject(maker, async (store) => {
        const many = Array.from({ length: 120 }, (_, n) => notice(n, { household: householdId(n), sentAt: instant(n % 7) }));
        await save(store, many);
        const inOrder = many.toSorted((a, b) => (`${a.sentAt}${a.id}` < `${b.sentAt}${b.id}` ? -1 : 1)).map(({ id }) => id);
        await eventually(async () => {
          expect((await pages(store, { ...ANYWHERE, areas: ['41'], limit: 17 })).map(({ id }) => id)).toEqual(inOrder);
        });
        const [first] = many;
        if (first === undefined) throw new Error('none were made');
        await save(store, [{ ...first, version: 2, answers: [correctionAnswer()] }]);
        await eventually(async () => {
          expect(await pages(store, { ...ANYWHERE, awaiting: true, limit: 50 })).toHaveLength(119);
          expect(await pages(store, { ...ANYWHERE, awaiting: false })).toHaveLength(1);
        });
      }));
  });
}
