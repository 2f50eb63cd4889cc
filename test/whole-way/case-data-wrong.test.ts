import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../functions/serve-api/app.ts';
import { readerPage } from '../../functions/serve-api/reader-page.ts';
import { officeOf } from '../../infra/local/acting.ts';
import type { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import { chemotherapyFile } from '../../infra/local/case-stories/hinggan.ts';
import { onlyCase, visitOf } from '../../infra/local/case-stories/story.ts';
import { caseFamilyFiles, caseFamilyPeople, printedLastMonth } from '../../infra/local/demo-county/case-families.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { archiveText } from '../builders/archive.ts';
import { inCounty } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000 });

const COUNTY = '152201';
const NOTE = '票据为自付三百元';

interface Notice {
  readonly id: string;
  readonly status: string;
  readonly file: string;
  readonly row: number;
  readonly path: string;
  readonly dueAt: string;
  readonly note: string | null;
  readonly fields: readonly { readonly name: string; readonly value: unknown }[];
  readonly answers: readonly { readonly kind: string; readonly by: string; readonly file: string | null }[];
}
interface CasePage {
  readonly stage: string;
  readonly decisions: readonly { readonly notices: { readonly zh: string } | null }[];
  readonly history: readonly { readonly what: string; readonly by: string; readonly codes?: Readonly<Record<string, unknown>> }[];
}
interface Line {
  readonly feed: string;
  readonly rows: { readonly accepted: number };
  readonly notices: Readonly<Record<string, number>>;
  readonly wrongPer10000: number;
}

/** The interface of the county as somebody uses it; answers what came back. */
function signedIn(office: CaseOffice, user: string) {
  const { platform } = office;
  const app = createApp({
    ...officeOf(platform),
    exchange: platform.stores.objects,
    links: { uploadUrl: async () => '' },
    authenticate: async () => office.principal(user),
    newId: randomUUID,
    metrics: platform.metrics,
    version: '0',
    openApi: async () => '{}',
    readerPage,
  });
  const headers = { 'x-purpose': 'correction', 'content-type': 'application/json', 'accept-language': 'zh-CN' };
  const answer = async (response: Response) => ({ status: response.status, body: await response.json() });
  return {
    get: async <T>(path: string) => (await answer(await app.request(`/api/v1/${path}`, { headers }))).body as T,
    post: async (path: string, body: unknown) =>
      answer(
        await app.request(`/api/v1/${path}`, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': randomUUID() },
          body: JSON.stringify(body),
        }),
      ),
  };
}

interface Told {
  readonly refused: { readonly status: number; readonly body: { readonly detail?: string } };
  readonly decided: CasePage;
  readonly inbox: readonly Notice[];
  readonly ofSchool: readonly Notice[];
  readonly read: Notice;
  readonly answered: { readonly status: number };
  readonly afterFile: readonly Notice[];
  readonly page: CasePage;
  readonly scorecard: readonly Line[];
  readonly archive: string;
}

let told: Told;

