import type { Role } from '../../shared/access/principal.ts';
import { NotFoundError } from '../../shared/ports/errors.ts';
import { ClosePeriod, MakeReport } from '../../shared/ports/queue-messages.ts';
import type { ReportFiles } from '../../shared/ports/report-job-store.ts';
import { workClosing } from '../../shared/reports/close-period.ts';
import { type MakingDeps, makeReport } from '../../shared/reports/make-report.ts';
import type { ReportRequest } from '../../shared/reports/permitted-question.ts';
import { askReport, type ReportDeskDeps, type ReportView, readReport } from '../../shared/reports/report-desk.ts';
import type { ReportPullId } from '../../shared/reports/report-job.ts';
import { RememberedReportJobs } from './report-jobs.ts';
import { Reporting, wholeOf } from './reporting.ts';

/** Where reports are asked for and made, over an archive of given events; all in this process. */
export class ReportOffice {
  readonly reporting = new Reporting();
  readonly jobs = new RememberedReportJobs();
  readonly stored = new Map<string, Uint8Array>();
  /** How often the archive was asked. */
  computed = 0;
  #asked = 0;

  readonly files: ReportFiles = {
    read: (key) => this.#read(key),
    write: async (key, body) => void this.stored.set(key, await wholeOf(body)),
    list: (prefix) => this.#list(prefix),
    remove: async (key) => this.stored.delete(key),
  };

  readonly making: MakingDeps = {
    ...this.reporting.deps,
    engine: {
      open: (snapshot, query) => {
        this.computed += 1;
        return this.reporting.deps.engine.open(snapshot, query);
      },
    },
    jobs: this.jobs,
    files: this.files,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    metrics: { count: () => {} },
    pause: async () => {},
  };

  readonly desk: ReportDeskDeps = {
    reports: this.reporting.deps.reports,
    jobs: this.jobs,
    eventLog: this.reporting.deps.eventLog,
    clock: this.reporting.deps.clock,
    retention: [],
    pause: async () => {},
  };

  /** Asks for the visit ledger of March, unless said otherwise. */
  async ask(wanted: Partial<ReportRequest> = {}, role: Role = 'auditor', areas = ['']): Promise<ReportView> {
    this.#asked += 1;
    const march = { report: 'visit-ledger', from: '2024-03-01', to: '2024-03-31', format: 'csv' } as ReportRequest;
    return askReport(this.desk, this.reporting.access(role, areas), { ...march, ...wanted }, `key-${this.#asked}`);
  }

  /** Works every message sent so far, once. */
  async work(deps: Partial<MakingDeps> = {}): Promise<void> {
    for (const { body } of this.jobs.messages.splice(0)) {
      await makeReport({ ...this.making, ...deps }, MakeReport.parse(JSON.parse(body)));
    }
    for (const { body } of this.reporting.periods.messages.splice(0)) {
      await workClosing(this.reporting.deps, ClosePeriod.parse(JSON.parse(body)));
    }
  }

  /** How a report is, for whoever asked for it. */
  see({ id, by }: ReportView, role: Role = 'auditor', areas = ['']): Promise<ReportView> {
    return readReport(this.desk, { id: by, roles: [role], areas, departments: [] }, id as ReportPullId);
  }

  /** The text of a report's file: its rows, or its cover. */
  text({ id, files }: ReportView, ending: string): string {
    const file = files.find(({ name }) => name.endsWith(ending));
    return Buffer.from(this.stored.get(`reports/${id}/${file?.name}`) ?? []).toString('utf8');
  }

  async *#read(key: string): AsyncGenerator<Uint8Array> {
    const bytes = this.stored.get(key);
    if (bytes === undefined) throw new NotFoundError('none');
    // In pieces that break lines and characters apart.
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }

  async *#list(prefix: string) {
    for (const [key, bytes] of [...this.stored].filter(([name]) => name.startsWith(prefix)).sort()) {
      yield { key, size: bytes.length, version: '1', lastModified: this.reporting.now };
    }
  }

  close(): void {
    this.reporting.close();
  }
}
