import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import { withParameters } from '../../../infra/parameters-file.ts';
import { addStacks } from '../../../infra/stacks/aidwatch-stacks.ts';
import { type RestoredTable, stageOf, withArchitecture, withTrialClock } from '../../../infra/stages.ts';

/** The templates of a stage with the settings of cdk.json, without bundling any code. */
export function templatesOf(
  stage: string,
  settings: {
    readonly parameters?: string;
    readonly trialClock?: string;
    readonly architecture?: string;
    readonly restoredTable?: RestoredTable;
  } = {},
): Readonly<Record<'data' | 'processing' | 'casework' | 'reports' | 'api' | 'keeping', Template>> {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  const { parameters, trialClock, architecture, restoredTable } = settings;
  const named = restoredTable === undefined ? stageOf(stage) : { ...stageOf(stage), restoredTable };
  const chosen = architecture === undefined ? named : withArchitecture(named, architecture);
  const set = parameters === undefined ? chosen : withParameters(chosen, parameters);
  const stacks = addStacks(app, trialClock === undefined ? set : withTrialClock(set, trialClock));
  const templateOf = (stack: Stack) => Template.fromStack(stack);
  return {
    data: templateOf(stacks.data),
    processing: templateOf(stacks.processing),
    casework: templateOf(stacks.casework),
    reports: templateOf(stacks.reports),
    api: templateOf(stacks.api),
    keeping: templateOf(stacks.keeping),
  };
}

/** A template as compared with its snapshot: without hashes of code and packs and the text of views, which change with every edit. */
export function withoutHashes(template: Template): unknown {
  return JSON.parse(
    JSON.stringify(template.toJSON())
      .replaceAll(/[0-9a-f]{64}/g, 'hash')
      .replaceAll(/Presto View: \S+/g, 'Presto View: packed'),
  );
}
