import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ArchiveQueries } from '../constructs/archive-queries.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';

/** What is asked of the archive of events: its tables for Athena. */
export class ReportsStack extends Stack {
  /** Name of the database of the archive's tables. */
  readonly database: string;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: reports` });
    const { database, workgroup } = new ArchiveQueries(this, 'Queries', stage, data);
    this.database = database;
    new CfnOutput(this, 'ArchiveDatabase', { value: database });
    new CfnOutput(this, 'ArchiveWorkgroup', { value: workgroup });
  }
}
