import { type ArchiveVerdict, verifyRemembering } from '../../audit/verify-archive.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../ports/report-engine.ts';
import type { VerifiedDays } from '../../ports/verified-days.ts';
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

  verify({ head }: ArchiveSnapshot): Promise<ArchiveVerdict> {
    return verifyRemembering(this.#archive, head, this.#verified);
  }
}
