import { expect, it } from 'vitest';
import type { Moments } from './moments.ts';

/** Huangshi: what must be there at the moments of the story, wherever it is played. */
export function expectHuangshi(at: Moments): void {
  it('no department has told of any trouble, and the application is a case like any other', () => {
    const { case: found, standings } = at('applied');
    expect(standings.flatMap(({ warning }) => warning ?? [])).toEqual([]);
    expect(found).toMatchObject({ source: 'cadre-report', warnings: [], stage: 'visit', area: '420222105208' });
    expect(found.application).toMatchObject({ channel: 'cadre', needs: ['medical', 'living'] });
    expect(found.assignment?.user).toBe('hucun');
  });

  it('the signed statement takes the place of fourteen proofs of nine classes, each listed', () => {
    const commitment = at('committed').case.application?.commitment;
    expect(commitment?.waived).toHaveLength(14);
    expect(new Set(commitment?.waived.map(({ code }) => code.slice(0, 1))).size).toBe(9);
    expect(at('committed').case.attachments).toMatchObject([{ id: commitment?.signature, kind: 'signature' }]);
  });

  it('the report is compared item by item; no answer is kept apart from no record', () => {
    const items = at('checked').case.application?.check?.items ?? [];
    expect(Object.fromEntries(items.map(({ item, found, verdict }) => [item, `${found.kind} ${verdict}`]))).toEqual({
      户籍人数: 'value same',
      父亲月收入: 'no-record differs',
      母亲月收入: 'value same',
      住房套数: 'value same',
      机动车: 'no-record same',
      银行存款: 'value differs',
      商业保险: 'no-answer open',
    });
    // It decides nothing.
    expect(at('checked').case.stage).toBe('review');
  });

  it('a person confirms the allowance in short; the members go to medical insurance', () => {
    const { case: found } = at('helped');
    expect(found.decisions).toMatchObject([{ by: 'mingyue', kind: 'help', actions: ['A2', 'A8'] }]);
    expect(found.aids).toMatchObject([{ measure: 'minimum-living-allowance', amount: 1_140_00, rhythm: 'monthly' }]);
    expect(found.referrals.map(({ measure, status }) => [measure, status])).toEqual([
      ['medical-aid', 'sent'],
      ['paid-enrolment', 'sent'],
    ]);
  });

  it('closed as newly helped, without any mark of dishonesty', () => {
    const { case: closed } = at('closed');
    expect(closed).toMatchObject({ stage: 'closed', outcome: { code: 'helped-new', by: 'mingyue' } });
    expect(closed.referrals.map(({ status }) => status)).toEqual(['done', 'done']);
  });
}
