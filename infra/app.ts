import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { withParameters } from './parameters-file.ts';
import { addStacks } from './stacks/aidwatch-stacks.ts';
import { stageOf, withArchitecture, withTrialClock } from './stages.ts';

const app = new App();
const settings = [
  ['parameters', withParameters],
  ['trial-clock', withTrialClock],
  ['architecture', withArchitecture],
] as const;
const stage = settings.reduce(
  (set, [name, change]) => {
    const value = settingOf(name);
    return value === undefined ? set : change(set, value);
  },
  stageOf(settingOf('stage') ?? 'dev'),
);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addStacks(app, stage);

/** What `-c <name>=…` says. */
function settingOf(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}
