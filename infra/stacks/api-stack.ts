import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { CfnUserPoolGroup, ClientAttributes, Mfa, StringAttribute, UserPool } from 'aws-cdk-lib/aws-cognito';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { EnvName } from '../../functions/env-names.ts';
import { roles } from '../../shared/access/principal.ts';
import {
  allowBatches,
  allowReading,
  allowSecret,
  allowTable,
  allowWriting,
  tableRead,
  tableWrite,
} from '../constructs/data-rights.ts';
import { type AlarmRoute, ImpactAlarm } from '../constructs/impact-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';

/** What anybody may fetch without signing in: nothing about a person or a file. */
const openPaths = ['/', '/api/v1/docs', '/api/v1/health', '/api/v1/openapi.json'] as const;

/** The way in for people and other systems: sign-in, HTTP API and the function behind it. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage, data: DataStack, route: AlarmRoute) {
    super(scope, id, { terminationProtection: stage.keepsData, description: `Aidwatch ${stage.name}: sign-in and HTTP API` });
    const serve = new ServiceFunction(this, 'ServeApi', {
      stage,
      route,
      folder: 'serve-api',
      clock: true,
      description: 'Answers the HTTP API under /api/v1',
      timeout: Duration.seconds(29),
      memory: 1024,
      environment: {
        [EnvName.Table]: data.table.tableName,
        [EnvName.ExchangeBucket]: data.exchange.bucketName,
        [EnvName.ArchiveBucket]: data.archive.bucketName,
        [EnvName.KeysSecret]: data.keysSecret.secretArn,
        [EnvName.PacksDir]: 'packs',
        [EnvName.AreaPacks]: JSON.stringify(stage.areaPacks),
      },
      packs: true,
      openApi: true,
      parameters: true,
      errorImpact: 'Caseworkers and departments get errors instead of pages.',
    });
    // Writes: every read of personal data is written down before it is answered.
    allowTable(data.table, serve.function, [...tableRead, ...tableWrite]);
    allowBatches(data.table, serve.function, ['EV#*', 'HR#*']);
    allowReading(data.exchange, serve.function, ['receipts/', 'rejects/', 'attachments/', 'reports/']);
    allowWriting(data.exchange, serve.function, ['inbox/', 'attachments/']);
    allowReading(data.archive, serve.function, ['archive/roots/']);
    allowSecret(data.keysSecret, serve.function);

    const api = new HttpApi(this, 'Http', { description: `Aidwatch ${stage.name}` });
    const integration = new HttpLambdaIntegration('Serve', serve.function);
    api.addRoutes({ path: '/api/v1/{proxy+}', methods: [HttpMethod.ANY], integration, authorizer: this.signIn(stage) });
    for (const path of openPaths) api.addRoutes({ path, methods: [HttpMethod.GET], integration });
    this.limitAndLog(stage, api);

    new ImpactAlarm(this, 'Failures', {
      route,
      metric: api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: 0,
      periods: 2,
      errorImpact: 'Caseworkers and departments get errors instead of pages.',
      section: 'api-errors',
    });
    new CfnOutput(this, 'ApiId', { value: api.apiId });
    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint });
  }

  private signIn(stage: Stage): HttpJwtAuthorizer {
    if (stage.signIn.kind === 'oidc') {
      return new HttpJwtAuthorizer('Jwt', stage.signIn.issuer, { jwtAudience: [stage.signIn.audience] });
    }
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      mfa: stage.secondFactor === 'required' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // What the policy layer reads: area code prefixes and, for department officers, their departments.
      customAttributes: {
        areas: new StringAttribute({ mutable: true, maxLen: 2048 }),
        departments: new StringAttribute({ mutable: true, maxLen: 2048 }),
      },
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const role of roles) {
      new CfnUserPoolGroup(this, `Role-${role}`, { userPoolId: pool.userPoolId, groupName: role });
    }
    const client = pool.addClient('Console', {
      authFlows: { userSrp: true, adminUserPassword: !stage.keepsData },
      preventUserExistenceErrors: true,
      // Without these two lists a signed-in user may write the own areas and departments, which decide what they may see.
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ fullname: true })
        .withCustomAttributes('areas', 'departments'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ fullname: true }),
      idTokenValidity: Duration.hours(8),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(1),
    });
    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId });
    new CfnOutput(this, 'ClientId', { value: client.userPoolClientId });
    return new HttpJwtAuthorizer('Jwt', `https://cognito-idp.${this.region}.${this.urlSuffix}/${pool.userPoolId}`, {
      jwtAudience: [client.userPoolClientId],
    });
  }

  private limitAndLog(stage: Stage, api: HttpApi): void {
    const access = new LogGroup(this, 'Access', {
      retention: stage.logRetention,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const defaultStage = api.defaultStage?.node.defaultChild;
    if (!(defaultStage instanceof CfnStage)) return;
    defaultStage.defaultRouteSettings = { throttlingBurstLimit: 200, throttlingRateLimit: 100 };
    defaultStage.accessLogSettings = {
      destinationArn: access.logGroupArn,
      // The route, not the path: paths carry household ids, and a search text must never be logged.
      format: JSON.stringify({
        at: '$context.requestTimeEpoch',
        request: '$context.requestId',
        route: '$context.routeKey',
        status: '$context.status',
        ms: '$context.responseLatency',
        user: '$context.authorizer.claims.sub',
      }),
    };
  }
}
