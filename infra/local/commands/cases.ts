import { randomUUID } from 'node:crypto';
import { wrongParts } from '../../../functions/serve-api/expected.ts';
import { SentAction } from '../../../shared/casework/actions.ts';
import { type CaseId, lights, stages, stageTitles } from '../../../shared/casework/case.ts';
import { performAction } from '../../../shared/casework/perform-action.ts';
import { type CaseLine, type CasePage, presentTo } from '../../../shared/casework/present-case.ts';
import { listCases, readCase, worklists } from '../../../shared/casework/read-cases.ts';
import { noticesOfCase } from '../../../shared/corrections/notices-of-case.ts';
import { ACTING_OPTIONS, actorAccess, officeOf, readerAccess } from '../acting.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, areaOption, type CommonOptions, choiceOption, textOption, UsageError, wholeNumber } from '../options.ts';
import { pagesOf } from '../pages.ts';
import type { Platform } from '../platform.ts';
import { print, tell } from '../print.ts';
import { READING_OPTIONS } from '../reading.ts';
import { printCase, printLines, printReferrals } from './print-case.ts';

const PAGE = 200;
const MOST = 100_000;
const ORDERS = ['due', 'urgent'] as const;

/** The command `cases`. */
export const CASES: Command = {
  usage: 'cases [list|show <case>|act <case> <action>]',
  purpose: '办件：清单、详情、办理 / cases: list, show, act',
  options: {
    ...READING_OPTIONS,
    ...ACTING_OPTIONS,
    worklist: { type: 'string', value: 'LIST', about: `清单，缺省 all / worklist: ${worklists.join(', ')}; all unless given` },
    stage: { type: 'string', value: 'STAGE', about: `办理环节，缺省全部 / stage: ${stages.join(', ')}; all unless given` },
    light: {
      type: 'string',
      value: 'LIGHT',
      about: `时限灯，缺省全部 / light of the clock: ${lights.join(', ')}; all unless given`,
    },
    ...AREA_OPTION,
    order: { type: 'string', value: 'ORDER', about: `次序，缺省 due / order: ${ORDERS.join(', ')}; due unless given` },
    limit: { type: 'string', value: 'N', about: '最多几件，缺省全部 / at most so many; all unless given' },
    with: { type: 'string', value: 'JSON', about: 'act：操作内容，与 API 相同 / what the action holds, as over the API' },
    key: { type: 'string', value: 'KEY', about: 'act：幂等键，同键只办一次 / idempotency key: done once for each key' },
    version: {
      type: 'string',
      value: 'N',
      about: 'act：所见版本，已有变动则不办 / the version seen: refused once the case has moved on',
    },
  },
  words: 3,
  run: cases,
};

/**
 * The casework at the command line.
 *
 * - `cases` lists: with `--json` a line of JSON for each case (`CaseLine`), nearest due first;
 * - `cases show <case>`: one JSON object (`CasePage`), with what may be done now in `possible`;
 * - `cases act <case> <action> --as <account> [--with JSON]`: the page after it with `done` (`done` or `already`), for a
 *   department's handler only its own referrals, or one object with `refused`, `text` and `possible` and exit code 1.
 */
async function cases(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [verb = 'list', id, action] = options.args;
  switch (verb) {
    case 'list':
      return list(platform, options);
    case 'show':
      return show(platform, options, needed(id));
    case 'act':
      return act(platform, options, needed(id), action);
    default:
      throw new UsageError(`cases ${verb}：应为 list、show 或 act / expected list, show or act`);
  }
}

async function list(platform: Platform, options: CommonOptions): Promise<boolean> {
  const access = await readerAccess(platform, options);
  const area = areaOption(options);
  const stage = choiceOption(options, 'stage', stages, (one) => `${one} ${stageTitles[one].zh}`);
  const light = choiceOption(options, 'light', lights);
  const most = wholeNumber(options, 'limit', MOST, 1, MOST);
  const query = {
    worklist: choiceOption(options, 'worklist', worklists) ?? 'all',
    order: choiceOption(options, 'order', ORDERS) ?? 'due',
    ...(area && { area }),
    ...(stage && { stage }),
    ...(light && { light }),
  };
  const lines: CaseLine[] = [];
  const limit = () => Math.min(PAGE, most - lines.length);
  const pages = pagesOf(access, (one, from) => listCases(officeOf(platform), one, { ...query, limit: limit(), ...from }));
  for await (const page of pages) {
    lines.push(...page.cases);
    if (lines.length >= most) break;
  }
  if (options.json) for (const line of lines) print(JSON.stringify(line));
  else printLines(lines);
  return true;
}

async function show(platform: Platform, options: CommonOptions, id: string): Promise<boolean> {
  const page = await readCase(officeOf(platform), await readerAccess(platform, options, id), id);
  if (options.json) print(JSON.stringify(page));
  else printCase(page);
  return true;
}

async function act(platform: Platform, options: CommonOptions, id: string, name: string | undefined): Promise<boolean> {
  const action = actionOf(name, textOption(options, 'with'));
  const access = await actorAccess(platform, options, id);
  const version =
    options.own['version'] === undefined ? undefined : wholeNumber(options, 'version', 1, 1, Number.MAX_SAFE_INTEGER);
  const performed = await performAction(officeOf(platform), access, {
    case: id as CaseId,
    action,
    key: textOption(options, 'key') ?? randomUUID(),
    ...(version === undefined ? {} : { version }),
  });
  if (performed.kind === 'refused') {
    const { code, text, possible } = performed.refusal;
    if (options.json) print(JSON.stringify({ refused: code, text, possible }));
    else tell(`${text.zh} / ${text.en}\n${possibleText(possible)}`);
    return false;
  }
  if (performed.kind === 'conflict') {
    const text = {
      zh: '办件已有变动，请先查看再办理。',
      en: 'The case has moved on since that version: look at it again, then decide.',
    };
    if (options.json) print(JSON.stringify({ refused: 'case-moved-on', text, possible: [] }));
    else tell(`${text.zh} / ${text.en}`);
    return false;
  }
  const notices = await noticesOfCase(officeOf(platform), performed.case);
  const page = presentTo(performed.case, access.principal, platform.clock.now(), notices);
  if (options.json) print(JSON.stringify({ done: performed.kind, ...page }));
  else if ('history' in page) printCase(page);
  else printReferrals(page.referrals);
  return true;
}

/** What is asked for, as the API takes it: the action's name and the rest of its body. */
function actionOf(name: string | undefined, text = '{}'): SentAction {
  const body = parsed(text);
  const read = SentAction.safeParse({ ...body, action: name });
  if (read.success) return read.data;
  const places = wrongParts(read.error.issues, 'action').map(({ where, message }) => `${where}: ${message.zh} / ${message.en}`);
  throw new UsageError(`操作内容不完整或有误 / the action is not as expected\n${places.join('\n')}`);
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, like anything else that is no object.
  }
  throw new UsageError('--with：应为 JSON 对象 / expected a JSON object');
}

function needed(id: string | undefined): string {
  if (id === undefined) throw new UsageError('哪一件？ / which case? aidwatch cases show|act <case>');
  return id;
}

function possibleText(possible: CasePage['possible']): string {
  return `可用操作 / possible: ${possible.map(({ action, title }) => `${action} ${title.zh}`).join('、') || '无'}`;
}
