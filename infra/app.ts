import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from './stacks/aidwatch-stacks.ts';
import { stageOf } from './stages.ts';

const app = new App();
const asked: unknown = app.node.tryGetContext('stage');
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
addStacks(app, stageOf(typeof asked === 'string' ? asked : 'dev'));
