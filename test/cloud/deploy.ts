import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { storyParameters } from '../../infra/local/case-stories/story-parameters.ts';
import { type MiniStack, root, run } from './ministack.ts';

const Outputs = z.object({
  'Aidwatch-test-Data': z.object({
    TableName: z.string(),
    ExchangeBucket: z.string(),
    ArchiveBucket: z.string(),
    KeysSecretId: z.string(),
  }),
  'Aidwatch-test-Processing': z.object({
    FilesQueueUrl: z.string(),
    UpdatesQueueUrl: z.string(),
    AssessmentsQueueUrl: z.string(),
    FilesDeadLettersUrl: z.string(),
    UpdatesDeadLettersUrl: z.string(),
    AssessmentsDeadLettersUrl: z.string(),
  }),
  'Aidwatch-test-Casework': z.object({
    CasesQueueUrl: z.string(),
    CasesDeadLettersUrl: z.string(),
    StateMachineArn: z.string(),
    WorkCasesArn: z.string(),
  }),
  'Aidwatch-test-Api': z.object({ ApiId: z.string(), UserPoolId: z.string(), ClientId: z.string() }),
});

/** What the deployed stacks say of themselves. */
export type Deployment = z.infer<typeof Outputs>['Aidwatch-test-Data'] &
  z.infer<typeof Outputs>['Aidwatch-test-Processing'] &
  z.infer<typeof Outputs>['Aidwatch-test-Casework'] &
  z.infer<typeof Outputs>['Aidwatch-test-Api'];

/** Deploys the stage `test` with the same commands as to the cloud. */
export async function deploy(stack: MiniStack): Promise<Deployment> {
  const cdk = join(root, 'node_modules/.bin/cdk');
  const assembly = join(stack.scratch, 'cdk.out');
  const outputs = join(stack.scratch, 'outputs.json');
  const parameters = join(stack.scratch, 'parameters.json');
  writeFileSync(parameters, JSON.stringify(storyParameters));
  const env = { ...stack.env, CDK_DISABLE_CLI_TELEMETRY: '1' };
  const settings = ['-c', 'stage=test', '-c', `parameters=${parameters}`];
  await run(cdk, ['synth', '--quiet', '--no-notices', ...settings, '--output', assembly], env);
  await run(cdk, ['bootstrap', '--no-notices', 'aws://000000000000/us-east-1', '--app', assembly], env);
  await run(
    cdk,
    ['deploy', '--all', '--no-notices', '--require-approval', 'never', '--app', assembly, '--outputs-file', outputs],
    env,
  );
  const read = Outputs.parse(JSON.parse(readFileSync(outputs, 'utf8')));
  return {
    ...read['Aidwatch-test-Data'],
    ...read['Aidwatch-test-Processing'],
    ...read['Aidwatch-test-Casework'],
    ...read['Aidwatch-test-Api'],
  };
}
