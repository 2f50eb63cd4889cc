import { hash } from 'node:crypto';
import { readerPageStyle } from './reader-page-style.ts';

/**
 * The reader page: shows openapi.json and lets one try it. One file without outside parts, so that it works on a closed
 * network; everything from the document is set as text, never as HTML.
 */
const script = String.raw`
'use strict';
const words = {
  zh: { title: '主动救助预警平台接口', signIn: '演示登录', account: '账号', go: '登录', out: '退出', token: '访问令牌', purpose: '查询事由', tryIt: '发送', params: '参数', body: '请求正文', example: '示例', file: '文件', answers: '返回', schema: '结构', other: 'English', demo: '以下账号仅供演示，口令公开；请勿用于真实数据。', all: '全部账号与口令', lock: '需登录', hint: '先在上方登录，再展开一项接口，点“发送”即可试用。', as: '当前账号：', required: '必填', failed: '接口说明未能载入', shapes: '数据结构', json: '机器可读说明' },
  en: { title: 'Aidwatch API', signIn: 'Demo sign-in', account: 'Account', go: 'Sign in', out: 'Sign out', token: 'Access token', purpose: 'Purpose', tryIt: 'Send', params: 'Parameters', body: 'Body', example: 'Example', file: 'File', answers: 'Answers', schema: 'Shape', other: '中文', demo: 'For demonstration only: the passwords are public. Do not use these accounts with real data.', all: 'All accounts and passwords', lock: 'sign-in', hint: 'Sign in above, open an operation and press Send to try it.', as: 'Signed in as ', required: 'required', failed: 'The document could not be loaded', shapes: 'Schemas', json: 'Machine-readable' },
};
let lang = localStorage.getItem('lang') === 'en' ? 'en' : 'zh';
let token = sessionStorage.getItem('token') || '';
let who = sessionStorage.getItem('who') || '';
const w = (key) => words[lang][key];
function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key in node && key !== 'list') node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
function refName(ref) { return ref.slice(ref.lastIndexOf('/') + 1); }
function shapeText(schema, depth) {
  if (!schema) return 'any';
  if (schema.$ref) return refName(schema.$ref);
  if (schema.anyOf || schema.oneOf) return (schema.anyOf || schema.oneOf).map((one) => shapeText(one, depth)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.type === 'array') return shapeText(schema.items, depth) + '[]';
  if (schema.type === 'object' && schema.properties) {
    const pad = '  '.repeat(depth + 1);
    const need = new Set(schema.required || []);
    const lines = Object.entries(schema.properties).map(([name, part]) =>
      pad + name + (need.has(name) ? '' : '?') + ': ' + shapeText(part, depth + 1) + (part.description ? '   // ' + part.description : ''));
    return '{\n' + lines.join('\n') + '\n' + '  '.repeat(depth) + '}';
  }
  if (schema.type === 'object') return '{ [name]: ' + shapeText(schema.additionalProperties === true ? null : schema.additionalProperties, depth) + ' }';
  return Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type || 'any';
}
function operationCard(path, method, op, shared) {
  const params = op.parameters || [];
  const json = op.requestBody && op.requestBody.content['application/json'];
  const bodySchema = json && json.schema;
  const upload = op.requestBody && !json ? el('input', { type: 'file' }) : null;
  if (upload) upload.setAttribute('aria-label', w('file'));
  const inputs = new Map();
  const rows = params.map((param) => {
    const known = param.schema || {};
    const input = known.enum
      ? el('select', {}, el('option', { value: '' }, ''), ...known.enum.map((one) => el('option', { value: one, selected: one === known.default }, one)))
      : el('input', { placeholder: String(known.example ?? param.example ?? known.default ?? ''), value: param.name === 'X-Purpose' ? 'desk-check' : '' });
    input.setAttribute('aria-label', param.name);
    inputs.set(param, input);
    return el('tr', {}, el('td', {}, el('code', {}, param.name), param.required ? el('span', { className: 'need' }, ' ' + w('required')) : null), el('td', {}, input), el('td', { className: 'note' }, param.description || known.description || ''));
  });
  const target = bodySchema && bodySchema.$ref ? shared[refName(bodySchema.$ref)] : bodySchema;
  const example = target && (target.example || (target.examples || [])[0]) || (path.endsWith('/search') ? { name: '张三' } : {});
  const body = bodySchema ? el('textarea', { rows: 4, value: JSON.stringify(example, null, 2), spellcheck: false }) : null;
  if (body) body.setAttribute('aria-label', w('body'));
  const examples = Object.entries(json && json.examples || {});
  const pick = examples.length ? el('select', { onchange: (event) => { if (event.target.value) body.value = JSON.stringify(json.examples[event.target.value].value, null, 2).replace('<uuid>', crypto.randomUUID()).replace('<now>', new Date().toISOString()); } }, el('option', { value: '' }, w('example')), ...examples.map(([name, one]) => el('option', { value: name }, one.summary))) : null;
  if (pick) pick.setAttribute('aria-label', w('example'));
  const output = el('pre', { className: 'answer', hidden: true });
  output.setAttribute('aria-live', 'polite');
  async function send() {
    let address = path;
    const query = new URLSearchParams();
    const headers = { 'accept-language': lang === 'zh' ? 'zh-CN' : 'en' };
    for (const [param, input] of inputs) {
      const value = input.value.trim() || (param.name === 'Idempotency-Key' ? crypto.randomUUID() : '');
      if (value === '') continue;
      if (param.in === 'path') address = address.replace('{' + param.name + '}', encodeURIComponent(value));
      else if (param.in === 'query') query.set(param.name, value);
      else headers[param.name] = value;
    }
    if (token) headers.authorization = 'Bearer ' + token;
    if (body) headers['content-type'] = 'application/json';
    const file = upload && upload.files[0];
    if (file) headers['content-type'] = file.type || 'application/octet-stream';
    output.hidden = false;
    output.textContent = '…';
    try {
      const response = await fetch(address + (query.size ? '?' + query : ''), { method: method.toUpperCase(), headers, body: body ? body.value : file || undefined });
      const text = await response.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
      output.textContent = response.status + ' ' + response.statusText + '\n' + shown.slice(0, 60000);
    } catch (error) { output.textContent = String(error); }
  }
  const answers = Object.entries(op.responses || {}).filter(([status]) => status < '300').map(([, answer]) => {
    const content = Object.values(answer.content || {})[0];
    return content ? el('pre', {}, shapeText(content.schema, 0)) : null;
  });
  return el('details', { className: 'op' },
    el('summary', {}, el('span', { className: 'verb ' + method }, method.toUpperCase()), el('code', {}, path), el('span', { className: 'sum' }, op.summary || ''), (op.security || []).length ? el('span', { className: 'lock' }, w('lock')) : null),
    op.description ? el('p', {}, op.description) : null,
    rows.length ? el('table', {}, el('caption', {}, w('params')), el('tbody', {}, ...rows)) : null,
    body || upload ? el('div', {}, el('h4', {}, w('body')), pick, body || upload) : null,
    el('button', { onclick: send, className: 'send' }, w('tryIt')), output,
    el('h4', {}, w('answers')), ...answers);
}
async function signInPanel() {
  const panel = el('section', { className: 'panel' });
  const state = el('p', { className: 'note' });
  state.setAttribute('role', 'status');
  try {
    const response = await fetch('/sign-in/accounts');
    if (response.ok) {
      const { accounts } = await response.json();
      const titleOf = (user) => { const found = accounts.find((one) => one.user === user); return found ? w('as') + found.title[lang] : ''; };
      state.textContent = titleOf(who);
      const pick = el('select', { id: 'account' }, ...accounts.map((one) => el('option', { value: one.user, selected: one.user === who }, one.title[lang] + ' · ' + one.user)));
      pick.setAttribute('aria-label', w('account'));
      const enter = async () => {
        const chosen = accounts.find((one) => one.user === pick.value);
        const answer = await fetch('/sign-in', { method: 'POST', headers: { 'content-type': 'application/json', 'accept-language': lang === 'zh' ? 'zh-CN' : 'en' }, body: JSON.stringify({ user: chosen.user, password: chosen.password }) });
        const read = await answer.json();
        token = read.token || ''; who = answer.ok ? chosen.user : '';
        sessionStorage.setItem('token', token); sessionStorage.setItem('who', who);
        state.textContent = answer.ok ? titleOf(who) : read.detail;
      };
      const leave = () => { token = ''; who = ''; sessionStorage.removeItem('token'); sessionStorage.removeItem('who'); state.textContent = ''; };
      panel.append(el('h2', {}, w('signIn')), el('p', { className: 'note' }, w('demo')), el('div', { className: 'row' }, pick, el('button', { onclick: enter }, w('go')), el('button', { onclick: leave, className: 'quiet' }, w('out'))), state);
      const list = el('table', {}, el('tbody', {}, ...accounts.map((one) => el('tr', {}, el('td', {}, one.title[lang]), el('td', {}, el('code', {}, one.user)), el('td', {}, el('code', {}, one.password)), el('td', { className: 'note' }, [...one.areas, ...one.departments].join(' '))))));
      panel.append(el('details', {}, el('summary', {}, w('all')), list), el('p', { className: 'note' }, w('hint')));
      return panel;
    }
  } catch {}
  const input = el('input', { type: 'password', value: token, oninput: (event) => { token = event.target.value.trim(); sessionStorage.setItem('token', token); } });
  input.setAttribute('aria-label', w('token'));
  panel.append(el('h2', {}, w('token')), input);
  return panel;
}
async function draw() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.title = w('title');
  const main = document.getElementById('main');
  const toggle = el('button', { className: 'quiet', onclick: () => { lang = lang === 'zh' ? 'en' : 'zh'; localStorage.setItem('lang', lang); draw(); } }, w('other'));
  try {
    const response = await fetch('/api/v1/openapi.json', { headers: { 'accept-language': lang === 'zh' ? 'zh-CN' : 'en' } });
    const doc = await response.json();
    const shared = (doc.components || {}).schemas || {};
    const groups = new Map();
    for (const [path, item] of Object.entries(doc.paths)) for (const [method, op] of Object.entries(item)) {
      const tag = (op.tags || [''])[0];
      groups.set(tag, [...(groups.get(tag) || []), operationCard(path, method, op, shared)]);
    }
    const sections = [...groups].map(([tag, cards]) => el('section', {}, el('h2', {}, tag), ...cards));
    const shapes = el('section', {}, el('h2', {}, w('shapes')), ...Object.entries(shared).map(([name, schema]) => el('details', { className: 'op' }, el('summary', {}, el('code', {}, name), el('span', { className: 'sum' }, schema.description || '')), el('pre', {}, shapeText(schema, 0)))));
    main.replaceChildren(
      el('header', {}, el('h1', {}, doc.info.title), el('span', { className: 'note' }, doc.info.version + ' · '), el('a', { href: '/api/v1/openapi.json' }, w('json')), toggle),
      el('p', { className: 'note' }, doc.info.description || ''), await signInPanel(), ...sections, shapes);
  } catch (error) { main.replaceChildren(el('p', {}, w('failed') + ': ' + error)); }
}
draw();
`;

const html = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>主动救助预警平台接口</title><link rel="icon" href="data:,"><style>${readerPageStyle}</style></head>
<body><main id="main"><p>…</p><noscript>此页面需要 JavaScript；接口说明见 <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>。</noscript></main>
<script>${script}</script></body></html>
`;

/** The page as a host serves it. */
export interface ReaderPage {
  readonly html: string;
  /** Base64 sha256 of the page's only script, for the Content-Security-Policy. */
  readonly scriptHash: string;
}

export const readerPage: ReaderPage = { html, scriptHash: hash('sha256', script, 'base64') };
