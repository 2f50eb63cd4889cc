import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, type Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type ILayerVersion, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { metricNamespace, type Stage } from '../stages.ts';
import { bundle } from './function-bundling.ts';
import { type AlarmRoute, ImpactAlarm } from './impact-alarm.ts';

interface ServiceFunctionProps {
  readonly stage: Stage;
  readonly route: AlarmRoute;
  /** Folder below functions/. */
  readonly folder: string;
  readonly description: string;
  readonly timeout: Duration;
  /** MB; 1,769 is one whole processor. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Asks what time it is, so that a trial may set it. */
  readonly clock?: true;
  /** Puts the rule packs beside the code, as JSON. */
  readonly packs?: true;
  /** Puts the OpenAPI document beside the code, in each language. */
  readonly openApi?: true;
  /** Puts the queries of reports beside the code, as JSON. */
  readonly queries?: true;
  /** What is too large for a bundle. */
  readonly layer?: ILayerVersion;
  /** Room for files while it works; 512 MB unless said otherwise. */
  readonly temporaryStorage?: Size;
  /** Puts the parameters of areas beside the code, where the stage has any. */
  readonly parameters?: true;
  /**
   * What it failed on is tried again only after more than two periods of its alarm, so that the first error must sound it: errors
   * in one period after the other, which tell of a fault that stays and not of a hiccup, never come.
   */
  readonly triedAgainLate?: true;
  /** Who is hurt when it fails. */
  readonly errorImpact: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A function of the platform with the settings all of them share, its log group and its error alarm. */
export class ServiceFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const parameters = props.parameters === true ? props.stage.parameters : undefined;
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.stage.logRetention,
      removalPolicy: props.stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] }),
    );
    this.function = new NodejsFunction(this, 'Function', {
      role,
      entry: `${root}functions/${props.folder}/index.ts`,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      handler: 'handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: props.stage.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      timeout: props.timeout,
      memorySize: props.memory,
      ...(props.temporaryStorage === undefined ? {} : { ephemeralStorageSize: props.temporaryStorage }),
      ...(props.layer === undefined ? {} : { layers: [props.layer] }),
      loggingFormat: LoggingFormat.JSON,
      logGroup: this.logGroup,
      environment: {
        ...props.environment,
        ...(parameters === undefined ? {} : { [EnvName.Parameters]: PARAMETERS }),
        ...(props.queries === true ? { [EnvName.Queries]: QUERIES } : {}),
        ...(props.clock && props.stage.trialClock !== undefined ? { [EnvName.TrialClock]: props.stage.trialClock } : {}),
        POWERTOOLS_SERVICE_NAME: props.folder,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace(props.stage),
      },
      bundling: {
        target: bundle.target,
        format: OutputFormat.ESM,
        minify: bundle.minify,
        keepNames: bundle.keepNames,
        mainFields: [...bundle.mainFields],
        banner: bundle.banner,
        esbuildArgs: {
          // The construct's own setting of the charset never reaches esbuild: texts went out as escapes, twice as long.
          '--charset': bundle.charset,
          ...Object.fromEntries(Object.entries(bundle.alias).map(([name, file]) => [`--alias:${name}`, file])),
        },
        externalModules: [],
        bundleAwsSDK: true,
        // Maps are kept with the deployment to read a stack by hand; loading them at run time costs memory and time.
        sourceMap: true,
        sourceMapMode: SourceMapMode.EXTERNAL,
        sourcesContent: false,
        commandHooks: hooksFor(props, parameters),
      },
    });
    new ImpactAlarm(this, 'Errors', {
      route: props.route,
      metric: this.function.metricErrors({ period: Duration.minutes(5) }),
      above: 0,
      periods: props.triedAgainLate === true ? 1 : 2,
      errorImpact: props.errorImpact,
      section: 'function-errors',
    });
  }
}

const PARAMETERS = 'parameters.json';
const QUERIES = 'queries.json';

/** What is put beside the code once it is bundled. */
function hooksFor(
  { packs, openApi, queries }: Pick<ServiceFunctionProps, 'packs' | 'openApi' | 'queries'>,
  parameters: string | undefined,
): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (inputDir, outputDir) => [
      ...(packs === true
        ? [`node "${inputDir}/infra/constructs/write-packs.ts" "${inputDir}/shared/scoring/packs" "${outputDir}/packs"`]
        : []),
      ...(openApi === true ? [`node "${inputDir}/infra/constructs/write-openapi.ts" "${outputDir}"`] : []),
      ...(queries === true ? [`node "${inputDir}/infra/constructs/write-queries.ts" "${outputDir}/${QUERIES}"`] : []),
      ...(parameters === undefined
        ? []
        : [`node "${inputDir}/infra/constructs/write-parameters.ts" "${parameters}" "${outputDir}/${PARAMETERS}"`]),
    ],
  };
}
