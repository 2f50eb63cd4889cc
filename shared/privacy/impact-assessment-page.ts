import type { Bilingual } from '../catalog/feed.ts';
import { escapeHtml } from '../reports/cover-page.ts';
import type { AssessedFeed, AssessedRetention, ImpactAssessment } from './impact-assessment.ts';

type Language = keyof Bilingual;

/** Words of the page. */
const words = {
  title: { zh: '个人信息保护影响评估', en: 'Personal information protection impact assessment' },
  drawn: { zh: '按平台现行目录、权限和保存期生成', en: 'drawn from catalogue, policy and retention in force' },
  feeds: { zh: '数据类别', en: 'Feeds' },
  ground: { zh: '法律依据', en: 'Legal ground' },
  uses: { zh: '处理目的', en: 'Used for' },
  sensitive: { zh: '敏感', en: 'sensitive' },
  field: { zh: '字段', en: 'Field' },
  protection: { zh: '保护措施', en: 'Protection' },
  seenSensitive: { zh: '可见敏感字段的角色', en: 'Roles that see sensitive fields' },
  seenOther: { zh: '可见其他字段的角色', en: 'Roles that see the rest' },
  kept: { zh: '保存期', en: 'Kept' },
  left: { zh: '删除后留存', en: 'stays when deleted' },
  roles: { zh: '角色可见范围', en: 'What roles see' },
  role: { zh: '角色', en: 'Role' },
  names: { zh: '姓名', en: 'Names' },
  numbers: { zh: '证件号码', en: 'Numbers' },
  full: { zh: '全部', en: 'full' },
  masked: { zh: '脱敏', en: 'masked' },
  none: { zh: '不可见', en: 'none' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  households: { zh: '可看家庭', en: 'Households' },
  purposes: { zh: '查询事由', en: 'Purposes of looks' },
  decisions: { zh: '自动化决策', en: 'Automated decisions' },
  judge: { zh: '须由人判断', en: 'For people to judge' },
  evidence: { zh: '证据标记', en: 'evidence' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** The assessment as a page to print, in one language. Nothing in it is loaded from elsewhere. */
export function impactAssessmentPage(pia: ImpactAssessment, language: Language): string {
  const say = (text: Bilingual) => escapeHtml(text[language]);
  const list = (texts: readonly Bilingual[]) => texts.map(say).join(language === 'zh' ? '、' : ', ') || '—';
  const kept = ({ months, after, basis }: AssessedRetention) =>
    `${language === 'zh' ? `${say(after)}起${months}个月` : `${months} months from ${say(after)}`} (${say(basis)}${
      basis.evidence === undefined ? '' : `; ${say(words.evidence)} ${basis.evidence}`
    })`;
  const feed = (
    one: AssessedFeed,
  ) => `<section><h3>${say(one.departmentTitle)} · ${say(one.title)} <code>${escapeHtml(one.feed)}</code></h3>
<p><b>${say(words.ground)}</b> ${escapeHtml(one.legalBasis.text)} (${say(words.evidence)} ${one.legalBasis.evidence})</p>
<p><b>${say(words.uses)}</b> ${list(one.uses)}</p>
<p><b>${say(words.seenSensitive)}</b> ${one.fields.some(({ sensitive }) => sensitive) ? list(one.seenBy.sensitive) : '—'}<br>
<b>${say(words.seenOther)}</b> ${list(one.seenBy.other)}</p>
<p><b>${say(words.kept)}</b> ${kept(one.retention)}</p>
<table><tr><th>${say(words.field)}</th><th>${say(words.protection)}</th></tr>
${one.fields
  .map(
    ({ title, sensitive, protection }) =>
      `<tr><td>${say(title)}${sensitive ? ` <mark>${say(words.sensitive)}</mark>` : ''}</td><td>${say(pia.protections[protection])}</td></tr>`,
  )
  .join('\n')}</table></section>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${say(words.title)}</title>
<style>body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.2em .5em;text-align:left}section{break-inside:avoid}mark{background:#fdd}</style></head>
<body><h1>${say(words.title)}</h1><p>${pia.on} · ${escapeHtml(pia.version)} · ${say(words.drawn)}</p><p>${say(pia.why)}</p>
<h2>${say(words.decisions)}</h2><p>${say(pia.automatedDecisions)}</p>
<h2>${say(words.kept)}</h2><ul>${pia.retention
    .map((row) => `<li>${say(row.title)}: ${kept(row)}<br>${say(words.left)}: ${say(row.left)}</li>`)
    .join('\n')}</ul><p>${say(pia.deletion)}</p>
<h2>${say(words.roles)}</h2><table><tr><th>${say(words.role)}</th><th>${say(words.households)}</th><th>${say(words.names)}</th><th>${say(words.numbers)}</th><th>${say(words.sensitive)}</th></tr>
${pia.roles
  .map(
    (role) =>
      `<tr><td>${say(role.title)}</td><td>${say(role.seesHouseholds ? words.yes : words.no)}</td><td>${say(words[role.names])}</td><td>${say(words[role.numbers])}</td><td>${say(role.sensitive ? words.yes : words.no)}</td></tr>`,
  )
  .join('\n')}</table>
<h2>${say(words.purposes)}</h2><p>${list(pia.purposes.map(({ title }) => title))}</p>
<h2>${say(words.judge)}</h2><ul>${pia.toJudge.map((one) => `<li>${say(one)}</li>`).join('')}</ul>
<h2>${say(words.feeds)}</h2>
${pia.feeds.map(feed).join('\n')}
</body></html>
`;
}
