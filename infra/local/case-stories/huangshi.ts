import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { gbFile, relative } from '../demo-county/case-files.ts';
import { type Story, visitOf } from './story.ts';

const COUNTY = '420222';
const TOWN = '420222105';
const VILLAGE = '420222105208';
const REGISTERED: PlainDate = '2024-03-31' as PlainDate;

const father = relative('程志远', 'male', 49, REGISTERED, COUNTY, 301);
const mother = relative('柯秋菊', 'female', 46, REGISTERED, COUNTY, 302);
const daughter = relative('程小禾', 'female', 10, REGISTERED, COUNTY, 303);

/** The nine classes and fourteen items of proof that the signed statement takes the place of (人民日报 2024-01-08, 黄石). */
const WAIVED: readonly (readonly [code: string, zh: string, en: string])[] = [
  ['1-identity', '身份：户籍证明', 'identity: proof of residence'],
  ['1-relations', '身份：亲属关系证明', 'identity: proof of kinship'],
  ['2-wages', '收入：务工收入证明', 'income: proof of wages'],
  ['2-business', '收入：经营收入证明', 'income: proof of business income'],
  ['3-support', '赡养：赡养抚养费证明', 'support: proof of alimony'],
  ['4-unemployment', '就业：失业证明', 'work: proof of unemployment'],
  ['4-work-ability', '就业：劳动能力证明', 'work: proof of ability to work'],
  ['5-illness', '健康：疾病诊断证明', 'health: proof of the diagnosis'],
  ['5-bills', '健康：医疗费用证明', 'health: proof of medical costs'],
  ['6-school', '教育：在读证明', 'schooling: proof of being at school'],
  ['7-house', '财产：住房证明', 'property: proof of housing'],
  ['7-vehicle', '财产：无车证明', 'property: proof of having no vehicle'],
  ['8-deposits', '财产：银行存款证明', 'deposits: proof of bank deposits'],
  ['9-other-aid', '救助：未享受其他救助证明', 'aid: proof of having no other aid'],
];

/** The photographed signature: a picture of one dot will do. */
const SIGNATURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

/** Yuan a month, and numbers of things, as the father declares them. */
const DECLARED = { 户籍人数: 3, 父亲月收入: 1_500, 母亲月收入: 900, 住房套数: 1, 机动车: 0, 银行存款: 6_000, 商业保险: 0 };

/** The county's report, entered by hand: two answers that differ a little, one source that did not answer. */
const REPORT = [
  { item: '户籍人数', found: { kind: 'value', value: 3 } },
  { item: '父亲月收入', found: { kind: 'no-record' } },
  { item: '母亲月收入', found: { kind: 'value', value: 900 } },
  { item: '住房套数', found: { kind: 'value', value: 1 } },
  { item: '机动车', found: { kind: 'no-record' } },
  { item: '银行存款', found: { kind: 'value', value: 6_218 } },
  { item: '商业保险', found: { kind: 'no-answer' } },
] as const;

