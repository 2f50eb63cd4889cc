import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import { visitOf } from '../../infra/local/case-stories/story.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { Case } from '../../shared/casework/case.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { gbk } from './department-desk.ts';
import { silentLog } from './silent-log.ts';
import { inCounty } from './story-county.ts';

vi.setConfig({ testTimeout: 120_000 });

const COUNTY = '411122';
const TOWNSHIP = '411122104';
const VILLAGE = '411122104215';
const BEGINS = '2024-04-15 09:00';
const SICK = identityNumberOf(COUNTY, '1961-03-04' as PlainDate, 77);
const SPOUSE = identityNumberOf(COUNTY, '1963-08-21' as PlainDate, 78);

function bills(month: string, ...people: readonly string[]) {
  const rows = people.map((number, n) => `B${month}${n},${number},${month}-12,8000.00,20000.00,${VILLAGE}`);
  const text = ['医保结算流水号,身份证件号码,结算日期,个人自付金额(元),医疗总费用(元),参保地行政区划', ...rows, ''].join('\n');
  return { path: `medical-insurance/inpatient-settlement/${month}/bills.csv`, bytes: gbk(text) };
}

function medicalAid(month: string, name: string, day = '2024-04-29') {
  const header = '救助结算单号,身份证号码,救助日期,医疗救助金额,参保地区划';
  const text = `${header}\nJZ${day},${SICK},${day},2600.00,${VILLAGE}\n`;
  return { path: `medical-insurance/medical-aid-payment/${month}/${name}.csv`, bytes: gbk(text) };
}

function deaths(month: string, number: string) {
  const text = `身份证号,姓名,死亡日期,户籍地区划\n${number},某人,${month}-20,${VILLAGE}\n`;
  return { path: `public-security/death-registration/${month}/deaths.csv`, bytes: gbk(text) };
}

/** Both in the register of civil affairs as one household, or the second in a household of her own. */
function register(month: string, apart: boolean) {
  const head = '户编号,姓名,身份证号,户主关系,户主证件号码,救助类别,城乡类别,月保障金额,起始日期,村社区代码';
  const row = (home: string, number: string, relation: string, of: string) =>
    `${home},某人,${number},${relation},${of},低保边缘,农村,0,2023-01-01,${VILLAGE}`;
  const rows = [row('LY-1', SICK, '户主', SICK), apart ? row('LY-2', SPOUSE, '户主', SPOUSE) : row('LY-1', SPOUSE, '配偶', SICK)];
  return { path: `civil-affairs/low-income-register/${month}/register.csv`, bytes: gbk([head, ...rows, ''].join('\n')) };
}

async function staffed(office: CaseOffice): Promise<void> {
  await office.employ(
    { id: 'first', name: '甲', role: 'coordinator', area: VILLAGE },
    { id: 'second', name: '乙', role: 'coordinator', area: VILLAGE },
    { id: 'township', name: '丙', role: 'caseworker', area: TOWNSHIP },
    { id: 'county', name: '丁', role: 'supervisor', area: COUNTY },
    { id: 'medical', name: '戊', role: 'handler', area: COUNTY, departments: ['medical-insurance'] },
  );
}

/** A county with one case, of one person with a bill, that waits for its visit. */
function withCase<T>(work: (office: CaseOffice, found: Case) => Promise<T>): Promise<T> {
  return inCounty(BEGINS, async (office) => {
    await staffed(office);
    await office.drop([bills('2024-03', SICK)]);
    const [found] = await office.openCases();
    if (found === undefined) throw new Error('no case was opened');
    return work(office, found);
  });
}

function visit(found: Case, id: number, truth: string, proposed: readonly string[], by = '甲') {
  const investigators = [by, '丙'] as const;
  return visitOf({ id, visitedAt: BEGINS, investigators, truth, proposed, notes: '见闻', baseVersion: found.version });
}

const REFER = (department: string) => ({
  action: 'decide',
  kind: 'help',
  actions: ['A8'],
  referrals: [{ measure: 'medical-aid', department, ask: '请办理' }],
});
const CLOSE = { action: 'decide', kind: 'no-need', actions: ['A0'], outcome: 'not-in-need' };

describe('two coordinators offline on one case', () => {
  it('both visits are kept, the contradiction is shown, and a reviewer chooses before anybody decides', () =>
    withCase(async (office, found) => {
      const first = await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      // Written on a phone that still showed the case before the first visit.
      const both = await office.act('second', found.id, visit(found, 2, 'T9', ['A0'], '乙'));
      expect(both.visits.map(({ truth, by, conflictsWith }) => [truth, by, conflictsWith?.length])).toEqual([
        ['T1', 'first', 1],
        ['T9', 'second', 1],
      ]);
      expect(first.stage).toBe('review');
      expect(await office.tries('township', found.id, CLOSE)).toMatchObject({ refusal: { code: 'choose-visit-first' } });
      await office.act('township', found.id, { action: 'choose-visit', visit: both.visits[1]?.id, note: '电话核实' });
      expect(await office.act('township', found.id, CLOSE)).toMatchObject({ stage: 'closed', outcome: { code: 'not-in-need' } });
    }));
});

