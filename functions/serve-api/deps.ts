import { randomUUID } from 'node:crypto';
import { dynamoAuditFindingStore } from '../../shared/adapters/aws/audit-finding-store.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdReads } from '../../shared/adapters/aws/household-reads.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { dynamoPeriodStore } from '../../shared/adapters/aws/period-store.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { dynamoReportJobStore } from '../../shared/adapters/aws/report-job-store.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { dynamoStaffDirectory } from '../../shared/adapters/aws/staff-directory.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { s3DownloadLinks, s3UploadLinks } from '../../shared/adapters/aws/upload-links.ts';
import { sealedFindings } from '../../shared/audit/sealed-findings.ts';
import { sealedCases } from '../../shared/casework/sealed-cases.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { sealedNotices } from '../../shared/corrections/sealed-notices.ts';
import { pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { sealerUnder } from '../../shared/registry/sealing.ts';
import { reasonTextOf } from '../../shared/warnings/reason-text.ts';
import { bundledPacks } from '../bundled-packs.ts';
import { bundledParameters } from '../bundled-parameters.ts';
import { caseworkOf } from '../casework-parts.ts';
import { EnvName } from '../env-names.ts';
import { pauseAfterConflict } from '../pause-after-conflict.ts';
import { rulePacks } from '../rule-packs.ts';
import { clockFor } from '../trial-clock.ts';
import type { ApiDeps } from './api-deps.ts';
import { principalOfAuthorizer } from './authorizer-claims.ts';
import { bundledOpenApi } from './bundled-openapi.ts';
import { bundledReaderPage } from './bundled-reader-page.ts';
import type { Env } from './env.ts';
import { VERSION } from './version.ts';

/** Connects the function to AWS; once per start. */
export async function connect(env: Env, telemetry: Telemetry): Promise<ApiDeps> {
  const keys = await loadKeys(env[EnvName.KeysSecret]);
  const table = openTable({ tableName: env[EnvName.Table] });
  const bucket = env[EnvName.ExchangeBucket];
  const forLinks = connectS3(process.env, true);
  const packsFor = rulePacks(bundledPacks(env[EnvName.PacksDir]), env[EnvName.AreaPacks], catalog);
  const sealer = sealerUnder(keys.dataKeys);
  const households = {
    catalog,
    clock: clockFor(env, telemetry.log),
    registry: dynamoHouseholdRegistry(table),
    facts: dynamoFactStore(table),
    cases: sealedCases(dynamoCaseStore(table), sealer),
  };
  return {
    ...households,
    pseudonyms: pseudonymsOf(keys.pseudonymSecret),
    sealer,
    vault: dynamoIdentityVault(table),
    standings: dynamoStandingStore(table),
    tallies: dynamoTallyStore(table),
    corrections: sealedNotices(dynamoCorrectionStore(table), sealer),
    findings: sealedFindings(dynamoAuditFindingStore(table), sealer),
    archive: s3EventArchive(connectS3(process.env), env[EnvName.ArchiveBucket], table),
    staff: dynamoStaffDirectory(table),
    ...caseworkOf({ ...households, packsFor, parameters: bundledParameters(env[EnvName.Parameters]), pause: pauseAfterConflict }),
    files: dynamoFileRegister(table),
    eventLog: dynamoEventLog(table),
    reads: dynamoHouseholdReads(table),
    exchange: s3ObjectStore(connectS3(process.env), bucket),
    links: s3UploadLinks(forLinks, bucket),
    downloads: s3DownloadLinks(forLinks, bucket),
    periods: dynamoPeriodStore(table),
    reportJobs: dynamoReportJobStore(table),
    reasonText: reasonTextOf(packsFor),
    authenticate: async (_, bindings) => principalOfAuthorizer(bindings),
    newId: randomUUID,
    log: telemetry.log,
    metrics: telemetry.metrics,
    version: VERSION,
    openApi: async (language) => bundledOpenApi(language),
    readerPage: bundledReaderPage(),
  };
}
