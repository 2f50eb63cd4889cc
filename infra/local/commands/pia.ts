import { VERSION } from '../../../functions/serve-api/version.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { impactAssessment } from '../../../shared/privacy/impact-assessment.ts';
import { impactAssessmentPage } from '../../../shared/privacy/impact-assessment-page.ts';
import { type CommonOptions, choiceOption } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';

/** Options of `pia`. */
export const PIA_OPTIONS = { language: { type: 'string' } } as const;

/** `pia`: the impact assessment as a page to print, in Chinese or English; with `--json` as `ImpactAssessment`. */
export async function pia(platform: Platform, options: CommonOptions): Promise<boolean> {
  const language = choiceOption(options, 'language', ['zh', 'en']) ?? 'zh';
  const { clock, casework } = platform;
  const on = dateInChina(clock.now());
  const assessment = impactAssessment(catalog, casework.parameters.retention, { on, version: VERSION });
  print(options.json ? JSON.stringify(assessment) : impactAssessmentPage(assessment, language));
  return true;
}
