import type { FieldSpec } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { FactValue } from '../../../shared/facts/fact.ts';
import { rowInWords } from '../../../shared/intake/row-place.ts';
import type { FactView, HouseholdPage } from '../../../shared/registry/household-page.ts';
import { householdPage } from '../../../shared/registry/household-page.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess, READING_OPTIONS, readingOf } from '../reading.ts';
import { printWarning } from './warnings.ts';

/** The command `household`. */
export const HOUSEHOLD: Command = {
  usage: 'household <id|identity number>',
  purpose: '一户全貌 / all about one household',
  options: READING_OPTIONS,
  words: 1,
  run: household,
};

/** Shows one household, by its id or by a member's identity number. */
async function household(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [reference] = options.args;
  if (reference === undefined) throw new UsageError(`哪一户？ / which household? aidwatch ${HOUSEHOLD.usage}`);
  const page = await householdPage(readingOf(platform), operatorAccess(options), reference);
  if (options.json) print(JSON.stringify(page));
  else printPage(page);
  return true;
}

function printPage(page: HouseholdPage): void {
  print(
    `${page.id}  区划 ${page.area || '未知'}  ${page.categoryTitle.zh}${page.provisional ? '  （临时户，未申报）' : ''}  截至 ${page.asOf}`,
  );
  for (const member of page.members) {
    const span = `${member.from ?? '…'} 至 ${member.to ?? '今'}`;
    print(
      `  ${member.head ? '户主' : codeText('relation', member.relation)}  ${member.name || '（无名）'}  ${member.number ?? ''}  ${member.birth}  ${span}`,
    );
  }
  for (const stretch of page.categories) print(`  类别 ${stretch.title.zh} ${stretch.from ?? '…'} 至 ${stretch.to ?? '今'}`);
  for (const fact of page.facts) {
    const again =
      fact.countedBy === undefined ? '' : '  （与本户另一行为同一笔，只计一次 / told in another row too, counts once）';
    print(`  ${fact.from}  ${fact.title.zh}  ${fieldsText(fact)}  ${fact.file ?? ''} ${rowInWords(fact.row, fact.at)}${again}`);
  }
  for (const view of [...page.warnings.open, ...page.warnings.past]) printWarning(view);
}

function fieldsText(fact: FactView): string {
  const feed = [...catalog.values()].find((one) => one.id === fact.feed);
  return Object.entries(fact.fields)
    .map(([name, value]) => {
      const field = feed?.fields.find((one) => one.name === name);
      return `${field?.title.zh ?? name} ${valueText(field, value)}`;
    })
    .join(' ');
}

function valueText(field: FieldSpec | undefined, value: FactValue): string {
  if (field?.type.kind === 'money' && typeof value === 'number') return `${yuanText(value)}元`;
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (field?.type.kind === 'code') return codeText(field.name, String(value));
  return String(value);
}

/** The Chinese word of a code; of several spellings the first that departments write in Chinese. */
function codeText(fieldName: string, code: string): string {
  for (const { fields } of catalog.values()) {
    const type = fields.find((field) => field.name === fieldName)?.type;
    const spellings = type?.kind === 'code' ? (type.values[code] ?? []) : [];
    const chinese = spellings.find((spelling) => /^\p{Script=Han}/u.test(spelling));
    if (chinese !== undefined) return chinese;
  }
  return code;
}
