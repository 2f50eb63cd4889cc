import { catalog } from '../../../shared/catalog/index.ts';
import type { FactView, HouseholdPage } from '../../../shared/registry/household-page.ts';
import { householdPage } from '../../../shared/registry/household-page.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print, yuan } from '../print.ts';
import { operatorAccess, readingOf } from '../reading.ts';
import { printWarning } from './warnings.ts';

/** Shows one household, by its id or by a member's identity number. */
export async function household(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [reference] = options.args;
  if (reference === undefined) throw new UsageError('哪一户? / which household? aidwatch household <id|身份证号>');
  const page = await householdPage(readingOf(platform), operatorAccess(options), reference);
  if (options.json) print(JSON.stringify(page));
  else printPage(page);
  return true;
}

function printPage(page: HouseholdPage): void {
  print(
    `${page.id}  区划 ${page.area || '未知'}  ${page.categoryTitle.zh}${page.provisional ? '  (临时户,未申报)' : ''}  截至 ${page.asOf}`,
  );
  for (const member of page.members) {
    const span = `${member.from ?? '…'} 至 ${member.to ?? '今'}`;
    print(
      `  ${member.head ? '户主' : member.relation}  ${member.name || '(无名)'}  ${member.number ?? ''}  ${member.birth}  ${span}`,
    );
  }
  for (const stretch of page.categories) print(`  类别 ${stretch.title.zh} ${stretch.from ?? '…'} 至 ${stretch.to ?? '今'}`);
  for (const fact of page.facts) print(`  ${fact.from}  ${fact.title.zh}  ${fieldsText(fact)}  ${fact.file ?? ''}:${fact.row}`);
  for (const view of [...page.warnings.open, ...page.warnings.past]) printWarning(view);
}

function fieldsText(fact: FactView): string {
  const feed = [...catalog.values()].find((one) => one.id === fact.feed);
  return Object.entries(fact.fields)
    .map(([name, value]) => {
      const field = feed?.fields.find((one) => one.name === name);
      const shown = field?.type.kind === 'money' && typeof value === 'number' ? `${yuan(value)}元` : String(value);
      return `${field?.title.zh ?? name} ${shown}`;
    })
    .join(' ');
}
