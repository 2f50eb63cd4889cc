import { join } from 'node:path';
import { instantOf } from '../../calendar/plain-date.ts';
import type { Clock } from '../../ports/clock.ts';
import { SqliteAuditFindingStore } from './audit-finding-store.ts';
import { SqliteCaseStore } from './case-store.ts';
import { SqliteCaseWorkflow } from './case-workflow.ts';
import { copyCounty } from './copy-county.ts';
import { SqliteCorrectionStore } from './correction-store.ts';
import { EmbeddedDatabase } from './database.ts';
import { EmbeddedExpiredData } from './expired-data.ts';
import { SqliteFactStore } from './fact-store.ts';
import { SqliteFileRegister } from './file-register.ts';
import { ARCHIVE_FOLDER, FolderEventArchive } from './folder-event-archive.ts';
import { FolderObjectStore } from './folder-object-store.ts';
import { SqliteHouseholdReads } from './household-reads.ts';
import { SqliteHouseholdRegistry } from './household-registry.ts';
import { SqliteIdentityVault } from './identity-vault.ts';
import { SqliteKeptFacts } from './kept-facts.ts';
import { EventOutbox, SqliteEventLog } from './outbox.ts';
import { SqlitePeriodStore } from './period-store.ts';
import { SqliteQueue } from './queue.ts';
import { SqliteReportJobStore } from './report-job-store.ts';
import { SqliteSealedTexts } from './sealed-texts.ts';
import { SqliteStaffDirectory } from './staff-directory.ts';
import { SqliteStandingStore } from './standing-store.ts';
import { SqliteTallyStore } from './tally-store.ts';
import { SqliteVerifiedDays } from './verified-days.ts';
import type { WriteTurn } from './write-turn.ts';

/** Where departments' files, the answers to them and reports lie, below the data directory. */
export const EXCHANGE_FOLDERS = ['inbox', 'receipts', 'rejects', 'attachments', 'reports'];

/** Every adapter of a county on one machine, over one data directory. */
export interface Embedded {
  readonly objects: FolderObjectStore;
  readonly files: SqliteFileRegister;
  readonly facts: SqliteFactStore;
  readonly keptFacts: SqliteKeptFacts;
  readonly households: SqliteHouseholdRegistry;
  readonly standings: SqliteStandingStore;
  readonly cases: SqliteCaseStore;
  readonly corrections: SqliteCorrectionStore;
  readonly findings: SqliteAuditFindingStore;
  readonly periods: SqlitePeriodStore;
  readonly reportJobs: SqliteReportJobStore;
  readonly staff: SqliteStaffDirectory;
  readonly identities: SqliteIdentityVault;
  readonly sealed: SqliteSealedTexts;
  readonly expired: EmbeddedExpiredData;
  readonly queue: SqliteQueue;
  readonly workflow: SqliteCaseWorkflow;
  readonly eventLog: SqliteEventLog;
  readonly reads: SqliteHouseholdReads;
  readonly outbox: EventOutbox;
  readonly archive: FolderEventArchive;
  readonly verifiedDays: SqliteVerifiedDays;
  readonly tallies: SqliteTallyStore;
  /** Keeps all changes of `work` in one transaction. Only in a thread that does nothing else meanwhile; see EmbeddedDatabase. */
  together<T>(work: () => Promise<T>): Promise<T>;
  /** Writes the database file anew without remains of what was deleted; nobody else can write meanwhile. */
  rewrite(): void;
  /** Copies the database and the archive, as far as the copied database knows it, into a folder; others work on meanwhile. */
  copyInto(folder: string): Promise<void>;
  /** Lets what waits by a clock that was ahead, and is put right now, be gone on with: at a start, and when the clock goes back. */
  followClock(): Promise<void>;
  /** What the database file says is wrong with it; undefined when every page is as it must be. Reads all of it. */
  damage(): string | undefined;
  close(): void;
}

/** What may be set when opening. */
export interface EmbeddedOptions {
  /** Milliseconds since 1970 for message visibility: real time, not the clock of the data. */
  readonly nowMs?: () => number;
  /** The turn to write, where several threads of this process have the stores open. */
  readonly turn?: WriteTurn;
  /** The clock of the data, by which cases wait; the machine's when absent. */
  readonly clock?: Clock;
}

/**
 * Opens or creates the stores below `dataDir`: the database, the exchange folders `inbox/ receipts/ rejects/` as object
 * keys directly below it, and `archive/`. The caller closes it. Several processes may have it open at once.
 */
export function openEmbedded(dataDir: string, options: EmbeddedOptions = {}): Embedded {
  const database = new EmbeddedDatabase(dataDir, options.turn);
  const nowMs = options.nowMs ?? Date.now;
  const clock = options.clock ?? { now: () => instantOf(Date.now()) };
  const queue = new SqliteQueue(database, nowMs);
  const workflow = new SqliteCaseWorkflow(database, { clock, nowMs });
  const objects = new FolderObjectStore(dataDir, EXCHANGE_FOLDERS);
  return {
    objects,
    files: new SqliteFileRegister(database),
    facts: new SqliteFactStore(database),
    keptFacts: new SqliteKeptFacts(database),
    households: new SqliteHouseholdRegistry(database),
    standings: new SqliteStandingStore(database, queue),
    cases: new SqliteCaseStore(database, queue),
    corrections: new SqliteCorrectionStore(database),
    findings: new SqliteAuditFindingStore(database),
    periods: new SqlitePeriodStore(database, queue),
    reportJobs: new SqliteReportJobStore(database, queue),
    staff: new SqliteStaffDirectory(database),
    identities: new SqliteIdentityVault(database),
    sealed: new SqliteSealedTexts(database),
    expired: new EmbeddedExpiredData(database, objects),
    queue,
    workflow,
    eventLog: new SqliteEventLog(database),
    reads: new SqliteHouseholdReads(database),
    outbox: new EventOutbox(database),
    tallies: new SqliteTallyStore(database),
    archive: new FolderEventArchive(database, join(dataDir, ARCHIVE_FOLDER)),
    verifiedDays: new SqliteVerifiedDays(database),
    together: (work) => database.together(work),
    rewrite: () => database.rewrite(),
    copyInto: (folder) => copyCounty(database, dataDir, folder),
    async followClock() {
      await queue.followClock();
      workflow.followClock();
    },
    damage: () => database.damage(),
    close: () => database.close(),
  };
}
