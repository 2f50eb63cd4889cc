import { VERSION } from '../../../functions/serve-api/version.ts';
import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { impactAssessment } from '../../../shared/privacy/impact-assessment.ts';
import { impactAssessmentPage } from '../../../shared/privacy/impact-assessment-page.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, choiceOption } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';

const LANGUAGES = ['zh', 'en'] as const;

/** The command `pia`. */
export const PIA: Command = {
  usage: 'pia',
  purpose: '个人信息保护影响评估 / the impact assessment',
  options: {
    language: { type: 'string', value: 'LANGUAGE', about: `语言，缺省 zh / language: ${LANGUAGES.join(', ')}; zh unless given` },
  },
  run: pia,
};

/** `pia`: the impact assessment as a page to print, in Chinese or English; with `--json` as `ImpactAssessment`. */
async function pia(platform: Platform, options: CommonOptions): Promise<boolean> {
  const language = choiceOption(options, 'language', LANGUAGES) ?? 'zh';
  const { clock, casework } = platform;
  const on = dateInChina(clock.now());
  const assessment = impactAssessment(catalog, casework.parameters.retention, { on, version: VERSION });
  print(options.json ? JSON.stringify(assessment) : impactAssessmentPage(assessment, language));
  return true;
}
