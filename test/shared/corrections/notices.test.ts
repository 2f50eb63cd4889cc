import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { performAction } from '../../../shared/casework/perform-action.ts';
import { readCase } from '../../../shared/casework/read-cases.ts';
import { takeMessages } from '../../../shared/casework/take-messages.ts';
import { type AnsweringDeps, answerCorrection, CorrectionAnswerForm } from '../../../shared/corrections/answer-correction.ts';
import { listCorrections, readCorrection } from '../../../shared/corrections/read-corrections.ts';
import { sendCorrections } from '../../../shared/corrections/send-corrections.ts';
import { type CorrectionTending, tendCorrections } from '../../../shared/corrections/tend-corrections.ts';
import type { FactRow } from '../../../shared/facts/fact.ts';
import { SendCorrections } from '../../../shared/ports/case-messages.ts';
import { KeyReusedError } from '../../../shared/ports/errors.ts';
import { sealerOf } from '../../../shared/registry/sealing.ts';
import { action } from '../../builders/acting.ts';
import { accessOf, CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseId } from '../../builders/cases.ts';
import { correctionChange, notice } from '../../builders/corrections.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { arrival, deliveryBy, fileEvent, receiptFor } from '../../builders/files.ts';
import { membership, registration } from '../../builders/registrations.ts';

const sealer = sealerOf(new Uint8Array(32).fill(9));
const officer = accessOf({ roles: ['department'], areas: ['410102'], departments: ['medical-insurance'] }, 'officer-1');
const supervisor = accessOf({ roles: ['supervisor'] }, 'supervisor-1');
const caseworker = accessOf({ roles: ['caseworker'] }, 'caseworker-1');
const ROW = { file: fileId(1), row: 4, found: 'amount-wrong', field: 'selfPaid', note: '票据为500元' } as const;

let office: CaseOffice;
beforeEach(async () => {
  office = new CaseOffice();
  const { facts, households, files } = office.embedded;
  const sealed = sealer.seal(personKey(1), JSON.stringify({ diagnosisName: '心力衰竭' }));
  await facts.append([factChunk({ rows: [factRow({ sealed })] })]);
  await households.register([registration(1, 1, [membership(1)])], instant());
  for (const n of [1, 2]) {
    await files.claim(arrival(n));
    await files.finish(fileId(n), receiptFor(arrival(n)), [deliveryBy(arrival(n))], fileEvent(arrival(n)));
  }
  await office.hasWarning(1);
  await office.has(aCase(1, { stage: 'review' }));
});
afterEach(() => office.close());

const reading = (): AnsweringDeps & CorrectionTending => ({
  ...office.deps,
  corrections: office.embedded.corrections,
  files: office.embedded.files,
  queue: office.embedded.queue,
  sealer,
});
const decide = (asked: object) =>
  performAction(office.deps, caseworker, {
    case: caseId(1),
    action: action({ action: 'decide', kind: 'data-wrong', outcome: 'data-wrong', ...asked }),
    key: 'decision-1',
  });
const sending = async () => (await office.messages()).filter((message) => message.kind === 'send-corrections');
const sent = async () => {
  await decide({ wrongRows: [ROW] });
  await takeMessages(office.deps, await sending());
  const [only, ...others] = await office.embedded.corrections.ofCase(caseId(1));
  if (only === undefined || others.length > 0) throw new Error('expected one notice');
  return only;
};
const answer = (id: string, form: object, key = 'answer-1') =>
  answerCorrection(reading(), officer, { id, form: CorrectionAnswerForm.parse(form), key });
const told = async (type: string) => (await office.events()).filter((event) => event.type === type);

