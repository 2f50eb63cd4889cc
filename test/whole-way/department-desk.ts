import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeGb18030 } from '../../shared/intake/gb18030-encoder.ts';
import { type Finished, jsonLines, runCli } from './run-cli.ts';

/** A line of `ingest --json`, as the contract has it. */
export interface IngestLine {
  readonly file: string;
  readonly feed: string;
  readonly period: string;
  readonly status: 'accepted' | 'partly' | 'refused' | 'duplicate';
  readonly encoding: string | null;
  readonly rows: { readonly read: number; readonly accepted: number; readonly duplicate: number; readonly rejected: number };
  readonly totals: Readonly<Record<string, number>>;
  readonly errors: readonly {
    readonly row: number | null;
    readonly column: string | null;
    readonly code: string;
    readonly message: { readonly zh: string; readonly en: string };
  }[];
  readonly storedAs: string;
  readonly fixItFile: string | null;
}

/** The part of a line of `warnings --json` these tests look at. */
export interface WarningLine {
  readonly id: string;
  readonly household: string;
  readonly area: string;
  readonly family: string;
  readonly grade: string;
  readonly status: 'open' | 'withdrawn' | 'handled';
  readonly withdrawal: string | null;
  readonly openedAt: string;
  readonly category: string;
  readonly points: { readonly low: number; readonly high: number };
  readonly completeness: number;
  readonly reasons: readonly {
    readonly indicator: string;
    readonly result: 'hit' | 'miss' | 'unknown';
    readonly value: number | null;
    readonly line: number | null;
    readonly points: number;
    readonly evidence: readonly {
      readonly feed: string;
      readonly file: string | null;
      readonly row: number;
      readonly date: string;
      readonly amount: number | null;
    }[];
    readonly text: { readonly zh: string; readonly en: string };
  }[];
}

/** What is sent: text (as UTF-8) or bytes. */
export type Content = string | Uint8Array;

/** Text in the encoding of most department systems. */
export function gbk(text: string): Buffer {
  return Buffer.from(encodeGb18030(text));
}

/** A department's outbox beside a county's data directory, worked through the command line only. */
export class DepartmentDesk {
  readonly #root: string;
  #sent = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(): Promise<DepartmentDesk> {
    return new DepartmentDesk(await mkdtemp(join(tmpdir(), 'aidwatch-desk-')));
  }

  get dataDir(): string {
    return join(this.#root, 'data');
  }

  /** Writes files below a fresh folder and answers the folder. */
  async folder(files: Readonly<Record<string, Content>>): Promise<string> {
    this.#sent += 1;
    const folder = join(this.#root, `sent-${this.#sent}`);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  /** Runs a command on this county at a moment. */
  run(args: readonly string[], now: string): Promise<Finished> {
    return runCli([...args, '--data', this.dataDir, '--now', now]);
  }

  /** Sends files in one run; the answer lists one line per file. */
  async send(
    files: Readonly<Record<string, Content>>,
    now: string,
  ): Promise<{ code: number | null; lines: IngestLine[]; of: (path: string) => IngestLine; stderr: string }> {
    const finished = await this.run(['ingest', await this.folder(files), '--json'], now);
    const lines = jsonLines<IngestLine>(finished);
    const of = (path: string): IngestLine => {
      const line = lines.find((one) => one.file === path);
      if (line === undefined) throw new Error(`no answer to ${path}: ${finished.stderr}`);
      return line;
    };
    return { code: finished.code, lines, of, stderr: finished.stderr };
  }

  async warnings(now: string): Promise<WarningLine[]> {
    return jsonLines<WarningLine>(await this.run(['warnings', '--json'], now));
  }

  /** A file of the data directory, such as a receipt or a fix-it file. */
  read(key: string): Promise<Buffer> {
    return readFile(join(this.dataDir, key));
  }

  close(): Promise<void> {
    return rm(this.#root, { recursive: true, force: true });
  }
}
