import { areaColumn, dateColumn, textColumn } from './columns.ts';
import { type FeedSpec, type FieldSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

const NEWBORN = ['新生儿', '婴儿', '儿童', '出生人口'];
/** The row is about the newborn. A row sent before the child has a number is refused and comes again when it has one. */
const newbornNumber: FieldSpec = numberOf(NEWBORN);
const newbornName: FieldSpec = nameOf(NEWBORN);

const motherNumber: FieldSpec = {
  name: 'motherIdentityNumber',
  title: { zh: '母亲身份证号', en: "mother's identity number" },
  type: { kind: 'identity' },
  aliases: [
    '母亲身份证号码',
    '母亲证件号',
    '母亲证件号码',
    '母亲有效证件号码',
    '母亲公民身份号码',
    '产妇身份证号',
    '产妇身份证号码',
    '产妇证件号码',
  ],
  required: false,
};

const fatherNumber: FieldSpec = {
  name: 'fatherIdentityNumber',
  title: { zh: '父亲身份证号', en: "father's identity number" },
  type: { kind: 'identity' },
  aliases: ['父亲身份证号码', '父亲证件号', '父亲证件号码', '父亲有效证件号码', '父亲公民身份号码'],
  required: false,
};

const birthCertificate: FeedSpec = {
  id: feedId('health', 'birth-certificate'),
  title: { zh: '出生医学证明', en: 'Birth certificate' },
  departmentTitle: { zh: '卫健', en: 'Health' },
  kind: 'event',
  uses: ['entry', 'verify', 'chain'],
  fields: [
    newbornNumber,
    newbornName,
    areaColumn(['户籍地区划', '居住地区划', '母亲户籍地区划', '母亲居住地区划', '签发地区划', '出生地区划', '出生地代码']),
    dateColumn('bornOn', '出生日期', 'born on', ['新生儿出生日期', '婴儿出生日期', '分娩日期'], { required: true }),
    textColumn(
      'certificateNumber',
      '出生医学证明编号',
      'certificate number',
      40,
      ['出生证编号', '出生证明编号', '证明编号', '证书编号'],
      // Detail of a child under 14 (PIPL §28).
      { sensitive: true },
    ),
    dateColumn('issuedOn', '签发日期', 'issued on', ['发证日期', '办证日期', '首次签发日期', '证明签发日期']),
    textColumn('hospital', '接生机构', 'hospital', 100, ['助产机构', '医疗机构', '签发机构', '出生医院', '分娩医院']),
    motherNumber,
    fatherNumber,
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: [],
  dates: { from: 'bornOn' },
  area: 'area',
  checks: [
    { kind: 'not-before-birth', field: 'bornOn' },
    { kind: 'order', earlier: 'bornOn', later: 'issuedOn' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '民发〔2022〕85号（卫生健康部门定期推送）；新生儿参保资助（江西，2024年起）', evidence: 'B' },
};

/** Feeds of the health department. */
export const healthFeeds: readonly FeedSpec[] = [birthCertificate];
