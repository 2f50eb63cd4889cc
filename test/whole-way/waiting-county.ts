import { officeOf } from '../../infra/local/acting.ts';
import type { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import type { CountyFile } from '../../infra/local/demo-county/table.ts';
import type { Platform } from '../../infra/local/platform.ts';
import type { Principal, Role } from '../../shared/access/principal.ts';
import type { Purpose } from '../../shared/access/purpose.ts';
import { addDays, type PlainDate } from '../../shared/calendar/plain-date.ts';
import { CaseAction } from '../../shared/casework/actions.ts';
import { type Case, isHelped } from '../../shared/casework/case.ts';
import { performAction } from '../../shared/casework/perform-action.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { gbk } from './department-desk.ts';

const COUNTY = '411122';
const TOWNSHIP = '411122104';

/** People alone, each with a bill of 8,000 yuan of their own; every seventh has had temporary aid since. */
export function troubledFiles(count: number): readonly CountyFile[] {
  const people = Array.from({ length: count }, (_, n) => identityNumberOf(COUNTY, addDays('1950-01-01' as PlainDate, n), 101));
  const bills = people.map((number, n) => `B${n},${number},2024-03-12,8000.00,20000.00,${TOWNSHIP}201`);
  const aids = people.flatMap((number, n) => (n % 7 === 6 ? [`L${n},${number},2024-03-25,急难型,1000.00`] : []));
  return [
    {
      path: 'medical-insurance/inpatient-settlement/2024-03/a.csv',
      bytes: gbk(
        ['医保结算流水号,身份证件号码,结算日期,个人自付金额(元),医疗总费用(元),参保地行政区划', ...bills, ''].join('\n'),
      ),
    },
    {
      path: 'civil-affairs/temporary-aid/2024-03/b.csv',
      bytes: gbk(['救助编号,身份证号码,救助日期,救助类型,救助金额', ...aids, ''].join('\n')),
    },
  ];
}

const who = (id: string, role: Role, departments: readonly string[] = []): Principal => ({
  id,
  roles: [role],
  areas: [COUNTY],
  departments,
});
const caseworker = who('caseworker', 'caseworker');
const supervisor = who('supervisor', 'supervisor');
const handler = who('handler', 'handler', ['*']);

export async function employAll(office: CaseOffice): Promise<void> {
  for (const { id, roles, departments } of [caseworker, supervisor, handler]) {
    const [role = 'caseworker'] = roles;
    await office.employ({ id, name: id, role, area: COUNTY, departments });
  }
}

/** One thing done to a case; its key is made from case and deed, so that done again after a kill it is the same request. */
async function does(
  platform: Platform,
  principal: Principal,
  found: Case,
  asked: { readonly action: string; readonly referral?: string; readonly [part: string]: unknown },
): Promise<void> {
  const key = `${found.id} ${found.stage} ${asked.action} ${asked.referral ?? ''}`;
  const access = { principal, purpose: 'handling' as Purpose, request: key };
  const performed = await performAction(officeOf(platform), access, { case: found.id, action: CaseAction.parse(asked), key });
  if (performed.kind === 'refused') throw new Error(`${asked.action} in ${found.stage}: ${performed.refusal.text.en}`);
}

function visit(found: Case) {
  const at = Number.parseInt(found.household.slice(-8), 16);
  return {
    action: 'record-visit',
    visit: {
      id: `11111111-1111-4111-8111-${String(at).padStart(12, '0')}`,
      means: 'home',
      visitedAt: '2024-04-19T02:00:00.000Z',
      investigators: ['甲', '乙'],
      truth: 'T1',
      proposed: ['A8'],
      baseVersion: found.version,
    },
  };
}

const HELP = {
  action: 'decide',
  kind: 'help',
  actions: ['A8'],
  referrals: [{ measure: 'medical-aid', department: 'medical-insurance', ask: '请办理' }],
};
const PAPER = 'a'.repeat(64);
const URGENT = {
  action: 'decide',
  kind: 'urgent',
  actions: ['A7'],
  aids: [{ measure: 'small-rapid-relief', department: 'civil-affairs', amount: 400_00, rhythm: 'once', date: '2024-04-20' }],
};

/** Does the next thing that brings a case towards its end. */
async function onward(platform: Platform, found: Case): Promise<void> {
  switch (found.stage) {
    case 'opened':
      return;
    case 'desk-check':
      return does(platform, caseworker, found, { action: 'answer-proposal', index: 0, accepted: true });
    case 'visit':
      return does(platform, caseworker, found, visit(found));
    case 'review':
      return does(platform, caseworker, found, HELP);
    case 'conference':
      return does(platform, supervisor, found, {
        action: 'decide',
        kind: 'no-need',
        actions: ['A1'],
        outcome: 'policy-explained',
      });
    case 'papers':
      await does(platform, caseworker, found, { action: 'attach', id: PAPER, kind: 'paper', type: 'image/jpeg', size: 900 });
      return does(platform, caseworker, found, { action: 'file-papers', papers: [PAPER] });
    case 'referral':
      for (const { id, status } of found.referrals) {
        if (status === 'sent' || status === 'accepted')
          await does(platform, handler, found, {
            action: 'answer-referral',
            referral: id,
            kind: 'done',
            amount: 1_000_00,
            rhythm: 'once',
          });
      }
      return;
    case 'follow-up':
      return does(platform, caseworker, found, {
        action: 'look-again',
        outcome: isHelped(found) ? 'helped-new' : 'not-in-need',
      });
    case 'closed':
      return;
  }
}

/** The open cases, all of them. */
export async function openCases({ stores }: Platform): Promise<readonly Case[]> {
  const open: Case[] = [];
  let after: string | undefined;
  do {
    const page = await stores.cases.list({ areas: [''], order: 'due', limit: 500, ...(after && { after }) });
    open.push(...page.cases.filter(({ stage }) => stage !== 'closed'));
    after = page.next;
  } while (after !== undefined);
  return open;
}

/** Spreads the cases over every stage in which a case can wait. */
export async function spread(platform: Platform): Promise<void> {
  const cases = (await openCases(platform)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const [n, found] of cases.entries())
    if (found.stage === 'visit' && n % 6 !== 0) await does(platform, caseworker, found, visit(found));
  await platform.pump.drain();
  for (const [n, { id }] of cases.entries()) {
    const found = await platform.stores.cases.get(id);
    if (found?.stage !== 'review' || n % 6 === 1) continue;
    if (n % 6 === 2) await does(platform, caseworker, found, { action: 'decide', kind: 'conference', actions: ['A12'] });
    else if (n % 6 === 3) await does(platform, caseworker, found, URGENT);
    else if (n % 6 === 4) await does(platform, caseworker, found, HELP);
    else
      await does(platform, caseworker, found, {
        action: 'decide',
        kind: 'observe',
        actions: ['A15'],
        until: '2024-06-30',
      });
  }
  await platform.pump.drain();
}

/** Brings every open case to its end, round after round; tells of each deed. */
export async function finishAll(platform: Platform, tell: (deed: string) => void = () => {}): Promise<void> {
  for (;;) {
    await platform.pump.drain();
    const open = await openCases(platform);
    if (open.length === 0) return;
    for (const found of open) {
      await onward(platform, found);
      tell(found.id);
    }
  }
}
