import { describe, expect, it } from 'vitest';
import { findingExamples, findingStepExamples } from '../../../functions/serve-api/action-examples.ts';
import { createApp } from '../../../functions/serve-api/app.ts';
import { FindingBody, FindingStepBody } from '../../../functions/serve-api/audit-schemas.ts';
import type { Principal } from '../../../shared/access/principal.ts';
import { caseId } from '../../builders/cases.ts';
import { asDocumented, demoApi, inside, jsonBody, medicalFile, medicalFinding, PURPOSE, userOf } from './demo-api.ts';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly department: string | null;
  readonly overdue: boolean;
  readonly text: string;
  readonly possible: readonly string[];
  readonly done?: string;
  readonly items: readonly Shown[];
}

/** One office in which several people work. */
function office() {
  const { deps, events } = demoApi(undefined);
  const keys: string[] = [];
  const fresh = () => `test-key-${keys.push('')}`;
  const as = (principal: Principal) => {
    const app = asDocumented(createApp({ ...deps, authenticate: async () => principal }));
    const answer = async (response: Response) => ({ status: response.status, body: (await response.json()) as Shown });
    return {
      get: async (path: string) => answer(await app.request(`/api/v1/audit/findings${path}`, { headers: PURPOSE })),
      post: async (path: string, body: unknown, key = fresh()) =>
        answer(await app.request(`/api/v1/audit/findings${path}`, jsonBody(body, { ...PURPOSE, 'idempotency-key': key }))),
    };
  };
  return { events, auditor: as(userOf('auditor')), supervisor: as(userOf('supervisor')), medical: as(userOf('department')) };
}

const overdueCase = {
  subject: { kind: 'case', id: caseId(1) },
  code: 'overdue',
  text: `超期三十日，本人 ${inside.number}`,
  due: '2024-05-31',
};

