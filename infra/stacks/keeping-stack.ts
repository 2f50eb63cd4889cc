import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { allowSecret } from '../constructs/data-rights.ts';
import { allowClearing, allowDepth, allowKeeping } from '../constructs/keeping-rights.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';
import type { ProcessingStack } from './processing-stack.ts';

/** What a person calls to delete what is past keeping and to seal everything anew. Nothing else may call it. */
export class KeepingStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage, data: DataStack, { route, files, updates }: ProcessingStack) {
    super(scope, id, {
      terminationProtection: stage.keepsData,
      description: `Aidwatch ${stage.name}: deletion of what is past keeping, sealing anew`,
    });
    const keep = new ServiceFunction(this, 'KeepData', {
      stage,
      route,
      folder: 'keep-data',
      clock: true,
      description: 'Deletes what is past keeping and seals everything anew, when a person calls it',
      // The longest there is: what does not fit is gone on with by the next call.
      timeout: Duration.minutes(15),
      memory: 1769,
      environment: {
        [EnvName.Table]: data.table.tableName,
        [EnvName.ExchangeBucket]: data.exchange.bucketName,
        [EnvName.KeysSecret]: data.keysSecret.secretArn,
        [EnvName.FilesQueue]: files.queue.queueUrl,
        [EnvName.UpdatesQueue]: updates.queue.queueUrl,
        [EnvName.FilesDeadLetters]: files.deadLetters.queueUrl,
        [EnvName.UpdatesDeadLetters]: updates.deadLetters.queueUrl,
        [EnvName.PacksDir]: 'packs',
        [EnvName.AreaPacks]: JSON.stringify(stage.areaPacks),
      },
      packs: true,
      parameters: true,
      errorImpact: 'A deletion or a change of the data key stands still: people’s data stay longer than the law allows.',
    });
    allowKeeping(data.table, keep.function);
    allowClearing(data.exchange, keep.function);
    allowSecret(data.keysSecret, keep.function);
    allowDepth([files.queue, files.deadLetters, updates.queue, updates.deadLetters], keep.function);
    new CfnOutput(this, 'KeepDataName', { value: keep.function.functionName });
  }
}