/** The visit finds that two of the bills behind the warning are not as the department told them. */
async function played(office: CaseOffice): Promise<Told> {
  await office.employ(
    { id: 'narisu', name: '娜日苏', role: 'coordinator', area: '152201003004' },
    { id: 'baoqiang', name: '包强', role: 'caseworker', area: '152201003' },
    { id: 'wulan', name: '乌兰', role: 'supervisor', area: COUNTY },
    { id: 'yibao', name: '医保数据专员', role: 'department', area: COUNTY, departments: ['medical-insurance'] },
    { id: 'xuexiao', name: '教育数据专员', role: 'department', area: COUNTY, departments: ['education'] },
  );
  await office.drop([...caseFamilyFiles('hinggan', printedLastMonth.hinggan), chemotherapyFile('2024-06' as Period, 412_260)]);
  let found = await onlyCase(office);
  await office.until('2024-07-17 16:00');
  found = await office.act(
    'narisu',
    found.id,
    visitOf({
      id: 1599,
      visitedAt: '2024-07-17 15:10',
      investigators: ['娜日苏', '包强'],
      truth: 'T3',
      proposed: ['A0'],
      notes: '票据与数据不符。',
      baseVersion: found.version,
    }),
  );
  await office.until('2024-07-18 10:00');
  const township = signedIn(office, 'baoqiang');
  const decide = { action: 'decide', kind: 'data-wrong', outcome: 'data-wrong' };
  const refused = await township.post(`cases/${found.id}/actions`, decide);
  const rows = [...(refused.body as { detail: string }).detail.matchAll(/inpatient-settlement ([0-9a-f]{24}) #(\d+)/g)].map(
    ([, file, row]) => ({ file, row: Number(row) }),
  );
  const files = await office.platform.stores.files.list({ limit: 100 });
  const chemotherapy = files.files.find(({ path }) => path.includes('异地住院2024-06'))?.id;
  const corrected = rows.find(({ file }) => file === chemotherapy);
  const other = rows.find(({ file }) => file !== chemotherapy);
  await office.act('baoqiang', found.id, {
    ...decide,
    wrongRows: [
      { ...corrected, found: 'amount-wrong', field: 'selfPaid', note: NOTE },
      { ...other, found: 'paid-back' },
    ],
  });
  const decided = await township.get<CasePage>(`cases/${found.id}`);

  await office.until('2024-07-19 09:30');
  const department = signedIn(office, 'yibao');
  const inbox = (await department.get<{ items: Notice[] }>('corrections?status=open')).items;
  const ofSchool = (await signedIn(office, 'xuexiao').get<{ items: Notice[] }>('corrections')).items;
  const about = (file: string | undefined) => inbox.find((notice) => notice.file === file)?.id ?? '';
  const read = await department.get<Notice>(`corrections/${about(chemotherapy)}`);
  const upheld = { kind: 'upheld', reason: 'as-in-papers' };
  const answered = await department.post(`corrections/${about(other?.file)}/answer`, upheld);

  await office.until('2024-07-22 09:00');
  const right = chemotherapyFile('2024-06' as Period, 30_000);
  await office.drop([{ ...right, path: right.path.replace('.csv', '更正.csv') }]);
  await office.until('2024-07-23 10:00');
  const afterFile = (await department.get<{ items: Notice[] }>('corrections?status=answered')).items;
  const page = await township.get<CasePage>(`cases/${found.id}`);
  const scorecard = (await signedIn(office, 'wulan').get<{ items: Line[] }>('scorecard?from=2024-07-01&to=2024-07-31')).items;
  const archive = await archiveText(join(office.platform.dataDir, 'archive'));
  return { refused, decided, inbox, ofSchool, read, answered, afterFile, page, scorecard, archive } as Told;
}

beforeAll(async () => {
  told = await inCounty('2024-07-15 09:00', played);
});

describe('the visit finds a department’s rows wrong', () => {
  it('the township is asked which rows, and offered those the warning rests on', () => {
    expect(told.refused.status).toBe(409);
    expect(told.refused.body.detail).toContain('请在 wrongRows 中写明哪一行数据有误');
  });

  it('the decision closes the case and says that departments are told', () => {
    expect(told.decided.stage).toBe('closed');
    expect(told.decided.decisions[0]?.notices?.zh).toBe('就2行数据向来源部门发出更正通知。');
    expect(told.decided.history.filter(({ what }) => what === 'correction-sent')).toHaveLength(2);
  });

  it('the department finds both in its inbox, ten working days to answer; other departments find nothing', () => {
    expect(told.inbox.map(({ status, dueAt }) => [status, dueAt])).toEqual([
      ['open', '2024-08-01T16:00:00.000Z'],
      ['open', '2024-08-01T16:00:00.000Z'],
    ]);
    expect(told.ofSchool).toEqual([]);
  });

  it('and sees the row as it sent it, with the words meant for it', () => {
    expect(told.read.path).toContain('medical-insurance/inpatient-settlement/2024-06/');
    expect(told.read.note).toBe(NOTE);
    expect(told.read.fields.find(({ name }) => name === 'selfPaid')?.value).toBe(412_260);
    expect(told.read.fields.find(({ name }) => name === 'diagnosisName')?.value).toBe('乳腺恶性肿瘤');
  });

  it('it upholds one row, and its next file corrects the other, which is answered by itself', () => {
    expect(told.answered.status).toBe(200);
    expect(told.afterFile.map(({ answers }) => answers.map(({ kind, by }) => [kind, by])).sort()).toEqual([
      [['corrected', 'system']],
      [['upheld', 'yibao']],
    ]);
  });

  it('the history of the case tells of both answers', () => {
    const answers = told.page.history.filter(({ what }) => what === 'correction-answered');
    expect(answers.map(({ by, codes }) => [by, codes?.['answer'], codes?.['reason']])).toEqual([
      ['yibao', 'upheld', 'as-in-papers'],
      ['system', 'corrected', null],
    ]);
  });

  it('the scorecard counts them', () => {
    const line = told.scorecard.find(({ feed }) => feed === 'medical-insurance/inpatient-settlement');
    expect(line?.notices).toEqual({ sent: 2, answered: 2, overdue: 0, corrected: 1, upheld: 1, unknownRow: 0 });
    expect(line?.wrongPer10000).toBeCloseTo(10_000 / (line?.rows.accepted ?? 0));
  });

  it('the archive tells what happened and to whom in codes alone', () => {
    for (const type of ['correction.sent', 'correction.answered']) {
      expect(told.archive.split('\n').filter((line) => line.includes(`"${type}"`))).toHaveLength(2);
    }
    expect(told.archive).toContain('"corrections.read"');
    const people = caseFamilyPeople('hinggan', printedLastMonth.hinggan);
    const secrets = [NOTE, '乳腺', ...people.flatMap(({ name, identityNumber }) => [name, identityNumber])];
    for (const secret of secrets) expect(told.archive).not.toContain(secret);
  });
});