describe('findings of audit', () => {
  it('are not raised with a last day that is over, and say so', async () => {
    const told = await office().auditor.post('', { ...overdueCase, due: '2024-03-31' });
    expect(told).toMatchObject({ status: 400, body: { detail: '整改期限（due）不得早于今天。' } });
  });

  it('go to the supervisor of the area, who says what was done, and back to the auditor, who opens again and closes', async () => {
    const { auditor, supervisor, events } = office();
    const raised = (await auditor.post('', overdueCase)).body;
    expect(raised).toMatchObject({ state: 'open', department: null, overdue: false, area: inside.area, possible: ['withdraw'] });
    const steps = `/${raised.id}/steps`;
    expect((await supervisor.get(`/${raised.id}`)).body.possible).toEqual(['answer']);
    expect((await supervisor.post(steps, { act: 'answer', text: '已入户' })).body).toMatchObject({
      state: 'answered',
      done: 'done',
    });
    expect((await auditor.post(steps, { act: 'reopen', text: '无签字' })).body.state).toBe('open');
    await supervisor.post(steps, { act: 'answer', text: '已补签' });
    expect((await auditor.post(steps, { act: 'close' })).body).toMatchObject({ state: 'closed', possible: ['reopen'] });
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('audit-finding'))).toEqual([
      'audit-finding.opened',
      'audit-finding.answered',
      'audit-finding.reopened',
      'audit-finding.answered',
      'audit-finding.closed',
    ]);
  });

  it('keep what people wrote out of the events, and numbers they typed out of the finding', async () => {
    const { auditor, events } = office();
    const { body } = await auditor.post('', overdueCase);
    expect(body.text).toContain('超期三十日');
    for (const secret of [inside.number, '超期三十日']) expect(JSON.stringify(events)).not.toContain(secret);
    expect(body.text).not.toContain(inside.number);
    const about = { subject: { case: caseId(1) }, data: { area: inside.area, code: 'overdue', department: null } };
    expect(events.find(({ type }) => type === 'audit-finding.opened')).toMatchObject(about);
  });

  it('tell the household that its case was looked at', async () => {
    const { auditor, events } = office();
    await auditor.post('', overdueCase);
    expect(events.find(({ type }) => type === 'data.read')).toMatchObject({
      subject: { about: caseId(1) },
      data: { action: 'findings.read' },
    });
  });

  it('about a file or feed are the department’s to answer', async () => {
    const { auditor, supervisor, medical } = office();
    const about = { kind: 'file', id: medicalFile.id };
    const raised = (await auditor.post('', { ...overdueCase, subject: about, code: 'data-late', area: '411122' })).body;
    expect(raised.department).toBe('medical-insurance');
    expect((await medical.get('')).body.items.map(({ id }) => id)).toEqual([medicalFinding.id, raised.id]);
    expect((await supervisor.post(`/${raised.id}/steps`, { act: 'answer', text: '已整改' })).status).toBe(403);
    expect((await medical.post(`/${raised.id}/steps`, { act: 'answer', text: '已整改' })).status).toBe(200);
  });

  it('are one however often the request is sent, and so is a step', async () => {
    const { auditor, supervisor } = office();
    const first = (await auditor.post('', overdueCase, 'the-same-key')).body;
    expect((await auditor.post('', overdueCase, 'the-same-key')).body.id).toBe(first.id);
    const answer = { act: 'answer', text: '已入户' };
    await supervisor.post(`/${first.id}/steps`, answer, 'answer-key');
    expect((await supervisor.post(`/${first.id}/steps`, answer, 'answer-key')).body.done).toBe('already');
  });

  it('refuse another finding or step under a key that was used, which would be lost in silence', async () => {
    const { auditor, supervisor } = office();
    const { id } = (await auditor.post('', overdueCase, 'the-same-key')).body;
    for (const other of [{ text: '另一事' }, { code: 'data-late' }, { due: '2024-06-30' }]) {
      const { status, body } = await auditor.post('', { ...overdueCase, ...other }, 'the-same-key');
      expect([status, body]).toEqual([409, expect.objectContaining({ code: 'key-reused' })]);
    }
    expect((await supervisor.post(`/${id}/steps`, { act: 'answer', text: '已入户' }, 'answer-key')).status).toBe(200);
    const corrected = await supervisor.post(`/${id}/steps`, { act: 'answer', text: '已入户两次' }, 'answer-key');
    expect([corrected.status, corrected.body]).toEqual([409, expect.objectContaining({ code: 'key-reused' })]);
  });

  it('refuse what does not fit their state, saying what does', async () => {
    const { auditor } = office();
    const { id } = (await auditor.post('', overdueCase)).body;
    const { status, body } = await auditor.post(`/${id}/steps`, { act: 'close' });
    expect([status, (body as unknown as { detail: string }).detail]).toEqual([409, expect.stringContaining('answer, withdraw')]);
  });

  it.each([
    ['an area that is missing', { ...overdueCase, subject: { kind: 'feed', id: 'education/enrolment' } }, 400],
    ['an unknown feed', { ...overdueCase, subject: { kind: 'feed', id: 'education/none' }, area: '411122' }, 404],
    ['an identity number for an id', { ...overdueCase, subject: { kind: 'report', id: inside.number }, area: '411122' }, 400],
    ['a day that is over', { ...overdueCase, due: '2024-03-31' }, 400],
    ['another code', { ...overdueCase, code: 'unfriendly' }, 400],
    ['nothing to say', { ...overdueCase, text: ' ' }, 400],
  ])('refuse %s', async (_, body, status) => {
    expect((await office().auditor.post('', body)).status).toBe(status);
  });

  it('come with examples that may be sent as they are', () => {
    for (const { body } of Object.values(findingExamples)) expect(FindingBody.safeParse(body).error).toBeUndefined();
    for (const { body } of Object.values(findingStepExamples)) expect(FindingStepBody.safeParse(body).error).toBeUndefined();
  });
});
