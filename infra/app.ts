import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { withParameters } from './parameters-file.ts';
import { addStacks } from './stacks/aidwatch-stacks.ts';
import { stageOf } from './stages.ts';

const app = new App();
const stage = stageOf(settingOf('stage') ?? 'dev');
const parameters = settingOf('parameters');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addStacks(app, parameters === undefined ? stage : withParameters(stage, parameters));

/** What `-c <name>=…` says. */
function settingOf(name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
}