describe('a decision that data are wrong', () => {
  it('sends the department a notice of the row, by the case, with what was found and by when an answer is due', async () => {
    expect(await sent()).toMatchObject({
      version: 1,
      case: caseId(1),
      department: 'medical-insurance',
      feed: 'medical-insurance/inpatient-settlement',
      file: fileId(1),
      row: 4,
      area: '410102001',
      field: 'selfPaid',
      found: 'amount-wrong',
      sentAt: instant(),
      dueAt: '2024-04-11T12:00:00.000Z',
      answers: [],
    });
  });

  it('tells of it in an event without names, people or words', async () => {
    const { id } = await sent();
    const [event, ...others] = await told('correction.sent');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      actor: 'caseworker-1',
      subject: { correction: id, case: caseId(1) },
      data: { department: 'medical-insurance', found: 'amount-wrong', row: 4 },
    });
    expect(JSON.stringify(await office.events())).not.toContain('票据');
    expect(JSON.stringify(event)).not.toContain(personKey(1));
  });

  it('sends one notice however often the message comes, and after a kill between the two writes', async () => {
    await decide({ wrongRows: [ROW] });
    const messages = await sending();
    expect(messages).toHaveLength(1);
    const dying = { ...office.deps, corrections: { save: () => Promise.reject(new Error('killed')) } };
    await expect(takeMessages(dying, messages)).rejects.toThrow('killed');
    office.now = instant(300);
    await takeMessages(office.deps, [...messages, ...messages]);
    await takeMessages(office.deps, messages);
    const notices = await office.embedded.corrections.ofCase(caseId(1));
    expect(notices.map(({ sentAt }) => sentAt)).toEqual([instant()]);
    expect(await told('correction.sent')).toHaveLength(1);
  });

  it('names no row: the rows the warning rests on are offered, and nothing is closed', async () => {
    const performed = await decide({});
    expect(performed).toMatchObject({ kind: 'refused', refusal: { code: 'wrong-rows-missing' } });
    expect(performed.kind === 'refused' && performed.refusal.text.zh).toContain(`${fileId(1)} #4`);
    expect(performed.case.stage).toBe('review');
  });

  it('is told plainly that no notice goes out when nobody can say which row', async () => {
    await decide({ rowsUnknown: true });
    expect(await sending()).toEqual([]);
    const page = await readCase({ ...office.deps, corrections: office.embedded.corrections }, supervisor, caseId(1));
    expect(page.decisions[0]?.notices?.zh).toBe('没有指明哪一行数据有误，因此不发更正通知，来源部门不会得知。');
  });

  it('cannot ask a department about rows of strangers, or about fields the feed does not have', async () => {
    await office.embedded.facts.append([factChunk({ person: personKey(9), file: fileId(7), seq: fileSequence(7) })]);
    expect(await decide({ wrongRows: [{ ...ROW, file: fileId(7) }] })).toMatchObject({ refusal: { code: 'no-such-row' } });
    expect(await decide({ wrongRows: [{ ...ROW, row: 5 }] })).toMatchObject({ refusal: { code: 'no-such-row' } });
    expect(await decide({ wrongRows: [{ ...ROW, field: 'colour' }] })).toMatchObject({ refusal: { code: 'no-such-field' } });
  });

  it('lets a confirmed proposal of the desk check send one too', async () => {
    const proposal = { code: 'dead' as const, text: { zh: '', en: '' }, evidence: [] };
    const found = aCase(1, { version: 2, stage: 'desk-check', proposals: [proposal] });
    await office.embedded.cases.save([{ case: found, events: [], messages: [] }]);
    const confirm = { action: 'answer-proposal', index: 0, accepted: true, wrongRows: [{ ...ROW, found: 'has-died' }] };
    await performAction(office.deps, caseworker, { case: caseId(1), action: action(confirm), key: 'confirm-1' });
    await takeMessages(office.deps, await sending());
    expect(await office.embedded.corrections.ofCase(caseId(1))).toMatchObject([{ found: 'has-died', row: 4 }]);
  });

  it('knows nothing of a case that is not there', async () => {
    const message = SendCorrections.parse({ v: 1, kind: 'send-corrections', case: caseId(77) });
    await sendCorrections(office.deps, message.case);
    expect(await told('correction.sent')).toEqual([]);
  });
});

