import { alarmOf, noticeOf, type ReportCover } from './cover.ts';

/** A page's text with nothing in it that a browser would take for markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The lines of a cover, as name and value, both languages in the name. */
export function coverLines(cover: ReportCover): readonly (readonly [string, string])[] {
  const { parameters, data, proof, pulled, period, archive } = cover;
  return [
    ['报表 / report', `${cover.title.zh} ${cover.title.en} (${cover.report})`],
    ['说明 / about', `${cover.about.zh} ${cover.about.en}`],
    ['期间 / period', `${parameters.from} – ${parameters.to}`],
    ['区划 / area', parameters.area === '' ? '全部 / all' : parameters.area],
    ['抽样种子 / seed', parameters.seed === '' ? '—' : `${parameters.seed} × ${parameters.sample}`],
    ['小数保护 / small cells', `< ${parameters.smallCells}`],
    [
      '关账 / closing',
      period.state === 'closed'
        ? `已关账 / closed ${period.closedAt ?? ''} ${period.closedBy ?? ''}`
        : '未关账，数字可能变化 / open, figures may change',
    ],
    [
      '数据截至 / as of',
      `${data.asOf}，事件 / event ${data.countedUpTo}（档案 / archive ${data.archivedUpTo}, ${data.archiveHash}）`,
    ],
    ['规则版本 / rules', data.rulePacks.length === 0 ? '—' : data.rulePacks.join('；')],
    ['程序版本 / program', data.program],
    [
      '档案验证 / archive',
      archive.ok ? `完好 / whole, ${archive.events}` : `不通过 / ${archive.fault}, ${archive.number}, ${archive.where}`,
    ],
    ['行数 / rows', String(proof.rows)],
    ['调整行 / adjustments', String(proof.adjustments)],
    ['内容 / rows SHA-256', proof.rowsSha256],
    ['查询 / query SHA-256', proof.querySha256],
    ['提取 / pulled', `${pulled.by}${pulled.for === undefined ? '' : ` → ${pulled.for}`}，${pulled.purpose}，${pulled.at}`],
  ];
}

/** The cover as part of a page: red when the archive was tampered with. */
export function coverSection(cover: ReportCover): string {
  const alarm = alarmOf(cover);
  const notice = noticeOf(cover);
  const rows = coverLines(cover).map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`);
  return [
    `<section class="cover${alarm === undefined ? '' : ' alarm'}">`,
    `<h1>${escapeHtml(cover.title.zh)} <small>${escapeHtml(cover.title.en)}</small></h1>`,
    alarm === undefined ? '' : `<p class="alarm">${escapeHtml(alarm.zh)}<br>${escapeHtml(alarm.en)}</p>`,
    notice === undefined ? '' : `<p class="notice">${escapeHtml(notice.zh)}<br>${escapeHtml(notice.en)}</p>`,
    `<table>${rows.join('')}</table></section>`,
  ].join('\n');
}

/** Looks of printed reports. Red is the alarm's alone. */
export const PAGE_STYLE = `
body { display: flex; flex-direction: column; font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em; color: #222; }
.cover { order: -1; border: 1px solid #999; padding: 1em 1.5em; margin-bottom: 2em; break-after: page; }
.cover.alarm { background: #c00; color: #fff; border-color: #c00; }
.cover p.alarm { font-weight: bold; font-size: 1.2em; }
.cover p.notice { border-left: 4px solid currentcolor; padding-left: .8em; }
table { border-collapse: collapse; } th, td { border: 1px solid #bbb; padding: .15em .5em; text-align: left; vertical-align: top; }
.cover th { white-space: nowrap; font-weight: normal; } .cover td { word-break: break-all; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; } tr { break-inside: avoid; }
@media print { body { margin: 0; font-size: 10px; } }`;

/** The cover as a page of its own, beside formats that have no place for one. */
export function coverPage(cover: ReportCover): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeHtml(cover.title.zh)}</title><style>${PAGE_STYLE}</style></head>
<body>${coverSection(cover)}</body></html>
`;
}
