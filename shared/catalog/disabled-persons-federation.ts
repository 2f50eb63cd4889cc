import { areaColumn, codeColumn, dateColumn, integerColumn, spelled } from './columns.ts';
import { type CompoundNumber, type FeedSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

/** Words for the holder of a certificate. */
const HOLDER = ['残疾人', '残疾人员', '持证人', '持证人员', '持证残疾人'];

/**
 * The number of the second generation of certificates (残疾人证管理办法): the identity number, the class (1 visual to 6 mental, 7
 * multiple) and the level (1 to 4); a certificate issued again after a loss has B and how many times behind it. Minors have the
 * number of their household register, which is the one of their later card. No field: it would carry the identity number past intake.
 */
const certificateNumber: CompoundNumber = {
  title: { zh: '残疾人证号', en: 'number of the disability certificate' },
  aliases: [
    '残疾证号',
    '残疾人证号码',
    '残疾证号码',
    '残疾人证编号',
    '残疾证编号',
    '残疾人证件号',
    '残疾人证件号码',
    '残疾证件号',
    '残疾人证',
    '残疾证',
    '持证编号',
  ],
  pattern:
    /^(?<identityNumber>\d{17}[\dX])(?:(?<disabilityClass>[1-7])(?<disabilityLevel>[1-4])(?:\(?B\d{1,2}\)?|\(?补发\d{0,2}\)?)?)?$/,
  form: {
    zh: '20位：18位身份证号码，加残疾类别（1至7）、残疾等级（1至4）各一位，补发的末尾为B1、B2等',
    en: '20 characters: the identity number, the class (1 to 7) and the level (1 to 4), with B1, B2 … behind it when it was issued again',
  },
};

/** Behind the word for a class: 视力残疾, 精神障碍. */
const CLASS = ['', '残疾', '残疾人', '障碍', '类'];

const disabilityCertificate: FeedSpec = {
  id: feedId('disabled-persons-federation', 'disability-certificate'),
  title: { zh: '残疾人证', en: 'Disability certificate' },
  departmentTitle: { zh: '残联', en: "Disabled persons' federation" },
  kind: 'status',
  uses: ['entry', 'chain'],
  fields: [
    numberOf(HOLDER),
    nameOf(HOLDER, ['残疾人', '持证人']),
    areaColumn(['户籍地区划', '居住地区划', '办证地区划代码']),
    codeColumn(
      'disabilityClass',
      '残疾类别',
      'class of disability',
      {
        visual: [...spelled(['视力'], CLASS), '视残', '盲', '1', '01'],
        hearing: [...spelled(['听力'], CLASS), '听残', '2', '02'],
        speech: [...spelled(['言语', '语言'], CLASS), '言残', '语残', '3', '03'],
        limb: [...spelled(['肢体'], CLASS), '肢残', '4', '04'],
        intellectual: [...spelled(['智力'], CLASS), '智残', '5', '05'],
        mental: [...spelled(['精神'], CLASS), '精残', '6', '06'],
        multiple: [...spelled(['多重'], CLASS), '多残', '7', '07'],
      },
      ['残疾类别名称', '残疾分类', '残疾类别代码', '残类', '类别'],
      { required: true },
    ),
    integerColumn(
      'disabilityLevel',
      '残疾等级',
      'level of disability',
      { min: 1, max: 4 },
      ['残疾级别', '等级', '级别', '残疾等级名称', '残疾程度', '残疾等级代码', '残级'],
      { required: true },
    ),
    dateColumn('issuedOn', '发证日期', 'issued on', [
      '签发日期',
      '核发日期',
      '办证日期',
      '初次领证日期',
      '首次领证日期',
      '初次发证日期',
      '首次发证日期',
      '首次办证日期',
      '领证日期',
      '评定日期',
    ]),
    dateColumn('changedOn', '变更日期', 'changed on', ['等级变更日期', '换证日期', '最近变更日期', '重新评定日期']),
    dateColumn('validTo', '有效期至', 'valid to', [
      '有效期',
      '有效期限',
      '有效截止日期',
      '证件有效期',
      '到期日期',
      '有效期止',
      '失效日期',
      '截止日期',
    ]),
    codeColumn(
      'certificateStatus',
      '证件状态',
      'status of certificate',
      {
        valid: ['有效', '正常', '在用', '正常使用', '已发证', '持证', '1', '01'],
        cancelled: [
          '注销',
          '已注销',
          '失效',
          '作废',
          '过期',
          '过期注销',
          '死亡注销',
          '冻结',
          '迁出',
          '无效',
          '0',
          '00',
          '2',
          '02',
        ],
      },
      ['状态', '残疾证状态', '持证状态', '证状态', '证书状态', '残疾人证状态'],
    ),
  ],
  compound: certificateNumber,
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: [],
  dates: { from: 'issuedOn', to: 'validTo' },
  area: 'area',
  checks: [
    { kind: 'order', earlier: 'issuedOn', later: 'changedOn' },
    { kind: 'order', earlier: 'issuedOn', later: 'validTo' },
    { kind: 'not-before-birth', field: 'issuedOn' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '国办发〔2023〕39号；民发〔2022〕85号（残联按月推送）', evidence: 'A-' },
};

/** Feeds of the disabled persons' federation. */
export const disabledPersonsFederationFeeds: readonly FeedSpec[] = [disabilityCertificate];
