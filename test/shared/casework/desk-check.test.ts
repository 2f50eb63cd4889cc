import { describe, expect, it } from 'vitest';
import type { CaseId } from '../../../shared/casework/case.ts';
import { deskCheck } from '../../../shared/casework/desk-check.ts';
import type { DeskCheckInput } from '../../../shared/casework/desk-check-input.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { FactChunk, FactRow } from '../../../shared/facts/fact.ts';
import { foldFacts } from '../../../shared/facts/fold.ts';
import type { IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { chinaTime, day } from '../../builders/clocks.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId, warning } from '../../builders/standings.ts';

const mother = personKey(1);
const son = personKey(2);
const inpatient = feedId();
const police = feedId('public-security/household-registration');
const deaths = feedId('public-security/death-registration');
const register = feedId('civil-affairs/low-income-register');

/** The mother's hospital bill: 5,000 yuan self-paid on 12 March, the very line of the trigger. */
const bill = factChunk({ person: mother, rows: [factRow()] });

function rows(feed: ReturnType<typeof feedId>, n: number, person: typeof mother, ...all: Partial<FactRow>[]): FactChunk {
  const stated = all.map((row, index) =>
    factRow({ row: 2 + index, key: `${feed}-${n}-${index}`, fields: {}, content: `${n}${index}`, ...row }),
  );
  return factChunk({ feed, file: fileId(n), seq: fileSequence(n), person, rows: stated });
}

/** The case of the mother and her son in 410102, opened on 1 April 2024 over the mother's bill. */
function known(changes: Partial<DeskCheckInput> & { readonly more?: readonly FactChunk[] } = {}): DeskCheckInput {
  const { more = [], ...rest } = changes;
  const chunks = [bill, ...more];
  const facts = [mother, son].flatMap((person) =>
    foldFacts(
      chunks.filter((chunk) => chunk.person === person),
      catalog,
    ),
  );
  return {
    case: { id: 'C-1' as CaseId, openedAt: instant() },
    household: householdId(1),
    area: '410102001',
    asOf: day('2024-04-01'),
    warnings: [warning(1)],
    registrations: [registration(1, 1, [membership(1)]), registration(2, 1, [membership(1, { head: false, relation: 'child' })])],
    facts,
    chunks,
    catalog,
    ...rest,
  };
}

const codes = (input: DeskCheckInput) => deskCheck(input).map(({ code }) => code);

/** The warning's reason with changes; by default the trigger on 5,000 yuan of self-paid bills. */
function because(...reasons: Partial<IndicatorResult>[]) {
  const [base] = warning(1).reasons;
  if (base === undefined) throw new Error('the builder has a reason');
  return [warning(1, { reasons: reasons.map((changes) => ({ ...base, ...changes })) })];
}

describe('what is known from the desk', () => {
  it('proposes nothing while nothing speaks against the reasons', () => {
    expect(deskCheck(known())).toEqual([]);
  });

  it('proposes nothing for an application of which nothing is known', () => {
    expect(deskCheck(known({ warnings: [], facts: [], chunks: [], registrations: [] }))).toEqual([]);
  });
});

describe('died', () => {
  const motherDied = rows(deaths, 5, mother, { fields: { diedOn: '2024-03-20' }, from: day('2024-03-20') });
  const sonDied = rows(deaths, 6, son, { fields: { diedOn: '2024-03-21' }, from: day('2024-03-21') });
  const left = [registration(1, 2, [membership(1, { to: day('2024-03-20') })]), registration(2, 1, [membership(1)])];

  it('is proposed when everybody the reasons are about has died, and tells how many live', () => {
    expect(deskCheck(known({ more: [motherDied], registrations: left }))).toEqual([
      {
        code: 'dead',
        text: {
          zh: '依据所涉1人均已死亡（最晚2024-03-20）；本户现有成员1人',
          en: 'All 1 the reasons are about have died, the last on 2024-03-20; 1 members are living',
        },
        evidence: [{ feed: deaths, file: fileId(5), row: 2 }],
      },
    ]);
  });

  it('is not proposed when somebody else died, or one of two', () => {
    expect(codes(known({ more: [sonDied] }))).toEqual([]);
    const [reason] = warning(1).reasons;
    const both = (reason?.evidence ?? []).flatMap((row) => [row, { ...row, person: son, row: 9 }]);
    expect(codes(known({ more: [motherDied], warnings: because({ evidence: both }) }))).toEqual([]);
  });

  it('is not proposed before the day', () => {
    expect(codes(known({ more: [motherDied], asOf: day('2024-03-19') }))).toEqual([]);
  });

  it('is proposed of a household in which nobody is left alive', () => {
    const died = [warning(1, { status: 'withdrawn', withdrawal: 'all-members-died' })];
    const gone = [mother, son].map((_, n) => registration(n + 1, 2, [membership(1, { to: day('2024-03-21') })]));
    expect(codes(known({ more: [motherDied, sonDied], warnings: died, registrations: gone }))).toEqual(['dead']);
  });
});

describe('moved', () => {
  const out = (person: typeof mother, n: number, row: Partial<FactRow> = {}) =>
    rows(police, n, person, { area: '410102001', from: day('2001-05-01'), to: day('2024-02-10'), ...row });
  const into = (person: typeof mother, n: number, row: Partial<FactRow> = {}) =>
    rows(police, n, person, { area: '370602001', from: day('2024-02-10'), fields: { registeredOn: '2024-02-10' }, ...row });

  it('is proposed when every living member is registered in another county now', () => {
    const [proposal, ...more] = deskCheck(known({ more: [out(mother, 5), into(mother, 6), out(son, 7), into(son, 8)] }));
    expect(more).toEqual([]);
    expect(proposal?.code).toBe('moved');
    expect(proposal?.text.zh).toBe('在世成员2人户籍均已迁出本县（最晚2024-02-10），迁往370602');
    expect(proposal?.evidence).toHaveLength(4);
  });

  it('is proposed when the register closed the rows and nobody says where to', () => {
    expect(codes(known({ more: [out(mother, 5), out(son, 7)] }))).toEqual(['moved']);
  });

  it('is proposed when the old county forgot to close its row, if the new one is dated later', () => {
    const open = factRow({ area: '410102001', from: day('2001-05-01'), key: 'old', fields: {}, content: 'old' });
    const old = (person: typeof mother, n: number) => rows(police, n, person, open);
    expect(codes(known({ more: [old(mother, 5), into(mother, 6), old(son, 7), into(son, 8)] }))).toEqual(['moved']);
    const undated = (person: typeof mother, n: number) => into(person, n, { fields: {} });
    expect(codes(known({ more: [old(mother, 5), undated(mother, 6), old(son, 7), undated(son, 8)] }))).toEqual([]);
  });

  it('is not proposed while one member stays', () => {
    expect(codes(known({ more: [out(mother, 5), into(mother, 6)] }))).toEqual([]);
  });

  it('is not proposed for people who live here and always were registered elsewhere', () => {
    expect(codes(known({ more: [into(mother, 5), into(son, 6)] }))).toEqual([]);
  });

  it('is not proposed for a move within the county, nor by a guessed area', () => {
    const within = (person: typeof mother, n: number) => into(person, n, { area: '410102007' });
    expect(codes(known({ more: [out(mother, 5), within(mother, 6), out(son, 7), within(son, 8)] }))).toEqual([]);
    const guessed = (person: typeof mother, n: number) => out(person, n, { areaAssumed: true });
    expect(codes(known({ more: [guessed(mother, 5), guessed(son, 7)] }))).toEqual([]);
  });

  it('is not proposed when they were declared here after the move', () => {
    const declared = rows(register, 9, mother, { area: '410102001', from: day('2024-03-01') });
    expect(codes(known({ more: [out(mother, 5), into(mother, 6), out(son, 7), into(son, 8), declared] }))).toEqual([]);
  });

  it('is proposed when the household has given way to another', () => {
    const now = [1, 2].map((n) =>
      registration(n, 2, [membership(1, { to: day('2024-03-15') }), membership(7, { from: day('2024-03-16') })]),
    );
    const [proposal] = deskCheck(known({ registrations: now }));
    expect(proposal?.code).toBe('moved');
    expect(proposal?.text.zh).toBe(`本户已无成员，原成员2人现属${householdId(7)}`);
  });
});

describe('already served', () => {
  const aid = { title: { zh: '临时救助', en: 'temporary aid' }, date: day('2024-03-20'), amount: 504_000 };

  it('is proposed when help was given after the last bill', () => {
    const row = { feed: feedId('civil-affairs/temporary-aid'), file: fileId(8), row: 3 };
    expect(deskCheck(known({ helped: [{ ...aid, row }] }))).toEqual([
      {
        code: 'already-served',
        text: {
          zh: '同一事项已救助：2024-03-20 临时救助 5,040.00元',
          en: 'Helped for the same event already: 2024-03-20 temporary aid 5,040.00 yuan',
        },
        evidence: [row],
      },
    ]);
  });

  it('is not proposed for help given before or with the bill: that is new information', () => {
    expect(codes(known({ helped: [{ ...aid, date: day('2024-03-11') }] }))).toEqual([]);
    expect(codes(known({ helped: [{ ...aid, date: day('2024-03-12') }] }))).toEqual([]);
  });

  it('is proposed for help that named this very bill or warning, whenever it was given', () => {
    const early = { ...aid, date: day('2024-03-12') };
    expect(codes(known({ helped: [{ ...early, event: factRow().key }] }))).toEqual(['already-served']);
    expect(codes(known({ helped: [{ ...early, event: warning(1).id }] }))).toEqual(['already-served']);
    expect(codes(known({ helped: [{ ...early, event: 'another' }] }))).toEqual([]);
  });
});

describe('refunded', () => {
  const back = (fields: FactRow['fields']) =>
    factChunk({
      file: fileId(5),
      seq: fileSequence(5, '2024-04-30'),
      rows: [factRow({ row: 7, reversal: true, fields, content: 'reversal' })],
    });

  it('is proposed when the bill was taken back, with what is left and the row that shows it', () => {
    expect(deskCheck(known({ more: [back({ totalCost: 1_200_000, selfPaid: 500_000 })] }))).toEqual([
      {
        code: 'refunded',
        text: {
          zh: '依据金额5,000.00元，已冲销5,000.00元，余0.00元，低于5,000.00元',
          en: 'Of 5,000.00 yuan 5,000.00 yuan were refunded; 0.00 yuan are left, below 5,000.00 yuan',
        },
        evidence: [{ feed: inpatient, file: fileId(5), row: 7 }],
      },
    ]);
  });

  it('is proposed when part was taken back and the rest is below the line by a fen', () => {
    expect(codes(known({ more: [back({ totalCost: 1, selfPaid: 1 })] }))).toEqual(['refunded']);
  });

  it('is not proposed while the rest still reaches the line, nor when only other amounts were taken back', () => {
    const lower = because({ line: 499_999 });
    expect(codes(known({ warnings: lower, more: [back({ totalCost: 1, selfPaid: 1 })] }))).toEqual([]);
    expect(codes(known({ more: [back({ totalCost: 100_000 })] }))).toEqual([]);
  });

  it('is not proposed while another reason that is no sum of money carries the case', () => {
    const both = because({}, { indicator: 'disability-new', value: 1, line: null, unit: 'yes-no' });
    expect(codes(known({ warnings: both, more: [back({ selfPaid: 500_000 })] }))).toEqual([]);
  });

  it('looks past points where a trigger carries the case', () => {
    const [trigger, points] = [{}, { indicator: 'elder', value: 1, line: null, unit: 'yes-no' as const, trigger: undefined }];
    expect(codes(known({ warnings: because(trigger, points), more: [back({ selfPaid: 500_000 })] }))).toEqual(['refunded']);
  });
});

describe('paid by other insurance', () => {
  const claim = {
    person: mother,
    date: day('2024-03-25'),
    amount: 300_000,
    row: { feed: feedId('insurance/claim'), file: fileId(9), row: 12 },
  };

  it('is proposed when a column of the bill tells so and the rest is below the line', () => {
    const [row] = bill.rows;
    const paid = {
      ...bill,
      rows: [{ ...factRow(), ...row, fields: { ...row?.fields, commercialPaid: 200_000, mutualPaid: 50_000 } }],
    };
    const facts = foldFacts([paid], catalog);
    const [proposal] = deskCheck(known({ chunks: [paid], facts }));
    expect(proposal?.code).toBe('paid-otherwise');
    expect(proposal?.text.zh).toBe('依据金额5,000.00元，其他保险已支付2,500.00元，余2,500.00元，低于5,000.00元');
  });

  it('is proposed when an insurer paid the mother after her bill', () => {
    const [proposal] = deskCheck(known({ otherPayments: [claim] }));
    expect(proposal?.code).toBe('paid-otherwise');
    expect(proposal?.evidence).toEqual([claim.row]);
  });

  it('is not proposed for claims of others or from before', () => {
    expect(codes(known({ otherPayments: [{ ...claim, person: son }] }))).toEqual([]);
    expect(codes(known({ otherPayments: [{ ...claim, date: day('2024-03-11') }] }))).toEqual([]);
  });
});

describe('part of another open case', () => {
  const other = { id: 'C-0' as CaseId, household: householdId(7), openedAt: chinaTime('2024-03-01'), persons: [mother] };

  it('is proposed when everybody concerned is in an older case of another household', () => {
    const [proposal] = deskCheck(known({ otherCases: [other] }));
    expect(proposal?.code).toBe('merged-with-case');
    expect(proposal?.text.zh).toBe('依据所涉1人已在办件C-0中');
  });

  it('is left to the younger of two cases, so that they never close each other', () => {
    expect(codes(known({ otherCases: [{ ...other, openedAt: chinaTime('2024-05-01') }] }))).toEqual([]);
    expect(codes(known({ otherCases: [{ ...other, openedAt: instant() }] }))).toEqual(['merged-with-case']);
    expect(codes(known({ otherCases: [{ ...other, openedAt: instant(), id: 'C-2' as CaseId }] }))).toEqual([]);
  });

  it('is not proposed when the other case holds only the rest of the family', () => {
    expect(codes(known({ otherCases: [{ ...other, persons: [son] }] }))).toEqual([]);
  });
});

describe('over the asset limit', () => {
  const deposits = {
    title: { zh: '人均金融资产', en: 'financial assets a head' },
    unit: 'fen',
    value: 2_400_001,
    line: 2_400_000,
  } as const;

  it('is proposed for what is known to be over, and silent at the line or when nothing is known', () => {
    expect(deskCheck(known({ assets: [deposits] }))).toEqual([
      {
        code: 'over-asset-limit',
        text: {
          zh: '人均金融资产24,000.01元，超过24,000.00元',
          en: 'financial assets a head 24,000.01 yuan, above 24,000.00',
        },
        evidence: [],
      },
    ]);
    expect(codes(known({ assets: [{ ...deposits, value: 2_400_000 }] }))).toEqual([]);
  });
});

describe('a reason corrected away', () => {
  const withdrawn = warning(1, { status: 'withdrawn', withdrawal: 'reason-taken-back' });

  it('is proposed when every warning of the case was withdrawn by a correction', () => {
    const [proposal] = deskCheck(known({ warnings: [withdrawn] }));
    expect(proposal?.code).toBe('reason-taken-back');
    expect(proposal?.text.zh).toBe('部门更正数据后，1条预警均已撤回（2024-04-01）');
    expect(proposal?.evidence).toEqual([{ feed: inpatient, file: fileId(1), row: 4 }]);
  });

  it('is not proposed while another warning is open', () => {
    expect(codes(known({ warnings: [withdrawn, warning(1)] }))).toEqual([]);
  });
});
