import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { Case } from '../../../shared/casework/case.ts';
import { caseWords } from '../../../shared/casework/case-words.ts';
import { sealedCases } from '../../../shared/casework/sealed-cases.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import type { FileId } from '../../../shared/facts/fact.ts';
import type { CaseStore } from '../../../shared/ports/case-store.ts';
import { wordsIn } from '../../../shared/registry/sealed-words.ts';
import { SealError, sealerOf } from '../../../shared/registry/sealing.ts';
import { aCase, caseChange, caseId, referral } from '../../builders/cases.ts';
import { instant, personKey } from '../../builders/facts.ts';
import { withFolder } from '../adapters/embedded/data-folder.ts';

const sealer = sealerOf(new Uint8Array(32).fill(7));
let told = 0;
/** Words that are found again wherever they are left. */
function said(): string {
  told += 1;
  return `王秀英之言${told}`;
}
const row = () => ({
  file: 'f'.repeat(24) as FileId,
  row: 2,
  found: 'amount-wrong' as const,
  note: said(),
  feed: 'medical-insurance/inpatient-settlement' as FeedId,
  person: personKey(1),
});

/** A case in which somebody has written wherever one can write. */
function talkative(n: number): Case {
  const at = instant(1);
  const by = 'caseworker-1';
  return aCase(n, {
    application: {
      channel: 'family',
      needs: [],
      measures: [],
      statement: said(),
      commitment: {
        signedAt: at,
        signature: 'a'.repeat(64),
        waived: [{ code: said(), title: { zh: said(), en: said() } }],
        declared: { [said()]: said(), [said()]: 120_000 },
        corrections: [{ at, by, before: { [said()]: said(), [said()]: null, [said()]: 5 }, note: said() }],
      },
      check: {
        reportedAt: at,
        by,
        items: [
          { item: said(), declared: said(), found: { kind: 'value', value: said() }, verdict: 'same' },
          { item: said(), declared: 1, found: { kind: 'value', value: 2 }, verdict: 'differs' },
          { item: said(), found: { kind: 'no-record' }, verdict: 'open' },
        ],
      },
    },
    proposals: [
      {
        code: 'dead',
        text: { zh: '死亡登记', en: 'registered as dead' },
        evidence: [],
        answer: { accepted: true, by, at, wrongRows: [row()] },
      },
    ],
    visits: [
      {
        id: '7e0f0f5e-8a43-4c8c-9d5e-0f6f5a1b2c3d',
        means: 'home',
        visitedAt: at,
        submittedAt: at,
        by,
        investigators: [said(), said()],
        truth: 'T1',
        needs: [],
        proposed: [],
        members: [{ present: true, correction: said() }, { present: false }],
        notes: said(),
        photos: [],
        baseVersion: 1,
        round: 0,
        chosen: { at, by, note: said() },
      },
    ],
    decisions: [{ at, by, level: 'township', kind: 'data-wrong', actions: [], note: said(), wrongRows: [row()] }],
    referrals: [
      referral('R1', 'medical-insurance', { ask: said(), answers: [{ id: 'k', at, by, kind: 'accept', note: said() }] }),
    ],
    aids: [
      {
        id: 'A1',
        measure: 'temporary-aid',
        department: 'civil-affairs',
        rhythm: 'once',
        date: '2024-03-01' as PlainDate,
        by,
        event: 'e',
        guardOverride: said(),
      },
    ],
    history: [{ at, by, what: 'comment', version: 1, stage: 'visit', note: said() }],
    outcome: { code: 'not-in-need', at, by, note: said() },
  });
}

async function withCases(test: (cases: CaseStore) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const stores = openEmbedded(folder);
    try {
      await test(stores.cases);
    } finally {
      stores.close();
    }
  });
}

describe('cases with what people wrote sealed', () => {
  it('hold nothing of it as it was written, and give it back as it was', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      told = 0;
      const one = talkative(1);
      expect(wordsIn(caseWords, one)).toHaveLength(told);
      expect(await office.save([caseChange(one)])).toEqual([]);
      expect(JSON.stringify(await cases.get(one.id))).not.toContain('之言');
      expect(await office.get(one.id)).toEqual(one);
      expect((await office.current([one.household])).get(one.household)).toEqual(one);
      expect(await office.ofHousehold(one.household)).toEqual([one]);
      expect((await office.list({ areas: [''], order: 'due', limit: 5 })).cases).toEqual([one]);
    }));

  it('are carried along by who has no key, and read afterwards', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      const one = talkative(1);
      await office.save([caseChange(one)]);
      const carried = (await cases.get(one.id)) as Case;
      await cases.save([caseChange({ ...carried, version: 2, stage: 'review' })]);
      expect(await office.get(one.id)).toEqual({ ...one, version: 2, stage: 'review' });
    }));

  it('show what was kept before it was sealed, and seal it with the next change', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      const one = talkative(1);
      await cases.save([caseChange(one)]);
      expect(await office.get(one.id)).toEqual(one);
      await office.save([caseChange({ ...one, version: 2 })]);
      expect(JSON.stringify(await cases.get(one.id))).not.toContain('之言');
    }));

  it('answer with the changes that were lost as they were given', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      const [lost, kept] = [caseChange(talkative(1)), caseChange(talkative(2))];
      await office.save([lost]);
      expect(await office.save([lost, kept])).toEqual([lost]);
    }));

  it('keep the words of the closed case that gives way to a new one sealed', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      const closed: Case = { ...talkative(1), stage: 'closed' };
      await office.save([caseChange(closed)]);
      const next = { ...talkative(1), id: caseId(1, 2) };
      expect(await office.save([caseChange(next, { past: closed })])).toEqual([]);
      expect(JSON.stringify(await cases.ofHousehold(closed.household))).not.toContain('之言');
      expect(await office.ofHousehold(closed.household)).toEqual([closed, next]);
    }));

  it('do not open words that were moved to them from another case', () =>
    withCases(async (cases) => {
      const office = sealedCases(cases, sealer);
      await office.save([caseChange(talkative(1))]);
      const { history } = (await cases.get(caseId(1))) as Case;
      await cases.save([caseChange(aCase(2, { history }))]);
      await expect(office.get(caseId(2))).rejects.toThrow(SealError);
    }));
});