describe('a visit that comes in after the case was closed', () => {
  it('is kept with the case and moves nothing', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T9', ['A0']));
      await office.act('township', found.id, CLOSE);
      const late = await office.act('second', found.id, visit(found, 2, 'T1', ['A6'], '乙'));
      expect(late).toMatchObject({ stage: 'closed', outcome: { code: 'not-in-need' } });
      expect(late.visits.at(-1)).toMatchObject({ by: 'second', late: true });
    }));
});

describe('departments', () => {
  it('one without an inbox: the county is told at once and may answer for it', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      const sent = await office.act('township', found.id, REFER('housing'));
      expect(sent.referrals).toMatchObject([{ status: 'sent', escalatedFor: 'no-inbox' }]);
      const answered = await office.act('county', found.id, { action: 'answer-referral', referral: 'R1', kind: 'done' });
      expect(answered).toMatchObject({ stage: 'follow-up', referrals: [{ status: 'done', answers: [{ by: 'county' }] }] });
    }));

  it('one that answers twice: the repeat is answered as done already, another answer is refused', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      await office.act('township', found.id, REFER('medical-insurance'));
      const done = { action: 'answer-referral', referral: 'R1', kind: 'done', amount: 1_000_00, rhythm: 'once' };
      expect(await office.tries('medical', found.id, done)).toMatchObject({ kind: 'done' });
      await office.settle();
      expect(await office.tries('medical', found.id, done)).toMatchObject({ kind: 'already' });
      const refused = { action: 'answer-referral', referral: 'R1', kind: 'refuse', code: 'conditions-not-met' };
      expect(await office.tries('medical', found.id, refused)).toMatchObject({ kind: 'refused' });
      expect((await office.caseOf(found.household)).referrals).toMatchObject([
        { status: 'done', answers: [{ amount: 1_000_00 }] },
      ]);
    }));

  it('one that answers by file: the row finds its referral with the file, no day passes, and counts once', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      await office.act('township', found.id, REFER('medical-insurance'));
      await office.until('2024-05-06 09:00');
      await office.drop([medicalAid('2024-04', 'aid')]);
      const told = await office.caseOf(found.household);
      expect(told).toMatchObject({ stage: 'follow-up', referrals: [{ status: 'done' }] });
      expect(told.referrals[0]?.answers).toMatchObject([{ kind: 'done', by: 'system', amount: 2_600_00, from: { row: 2 } }]);
      // The same list a second time under another name, and the day that tends every case.
      await office.drop([medicalAid('2024-04', 'aid-again')]);
      await office.until('2024-05-07 10:00');
      expect((await office.caseOf(found.household)).referrals).toEqual(told.referrals);
    }));

  it('one whose file came before it was asked has not answered yet; its next file does', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      await office.drop([medicalAid('2024-04', 'before')]);
      await office.act('township', found.id, REFER('medical-insurance'));
      await office.until('2024-05-06 09:00');
      expect(await office.caseOf(found.household)).toMatchObject({ stage: 'referral', referrals: [{ status: 'sent' }] });
      await office.drop([medicalAid('2024-05', 'after', '2024-05-05')]);
      expect(await office.caseOf(found.household)).toMatchObject({ stage: 'follow-up', referrals: [{ status: 'done' }] });
    }));

  it('one that is silent: yellow, red with the county told, and the case still waits', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      await office.act('township', found.id, REFER('medical-insurance'));
      await office.until('2024-04-23 09:00');
      const silent = await office.caseOf(found.household);
      expect(silent).toMatchObject({ stage: 'referral', referrals: [{ status: 'sent', escalatedFor: 'silence' }] });
      expect(silent.clocks.at(-1)).toMatchObject({ step: 'referral-answer', light: 'red' });
    }));
});

describe('a process killed after the write and before the answer', () => {
  it('the same request again is answered as done already', () =>
    withCase(async (office, found) => {
      const asked = visit(found, 1, 'T1', ['A8']);
      const key = randomUUID();
      expect(await office.tries('first', found.id, asked, key)).toMatchObject({ kind: 'done' });
      // Nobody got the answer; nothing that was saved with it was sent on yet.
      expect(await office.tries('first', found.id, asked, key)).toMatchObject({ kind: 'already' });
      await office.settle();
      expect((await office.caseOf(found.household)).visits).toHaveLength(1);
    }));
});

describe('a run that is lost', () => {
  it('is found when the day begins, and another goes on where the case stands', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A8']));
      const database = new DatabaseSync(join(office.platform.dataDir, 'aidwatch.db'));
      database.exec('DELETE FROM run_results; DELETE FROM run_waits; DELETE FROM case_runs');
      database.close();
      await office.until('2024-04-16 10:00');
      const tended = await office.caseOf(found.household);
      expect(tended).toMatchObject({ stage: 'review', workflow: { run: 2 } });
      expect(Object.keys(tended.waits)).toEqual(['review']);
      await office.act('township', found.id, CLOSE);
      expect(await office.platform.stores.workflow.counts()).toEqual({ waiting: 0, due: 0, stuck: 0 });
    }));
});

