import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type AthenaTable, archivedEvents, athenaTable } from '../../shared/adapters/athena/event-tables.ts';
import { eventTables } from '../../shared/reports/event-tables.ts';
import { ANSWERS_PREFIX, type DataStack } from '../stacks/data-stack.ts';
import type { Stage } from '../stages.ts';
import { allowReading, allowWriting } from './data-rights.ts';

/**
 * What one query may look through: some five hundred million events, or a quarter of a US dollar. A query that forgot its
 * days is stopped there and not by the bill.
 */
const MOST_SCANNED = 50 * 1024 ** 3;

/** No event of the platform is older. */
const FIRST_DAY = '2024-01-01';

/** Types as the catalogue calls them. */
const HIVE: Readonly<Record<AthenaTable['columns'][number]['type'], string>> = {
  varchar: 'string',
  bigint: 'bigint',
  boolean: 'boolean',
};

/**
 * The archive as tables of Athena, for questions that are more than one function can carry (docs/reports.md): a database over
 * the very objects that reports read, a workgroup with a limit, and the rights for whoever may ask. Nothing is copied.
 */
export class ArchiveQueries extends Construct {
  readonly database: string;
  readonly workgroup: string;

  constructor(scope: Construct, id: string, stage: Stage, data: DataStack) {
    super(scope, id);
    this.database = `aidwatch_${stage.name}`;
    this.workgroup = `aidwatch-${stage.name}`;
    this.addTables(data);
    this.addWorkgroup(stage, data);
    this.addRights(data);
  }

  private addTables(data: DataStack): void {
    const catalogId = Aws.ACCOUNT_ID;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: this.database, description: 'The archive of events of Aidwatch, as it lies in its bucket' },
    });
    const place = `s3://${data.archive.bucketName}/archive/`;
    const lines = new CfnTable(this, 'Lines', {
      catalogId,
      databaseName: this.database,
      tableInput: {
        name: 'lines',
        description: 'Lines of the archive as they are stored; partitions are days in China',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: 'day', type: 'date' }],
        parameters: {
          EXTERNAL: 'TRUE',
          // Days are known without asking the bucket or registering them. The day in China is ahead of UTC.
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': `${FIRST_DAY},NOW+1DAYS`,
          'storage.location.template': `${place}day=\${day}/`,
          compressionType: 'zstd',
        },
        storageDescriptor: {
          location: place,
          columns: [{ name: 'line', type: 'string' }],
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          // A line as text, not taken apart: what an event says is read by the same paths as in the engine of reports, and a
          // reader of JSON would fold the case of its names. JSON holds no raw control character, so nothing parts a line.
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            parameters: { 'field.delim': '\u0001', 'serialization.format': '\u0001' },
          },
        },
      },
    });
    lines.addResourceDependency(database);
    const inDatabase = (name: string) => `${this.database}.${name}`;
    this.addView('events', archivedEvents(inDatabase('lines')), lines);
    for (const name of Object.keys(eventTables)) this.addView(name, athenaTable(name, undefined, inDatabase), lines);
  }

  /** A view as Athena keeps it in the catalogue: its text and columns as JSON, packed in a comment. */
  private addView(name: string, { select, columns }: AthenaTable, over: CfnTable): void {
    const view = {
      originalSql: select,
      catalog: 'awsdatacatalog',
      schema: this.database,
      columns: columns.map((column) => ({ name: column.name, type: column.type })),
    };
    const table = new CfnTable(this, `View-${name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database,
      tableInput: {
        name,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString('base64')} */`,
        viewExpandedText: '/* Presto View */',
        storageDescriptor: {
          columns: columns.map((column) => ({ name: column.name, type: HIVE[column.type] })),
          serdeInfo: {},
        },
      },
    });
    table.addResourceDependency(over);
  }

  private addWorkgroup(stage: Stage, data: DataStack): void {
    new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      description: 'Questions to the archive that are more than one function can carry',
      recursiveDeleteOption: !stage.keepsData,
      workGroupConfiguration: {
        // What somebody sets for the own query counts for nothing.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_SCANNED,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${data.exchange.bucketName}/${ANSWERS_PREFIX}`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: data.key.keyArn },
        },
      },
    });
  }

  /** For a role of somebody who may ask: nobody has it by deploying. Reading past the platform is not in its own record of reads. */
  private addRights(data: DataStack): void {
    const policy = new ManagedPolicy(this, 'AskArchive', {
      description: 'Questions to the archive of Aidwatch by Athena; every query is recorded by CloudTrail, not by the platform',
    });
    const stack = Stack.of(this);
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName === undefined ? {} : { resourceName }) });
    const workgroup = stack.formatArn({
      service: 'athena',
      resource: 'workgroup',
      resourceName: this.workgroup,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    policy.addStatements(
      new PolicyStatement({
        actions: [
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetWorkGroup',
        ],
        resources: [workgroup],
      }),
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
        resources: [glue('catalog'), glue('database', this.database), glue('table', `${this.database}/*`)],
      }),
      new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [data.archive.bucketArn, data.exchange.bucketArn] }),
    );
    allowReading(data.archive, policy, ['archive/day=']);
    allowReading(data.exchange, policy, [ANSWERS_PREFIX]);
    allowWriting(data.exchange, policy, [ANSWERS_PREFIX]);
  }
}