/** In no register; a girl of ten with leukaemia, the father telephones a cadre (人民日报 2024-01-08, 黄石). */
export const huangshi: Story = {
  id: 'huangshi-commitment',
  title: {
    zh: '湖北黄石：父亲打电话求助，女儿白血病，告知承诺',
    en: 'Huangshi, Hubei: the father telephones, a girl with leukaemia, a signed commitment',
  },
  county: COUNTY,
  begins: '2024-04-15 09:00',
  async play(office, tell) {
    await office.employ(
      { id: 'hucun', name: '胡春', role: 'coordinator', area: VILLAGE },
      { id: 'mingyue', name: '明月', role: 'caseworker', area: TOWN },
      { id: 'yibao', name: '医保经办', role: 'handler', area: COUNTY, departments: ['medical-insurance'] },
    );
    // The police register of the month: the only thing any department has told of them.
    await office.drop([
      gbFile(
        'public-security/household-registration/2024-03/阳新户籍.csv',
        '户籍人口信息',
        ['户号', '与户主关系', '姓名', '公民身份号码', '户籍地区划代码', '落户日期'],
        [father, mother, daughter].map((who, rank) => [
          '420222105000931',
          ['户主', '妻', '女'][rank] ?? '',
          who.name,
          who.number,
          VILLAGE,
          rank === 2 ? who.birth : '2005-03-18',
        ]),
      ),
    ]);
    const household = await office.householdOf(father.number);
    await tell('called', {
      zh: '程志远给村干部胡春打电话：女儿查出白血病，夫妻打零工，拿不出钱。',
      en: 'The father telephones the village cadre: his girl has leukaemia, both parents do odd jobs, there is no money.',
    });

    let found = await office.lodge(
      'hucun',
      { household },
      {
        channel: 'cadre',
        needs: ['medical', 'living'],
        measures: ['minimum-living-allowance', 'medical-aid', 'paid-enrolment'],
        statement: '十岁女儿白血病住院，父母打零工，申请低保和医疗救助。',
        urgent: false,
      },
    );
    await tell(
      'applied',
      {
        zh: '胡春按主动报告职责录入申请，没有预警也同样立案；户籍信息自动带出。',
        en: 'The cadre reports it as is her duty: an application without a warning, filled in from the register.',
      },
      found,
    );

    await office.until('2024-04-17 10:30');
    const signature = await office.attach('hucun', found.id, 'signature', SIGNATURE);
    found = await office.act('hucun', found.id, {
      action: 'sign-commitment',
      signature,
      waived: WAIVED.map(([code, zh, en]) => ({ code, title: { zh, en } })),
      declared: DECLARED,
    });
    await tell(
      'committed',
      { zh: '父亲签署告知承诺书，9类14项证明免交。', en: 'The father signs; fourteen proofs of nine classes are waived.' },
      found,
    );
    found = await office.act(
      'hucun',
      found.id,
      visitOf({
        id: 4202,
        visitedAt: '2024-04-17 10:00',
        investigators: ['胡春', '明月'],
        truth: 'T1',
        needs: ['medical', 'living'],
        proposed: ['A2', 'A8'],
        notes: '租住镇上一间房，老家平房一套；女儿在武汉住院。',
        baseVersion: found.version,
      }),
    );
    await tell(
      'visited',
      { zh: '两人入户，属实，建议低保。', en: 'Two people visit; it is true; they propose the allowance.' },
      found,
    );

    await office.until('2024-04-22 14:00');
    found = await office.act('mingyue', found.id, {
      action: 'record-check',
      check: REPORT.map((one) => ({ ...one })),
      // Less the girl's medical costs, as the rules allow.
      incomePerHead: 340_00,
      assets: 'within',
    });
    await tell(
      'checked',
      {
        zh: '核对报告逐项比对：5项一致或无记录相符，存款差218元，零工收入查无记录，商业保险机构未答复（不等于没有）。基本一致。',
        en: 'The report is compared item by item: deposits differ by 218 yuan, odd-job income has no record, one insurer did not answer, which is not the same as nothing. Basically consistent.',
      },
      found,
    );
    found = await office.act('mingyue', found.id, {
      action: 'comment',
      note: '存款差额为利息，零工无参保记录属正常；非不诚信，不作记录。',
    });

    await office.until('2024-04-23 09:00');
    found = await office.act('mingyue', found.id, {
      action: 'decide',
      kind: 'help',
      actions: ['A2', 'A8'],
      aids: [
        {
          measure: 'minimum-living-allowance',
          department: 'civil-affairs',
          amount: 1_140_00,
          rhythm: 'monthly',
          date: '2024-04-23',
        },
      ],
      referrals: [
        {
          measure: 'medical-aid',
          department: 'medical-insurance',
          person: office.personOf(daughter.number),
          ask: '白血病住院，医疗救助。',
        },
        { measure: 'paid-enrolment', department: 'medical-insurance', ask: '三名成员资助参保，名单随办件。' },
      ],
    });
    await tell(
      'helped',
      {
        zh: '简化确认：纳入低保每月1140元；成员名单推送医保，办医疗救助和资助参保。',
        en: 'Simplified: the allowance, 1,140 yuan a month; the members go to medical insurance for medical aid and paid enrolment.',
      },
      found,
    );

    await office.until('2024-04-29 15:00');
    for (const [referral, amount] of [
      ['R1', 18_600_00],
      ['R2', 1_140_00],
    ] as const) {
      found = await office.act('yibao', found.id, { action: 'answer-referral', referral, kind: 'accept' });
      found = await office.act('yibao', found.id, { action: 'answer-referral', referral, kind: 'done', amount, rhythm: 'once' });
    }
    await tell(
      'done',
      {
        zh: '医保反馈：医疗救助18600元，三人参保费已资助。',
        en: 'Medical insurance: aid of 18,600 yuan, and three enrolments paid for.',
      },
      found,
    );

    await office.until('2024-07-29 09:30');
    found = await office.act('mingyue', found.id, {
      action: 'look-again',
      outcome: 'helped-new',
      note: '按年复核，抽查一次；家庭可随时更正申报。',
    });
    await tell(
      'closed',
      {
        zh: '回访办结；此后按年复核、随机抽查。',
        en: 'Looked at again and closed; from now on a yearly review and random checks.',
      },
      found,
    );
  },
};