describe('a wait whose timer is lost', () => {
  it('is found when the day begins: its light is raised then, and the run counts on', () =>
    withCase(async (office, found) => {
      const database = new DatabaseSync(join(office.platform.dataDir, 'aidwatch.db'));
      database.exec('UPDATE run_waits SET wake_at = 9e15');
      const turns = () => database.prepare('SELECT wake_at FROM run_waits').all();
      // Ten working days, yellow after seven of them: on the 25th.
      await office.until('2024-04-26 09:00');
      const tended = await office.caseOf(found.household);
      expect(tended).toMatchObject({ stage: 'visit', clocks: [{ light: 'yellow' }], workflow: { run: 1 } });
      expect(tended.history.filter(({ what }) => what === 'raise-light')).toHaveLength(1);
      // It waits for the red light now.
      expect(turns()).toEqual([{ wake_at: Date.parse(tended.clocks[0]?.redAt ?? '') }]);
      database.close();
    }));
});

describe('a case that was closed while its run could not end', () => {
  it('is found when the day begins, and its run does what closing asks for', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T9', ['A0']));
      const database = new DatabaseSync(join(office.platform.dataDir, 'aidwatch.db'));
      database.exec('DELETE FROM run_results; DELETE FROM run_waits; DELETE FROM case_runs');
      database.close();
      expect((await office.act('township', found.id, CLOSE)).workflow).toMatchObject({ run: 1, ending: true });
      await office.until('2024-04-16 10:00');
      const ended = await office.caseOf(found.household);
      expect(ended).toMatchObject({ stage: 'closed', workflow: { run: 2 } });
      expect(ended.workflow.ending).toBeUndefined();
    }));
});

describe('a holiday announced while a clock runs', () => {
  it('moves the limit when the day begins; what has come on stays', async () => {
    await withCase(async (office, found) => {
      const before = found.clocks.at(-1);
      // Sunday the 28th is worked in exchange for the holiday of May.
      expect(before).toMatchObject({ step: 'visit', redAt: '2024-04-28T16:00:00.000Z' });
      const { dataDir } = office.platform;
      await office.close();
      const holiday = {
        area: COUNTY,
        date: '2024-04-18',
        working: false,
        announcedOn: '2024-04-16',
        basis: '县政府通知：防汛停工一天',
      };
      await writeFile(join(dataDir, 'parameters.json'), JSON.stringify({ days: [holiday] }));
      const again = await CaseOffice.open(dataDir, '2024-04-17 10:00', silentLog, { keepParameters: true });
      await again.until('2024-04-18 10:00');
      const after = (await again.caseOf(found.household)).clocks.at(-1);
      expect(after).toMatchObject({ step: 'visit', startedAt: before?.startedAt, redAt: '2024-04-29T16:00:00.000Z' });
      await again.close();
    });
  });
});

describe('a household that changes in mid-case', () => {
  it('dies: the case is proposed to be closed, and a person confirms', () =>
    withCase(async (office, found) => {
      await office.until('2024-05-10 09:00');
      await office.drop([deaths('2024-04', SICK)]);
      const told = await office.caseOf(found.household);
      expect(told.stage).toBe('visit');
      expect(told.proposals).toMatchObject([{ code: 'dead' }]);
      const closed = await office.act('township', found.id, { action: 'answer-proposal', index: 0, accepted: true });
      expect(closed).toMatchObject({ stage: 'closed', outcome: { code: 'dead', by: 'township' } });
    }));

  it('splits: the rest keep their case, and who left has one only for troubles of her own', () =>
    inCounty(BEGINS, async (office) => {
      await staffed(office);
      await office.drop([register('2024-03', false), bills('2024-03', SICK)]);
      const [found, ...others] = await office.openCases();
      expect(others).toEqual([]);
      await office.until('2024-05-10 09:00');
      await office.drop([register('2024-04', true)]);
      expect((await office.openCases()).map(({ id }) => id)).toEqual([found?.id]);
      await office.drop([bills('2024-04', SPOUSE)]);
      const open = await office.openCases();
      expect(open).toHaveLength(2);
      expect(open.find(({ id }) => id !== found?.id)?.household).toBe(await office.householdOf(SPOUSE));
    }));
});

describe('help given twice', () => {
  it('the same help for the same event is refused by the ledger, whoever asks', () =>
    withCase(async (office, found) => {
      await office.act('first', found.id, visit(found, 1, 'T1', ['A6']));
      const aid = { measure: 'temporary-aid', department: 'civil-affairs', amount: 2_000_00, rhythm: 'once', date: '2024-04-15' };
      await office.act('township', found.id, { action: 'decide', kind: 'help', actions: ['A6'], aids: [aid] });
      const again = await office.tries('county', found.id, { action: 'record-aid', aid: { ...aid, guardOverride: '再给一次' } });
      expect(again).toMatchObject({ kind: 'refused', refusal: { code: 'guard-refuses' } });
      expect((await office.caseOf(found.household)).aids).toHaveLength(1);
    }));
});
