import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { storyParameters } from '../../infra/local/case-stories/story-parameters.ts';
import { type Emulator, root, run } from './ministack.ts';

const Outputs = {
  Data: z.object({
    TableName: z.string(),
    ExchangeBucket: z.string(),
    ArchiveBucket: z.string(),
    KeysSecretId: z.string(),
  }),
  Processing: z.object({
    FilesQueueUrl: z.string(),
    UpdatesQueueUrl: z.string(),
    AssessmentsQueueUrl: z.string(),
    FilesDeadLettersUrl: z.string(),
    UpdatesDeadLettersUrl: z.string(),
    AssessmentsDeadLettersUrl: z.string(),
    ArchiveEventsName: z.string(),
  }),
  Casework: z.object({
    CasesQueueUrl: z.string(),
    CasesDeadLettersUrl: z.string(),
    StateMachineArn: z.string(),
    WorkCasesArn: z.string(),
  }),
  Reports: z.object({ ReportsQueueUrl: z.string(), ReportsDeadLettersUrl: z.string(), MakeReportsArn: z.string() }),
  Api: z.object({ ApiId: z.string(), UserPoolId: z.string(), ClientId: z.string() }),
  Keeping: z.object({ KeepDataName: z.string() }),
};

/** What the deployed stacks say of themselves. */
export type Deployment = z.infer<typeof Outputs.Data> &
  z.infer<typeof Outputs.Processing> &
  z.infer<typeof Outputs.Casework> &
  z.infer<typeof Outputs.Reports> &
  z.infer<typeof Outputs.Api> &
  z.infer<typeof Outputs.Keeping>;

/** A report that the deployment makes every month for somebody. */
export const SCHEDULED = {
  report: 'funnel',
  area: '530402',
  rhythm: 'monthly',
  day: 1,
  format: 'csv',
  for: 'auditor-of-the-county',
  purpose: 'audit',
} as const;

/** Makes the account ready for deployments; once per emulator. */
export async function bootstrap({ env }: Emulator): Promise<void> {
  await cdk(['bootstrap', 'aws://000000000000/us-east-1'], env);
}

/** Deploys a stage with the same commands as to the cloud; `settings` as after `-c`. */
export async function deploy(emulator: Emulator, stage: string, settings: readonly string[] = []): Promise<Deployment> {
  const assembly = join(emulator.scratch, `cdk.out-${stage}`);
  const outputs = join(emulator.scratch, `outputs-${stage}.json`);
  const parameters = join(emulator.scratch, 'parameters.json');
  writeFileSync(parameters, JSON.stringify({ ...storyParameters, reports: [SCHEDULED] }));
  // The emulator runs functions on this machine's processor, and the engine of reports is installed for no other.
  const architecture = `architecture=${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;
  const context = [`stage=${stage}`, `parameters=${parameters}`, architecture, ...settings].flatMap((setting) => ['-c', setting]);
  await cdk(['synth', '--quiet', ...context, '--output', assembly], emulator.env);
  const all = ['deploy', '--all', '--require-approval', 'never', '--app', assembly, '--outputs-file', outputs];
  await cdk(all, emulator.env);
  const read = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(outputs, 'utf8')));
  return {
    ...Outputs.Data.parse(read[`Aidwatch-${stage}-Data`]),
    ...Outputs.Processing.parse(read[`Aidwatch-${stage}-Processing`]),
    ...Outputs.Casework.parse(read[`Aidwatch-${stage}-Casework`]),
    ...Outputs.Reports.parse(read[`Aidwatch-${stage}-Reports`]),
    ...Outputs.Api.parse(read[`Aidwatch-${stage}-Api`]),
    ...Outputs.Keeping.parse(read[`Aidwatch-${stage}-Keeping`]),
  };
}

async function cdk(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await run(join(root, 'node_modules/.bin/cdk'), [...args, '--no-notices'], { ...env, CDK_DISABLE_CLI_TELEMETRY: '1' });
}