describe('the department', () => {
  it('sees its notice with the row as it was sent, but no name and no person', async () => {
    const { id } = await sent();
    const { notices } = await listCorrections(reading(), officer, { limit: 10 });
    expect(notices).toMatchObject([{ id, status: 'open', note: '票据为500元', foundTitle: { zh: '金额有误' } }]);
    const page = await readCorrection(reading(), officer, id);
    expect(page).toMatchObject({ path: 'medical-insurance/inpatient-settlement/2024-03/结算 1.csv', period: '2024-03', row: 4 });
    expect(Object.fromEntries((page.fields ?? []).map(({ name, value }) => [name, value]))).toMatchObject({
      selfPaid: 500_000,
      diagnosisName: '心力衰竭',
    });
    expect(JSON.stringify(page)).not.toContain(personKey(1));
    const reads = (await told('data.read')).filter(({ actor }) => actor === 'department-1');
    expect(
      reads.map(({ data, subject }) => [data['action'], data['purpose'], subject['correction'] ?? subject['corrections']]),
    ).toEqual([
      ['corrections.read', 'visit', id],
      ['corrections.read', 'visit', id],
    ]);
  });

  it('sees nothing of other departments and areas; supervisors see no words', async () => {
    const { id } = await sent();
    const school = accessOf({ roles: ['department'], departments: ['education'] }, 'school');
    const elsewhere = accessOf({ roles: ['department'], areas: ['37'], departments: ['medical-insurance'] }, 'elsewhere');
    for (const access of [school, elsewhere]) {
      expect((await listCorrections(reading(), access, { limit: 10 })).notices).toEqual([]);
      await expect(readCorrection(reading(), access, id)).rejects.toThrow();
    }
    await expect(listCorrections(reading(), school, { limit: 10, department: 'medical-insurance' })).rejects.toThrow();
    const page = await readCorrection(reading(), supervisor, id);
    expect(page).toMatchObject({ id, note: null, found: 'amount-wrong' });
    const auditor = await readCorrection(reading(), accessOf({ roles: ['auditor'] }, 'auditor'), id);
    expect(auditor.fields?.some(({ name }) => name === 'diagnosisName')).toBe(false);
  });

  it('finds what is overdue, once its time is over', async () => {
    await sent();
    const ids = async (status: 'open' | 'overdue' | 'answered') =>
      (await listCorrections(reading(), officer, { limit: 10, status })).notices.map((one) => one.status);
    expect(await ids('overdue')).toEqual([]);
    office.now = '2024-04-12T00:00:00.000Z' as typeof office.now;
    expect(await ids('overdue')).toEqual(['overdue']);
    expect(await ids('open')).toEqual(['overdue']);
    expect(await ids('answered')).toEqual([]);
  });

  it('answers that the row is right, with a reason; the history of the case tells it', async () => {
    const { id } = await sent();
    office.now = instant(90);
    const made = await answer(id, { kind: 'upheld', reason: 'as-in-papers', note: '与发票一致' });
    expect(made).toMatchObject({
      kind: 'done',
      notice: { status: 'answered', answers: [{ kind: 'upheld', note: '与发票一致' }] },
    });
    const page = await readCase({ ...office.deps, corrections: office.embedded.corrections }, caseworker, caseId(1));
    expect(page.history.map(({ what }) => what)).toEqual(['decide', 'correction-sent', 'correction-answered']);
    expect(page.history.at(-1)).toMatchObject({
      at: instant(90),
      by: 'department-1',
      note: '与发票一致',
      codes: { answer: 'upheld', reason: 'as-in-papers', department: 'medical-insurance' },
    });
    const [event] = await told('correction.answered');
    expect(event?.data).toMatchObject({ answer: 'upheld', reason: 'as-in-papers', late: false });
    expect(JSON.stringify(event)).not.toContain('发票');
  });

  it('refuses another answer under a key that was used, which would be lost in silence', async () => {
    const { id } = await sent();
    expect((await answer(id, { kind: 'passed-on', to: 'hospital', note: '已去函' }, 'one-key')).kind).toBe('done');
    expect((await answer(id, { kind: 'passed-on', to: 'hospital', note: '已去函' }, 'one-key')).kind).toBe('already');
    await expect(answer(id, { kind: 'passed-on', to: 'clinic', note: '已去函' }, 'one-key')).rejects.toThrow(KeyReusedError);
    await expect(answer(id, { kind: 'passed-on', to: 'hospital', note: '已去电' }, 'one-key')).rejects.toThrow(KeyReusedError);
    await expect(answer(id, { kind: 'unknown-row' }, 'one-key')).rejects.toThrow(KeyReusedError);
  });

  it('answers once: the same again is done already, another answer is refused', async () => {
    const { id } = await sent();
    expect((await answer(id, { kind: 'corrected', file: fileId(2) })).kind).toBe('done');
    expect((await answer(id, { kind: 'corrected', file: fileId(2) })).kind).toBe('already');
    expect((await answer(id, { kind: 'corrected', file: fileId(2) }, 'answer-2')).kind).toBe('already');
    expect(await answer(id, { kind: 'unknown-row' }, 'answer-3')).toMatchObject({
      kind: 'refused',
      text: { zh: expect.stringContaining('已答复（已更正）') },
    });
    expect(await told('correction.answered')).toHaveLength(1);
  });

  it('may pass it on: the notice stays open, and is answered for good later', async () => {
    const { id } = await sent();
    expect(await answer(id, { kind: 'passed-on', to: 'hospital' })).toMatchObject({ kind: 'done', notice: { status: 'open' } });
    expect((await answer(id, { kind: 'passed-on', to: 'hospital' }, 'again')).kind).toBe('already');
    expect(await answer(id, { kind: 'unknown-row' }, 'answer-2')).toMatchObject({ kind: 'done', notice: { status: 'answered' } });
  });

  it('names a file that corrects only if it is of the feed, taken in, and counts after the row', async () => {
    const { id } = await sent();
    const { files } = office.embedded;
    const school = arrival(5, { feed: feedId('education/enrolment'), path: 'education/enrolment/2024-03/名单.csv' });
    await files.claim(school);
    await files.finish(school.id, receiptFor(school), [], fileEvent(school));
    const refused = arrival(6);
    await files.claim(refused);
    await files.refuse(refused, receiptFor(refused, { status: 'refused' }), fileEvent(refused, 'file.refused'));
    await files.claim(arrival(8));
    for (const file of [fileId(1), fileId(5), fileId(6), fileId(8), fileId(99)]) {
      expect((await answer(id, { kind: 'corrected', file }, `key-${file}`)).kind).toBe('refused');
    }
  });

  it('is answered once when two officers answer at the same moment', async () => {
    const { id } = await sent();
    const both = await Promise.all([
      answer(id, { kind: 'unknown-row' }, 'a'),
      answer(id, { kind: 'upheld', reason: 'as-decided' }, 'b'),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect((await office.embedded.corrections.ofCase(caseId(1)))[0]?.answers).toHaveLength(1);
  });
});

describe('a later file', () => {
  const correction = (row: Partial<FactRow>) =>
    factChunk({ file: fileId(2), seq: fileSequence(2), rows: [factRow({ content: 'other', ...row })] });

  it('that corrects the row answers the notice when notices are tended, once', async () => {
    const { id } = await sent();
    await office.embedded.facts.append([correction({ fields: { totalCost: 120_000, selfPaid: 50_000 } })]);
    office.now = instant(60);
    await tendCorrections(reading(), {});
    await tendCorrections(reading(), {});
    expect(await office.embedded.corrections.get(id)).toMatchObject({
      version: 2,
      answers: [{ kind: 'corrected', by: 'system', file: fileId(2), at: instant(60) }],
    });
    expect(await told('correction.answered')).toHaveLength(1);
  });

  it('that tells the same again leaves it open', async () => {
    const { id } = await sent();
    await office.embedded.facts.append([correction({ content: factRow().content })]);
    await tendCorrections(reading(), {});
    expect(await office.embedded.corrections.get(id)).toMatchObject({ version: 1, answers: [] });
  });

  it('is looked for page by page', async () => {
    const many = Array.from({ length: 450 }, (_, n) => correctionChange(notice(n + 10)));
    await office.embedded.corrections.save(many);
    let pages = 1;
    await tendCorrections(reading(), {});
    for (;;) {
      const [message] = await office.embedded.queue.receive('cases', 10, 60);
      if (message === undefined) break;
      const { kind, after } = JSON.parse(message.body) as { kind: string; after: string };
      expect(kind).toBe('tend-corrections');
      await tendCorrections(reading(), { after });
      pages += 1;
    }
    expect(pages).toBe(3);
  });
});
