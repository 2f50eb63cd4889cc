import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { withParameters } from './parameters-file.ts';
import { addStacks } from './stacks/aidwatch-stacks.ts';
import { stageOf, withTrialClock } from './stages.ts';

const app = new App();
const parameters = settingOf('parameters');
const trialClock = settingOf('trial-clock');
const chosen = stageOf(settingOf('stage') ?? 'dev');
const stage = parameters === undefined ? chosen : withParameters(chosen, parameters);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addStacks(app, trialClock === undefined ? stage : withTrialClock(stage, trialClock));

/** What `-c <name>=…` says. */
function settingOf(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}
