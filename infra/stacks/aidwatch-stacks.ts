import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { ApiStack } from './api-stack.ts';
import { CaseworkStack } from './casework-stack.ts';
import { DataStack } from './data-stack.ts';
import { acknowledgeFindings } from './findings.ts';
import { KeepingStack } from './keeping-stack.ts';
import { ProcessingStack } from './processing-stack.ts';
import { ReportsStack } from './reports-stack.ts';

/** The stacks of one stage, in the order they are deployed. */
export interface AidwatchStacks {
  readonly data: DataStack;
  readonly processing: ProcessingStack;
  readonly casework: CaseworkStack;
  readonly reports: ReportsStack;
  readonly api: ApiStack;
  readonly keeping: KeepingStack;
}

/** Adds the stacks of a stage, named `Aidwatch-<stage>-…`. */
export function addStacks(scope: Construct, stage: Stage): AidwatchStacks {
  const name = (part: string) => `Aidwatch-${stage.name}-${part}`;
  const data = new DataStack(scope, name('Data'), stage);
  const processing = new ProcessingStack(scope, name('Processing'), stage, data);
  const casework = new CaseworkStack(scope, name('Casework'), stage, data, processing);
  const reports = new ReportsStack(scope, name('Reports'), stage, data, processing);
  const api = new ApiStack(scope, name('Api'), stage, data, processing.route);
  const keeping = new KeepingStack(scope, name('Keeping'), stage, data, processing);
  const stacks = { data, processing, casework, reports, api, keeping };
  for (const stack of Object.values(stacks)) {
    Tags.of(stack).add('application', 'aidwatch');
    Tags.of(stack).add('stage', stage.name);
  }
  acknowledgeFindings(stacks);
  return stacks;
}
