import type { Principal } from '../../shared/access/principal.ts';
import type { RootsArchive } from '../../shared/audit/finished-roots.ts';
import type { AuditFindingStore } from '../../shared/ports/audit-finding-store.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import type { CorrectionStore } from '../../shared/ports/correction-store.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import type { HouseholdReads } from '../../shared/ports/household-reads.ts';
import type { Log, Metrics } from '../../shared/ports/log.ts';
import type { DownloadLinks, ObjectStore, UploadLinks } from '../../shared/ports/object-store.ts';
import type { PeriodStore } from '../../shared/ports/period-store.ts';
import type { ReportJobStore } from '../../shared/ports/report-job-store.ts';
import type { StaffDirectory } from '../../shared/ports/staff-directory.ts';
import type { StandingStore } from '../../shared/ports/standing-store.ts';
import type { TallyStore } from '../../shared/ports/tally-store.ts';
import type { HouseholdReading } from '../../shared/registry/household-reading.ts';
import type { Casework } from '../casework-parts.ts';
import type { Language } from './language.ts';
import type { ReaderPage } from './reader-page.ts';

/** Takes a file sent straight to this host by a link of its own; the cloud's links go to the bucket instead. */
export interface DirectUpload {
  /** Throws PermanentError `upload-link-invalid` or `upload-too-large`; nothing of a refused file is kept. */
  receive(token: string, body: ReadableStream<Uint8Array> | null): Promise<{ readonly file: string; readonly size: number }>;
}

/** Something a signed-in user watches. */
export interface WatchedPlace {
  readonly user: string;
  /** The position the client has seen, when it comes again. */
  readonly seen: string | undefined;
  /** The client's request; aborted when it goes away. */
  readonly signal: AbortSignal;
  /** The position now; undefined once the sign-in has ended. */
  look(): Promise<string | undefined>;
}

/** Answers that stay open and tell of changes as they come. */
export interface ChangeStreams {
  /** Undefined when the user, or everybody together, holds as many open as may be. */
  watch(place: WatchedPlace): Response | undefined;
}

/** What the API needs; the same on both hosts. */
export interface ApiDeps extends HouseholdReading, Casework {
  readonly standings: StandingStore;
  readonly cases: CaseStore;
  readonly tallies: TallyStore;
  readonly corrections: CorrectionStore;
  readonly findings: AuditFindingStore;
  readonly periods: PeriodStore;
  readonly reportJobs: ReportJobStore;
  readonly archive: RootsArchive;
  readonly staff: StaffDirectory;
  readonly reads: HouseholdReads;
  readonly files: Pick<FileRegister, 'list' | 'get' | 'getMany' | 'deliveries'>;
  /** Store of inbox, receipts, fix-it files, attachments and reports. */
  readonly exchange: Pick<ObjectStore, 'info' | 'read' | 'write'>;
  readonly links: UploadLinks;
  readonly directUpload?: DirectUpload;
  /** Where large files are had from the store itself; without it they go through the API. */
  readonly downloads?: DownloadLinks;
  /** Only where the host can keep an answer open; elsewhere changes are polled for. */
  readonly streams?: ChangeStreams;
  /** The signed-in user of a request, its token already or hereby verified; undefined when there is none. */
  authenticate(request: Request, env: unknown): Promise<Principal | undefined>;
  /** A fresh unique id for a request. */
  newId(): string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
  /** The OpenAPI document in a language, as JSON text: made on one machine, deployed beside the code in the cloud. */
  openApi(language: Language): Promise<string>;
  /** The page that shows the document. */
  readonly readerPage: ReaderPage;
}
