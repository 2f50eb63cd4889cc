import { type ArchiveVerdict, verifyArchive } from '../../audit/verify-archive.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../ports/report-engine.ts';
import type { VerifiedDay, VerifiedDays } from '../../ports/verified-days.ts';
import { openScratchFolder } from '../scratch-folder.ts';
import type { FolderEventArchive } from './folder-event-archive.ts';

/** What the archive of one machine is read for reports with. */
export interface FolderReports {
  readonly archive: FolderEventArchive;
  readonly verified: VerifiedDays;
  /** Where copies lie while a report is made, each in a folder of its own. */
  readonly scratch: string;
}

/** The archive of a county on one machine, for reports. Days found whole are remembered: of them only the bytes are compared. */
export class FolderReportArchive implements ReportArchive {
  readonly #archive: FolderEventArchive;
  readonly #verified: VerifiedDays;
  readonly #scratch: string;
  constructor({ archive, verified, scratch }: FolderReports) {
    this.#archive = archive;
    this.#verified = verified;
    this.#scratch = scratch;
  }

  async snapshot(): Promise<ArchiveSnapshot> {
    const scratch = openScratchFolder(this.#scratch);
    try {
      const { head, files } = await this.#archive.snapshot(scratch.path);
      return { head, files, release: async () => scratch.close() };
    } catch (error) {
      scratch.close();
      throw error;
    }
  }

  async verify({ head }: ArchiveSnapshot): Promise<ArchiveVerdict> {
    const verified = new Map((await this.#verified.all()).map((one) => [one.day, one]));
    const found: VerifiedDay[] = [];
    const verdict = await verifyArchive(this.#archive, { head, verified, onVerified: (day) => found.push(day) });
    if (verdict.ok && found.length > 0) await this.#verified.keep(found);
    return verdict;
  }
}
