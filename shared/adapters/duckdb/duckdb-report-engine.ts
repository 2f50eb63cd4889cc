import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import type { Period } from '../../calendar/period.ts';
import type { Instant } from '../../calendar/plain-date.ts';
import { PermanentError } from '../../ports/errors.ts';
import type {
  Adjustment,
  ArchiveSnapshot,
  EventScope,
  PeriodClosing,
  ReportEngine,
  ReportQuery,
  ReportRow,
  ReportRun,
  ReportValue,
} from '../../ports/report-engine.ts';
import { parametersRow, workDayRows } from '../../reports/event-sql.ts';
import { tablesNamed } from '../../reports/event-tables.ts';
import { openScratchFolder } from '../scratch-folder.ts';
import { countEvents, loadTables, MACROS } from './event-tables.ts';

/** What the engine may use of the machine. */
export interface DuckDbLimits {
  /** Beyond it rows go to `tempFolder`, e.g. `600MB`. */
  readonly memory: string;
  readonly threads: number;
  /** Each run has a folder of its own there, removed with it; a killed one's is removed by the next. */
  readonly tempFolder: string;
}

/**
 * Reports by DuckDB, in this process, over files of the archive. Each run has a database of its own, in a file: there the
 * columns lie packed, and leave memory without being written again.
 */
export class DuckDbReportEngine implements ReportEngine {
  readonly #limits: DuckDbLimits;
  constructor(limits: DuckDbLimits) {
    this.#limits = limits;
  }

  async open(snapshot: ArchiveSnapshot, query: ReportQuery): Promise<ReportRun> {
    const { memory, threads, tempFolder } = this.#limits;
    // Loaded with the first report: the engine takes tens of megabytes that no other command needs.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const scratch = openScratchFolder(tempFolder);
    const opened: { closeSync(): void }[] = [];
    const close = async () => {
      for (const one of opened.reverse()) one.closeSync();
      scratch.close();
    };
    try {
      const instance = await DuckDBInstance.create(join(scratch.path, 'events.duckdb'), {
        memory_limit: memory,
        threads: String(threads),
        temp_directory: join(scratch.path, 'rows'),
        preserve_insertion_order: 'false',
        // Packs texts more cheaply than what older versions of the engine could read.
        storage_compatibility_version: 'latest',
        // Nothing is fetched from anywhere: what reports need is built in.
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      opened.push(instance);
      const connection = await instance.connect();
      opened.push(connection);
      await prepare(connection, snapshot, query);
      return new DuckDbRun(connection, query, close);
    } catch (error) {
      await close();
      throw readable(error);
    }
  }
}

async function prepare(connection: DuckDBConnection, { files, head }: ArchiveSnapshot, query: ReportQuery): Promise<void> {
  const { parameters, days, sql } = query;
  // The file goes with the run; nobody needs it whole.
  await connection.run('PRAGMA disable_checkpoint_on_shutdown');
  const reads = [...query.reads, 'period.closed' as const];
  const load = loadTables(files, { wanted: tablesNamed([sql, CLOSINGS, PACKS]), reads, upTo: head.number });
  for (const statement of [...MACROS, ...load]) await connection.run(statement);
  await connection.run(`CREATE TABLE params AS ${parametersRow(parameters)}`);
  await connection.run('CREATE TABLE work_days (day VARCHAR, working BOOLEAN, total BIGINT)');
  if (days.length > 0) await connection.run(`INSERT INTO work_days VALUES ${workDayRows(days)}`);
}

const CLOSINGS = 'SELECT number, period, area, up_to, actor, moment FROM closing_events ORDER BY number';
const PACKS = "SELECT DISTINCT concat(pack, ' ', pack_version) AS pack FROM pack_events ORDER BY pack";

class DuckDbRun implements ReportRun {
  readonly #connection: DuckDBConnection;
  readonly #query: ReportQuery;
  readonly #close: () => Promise<void>;
  constructor(connection: DuckDBConnection, query: ReportQuery, close: () => Promise<void>) {
    this.#connection = connection;
    this.#query = query;
    this.#close = close;
  }

  async closings(): Promise<readonly PeriodClosing[]> {
    return (await this.#all(CLOSINGS)).map((row) => storedClosing.parse(row));
  }

  async packs({ upTo }: EventScope): Promise<readonly string[]> {
    await this.#count({ upTo });
    return (await this.#all(PACKS)).map(([pack]) => String(pack));
  }

  async *rows({ upTo }: EventScope): AsyncIterable<readonly ReportRow[]> {
    await this.#count({ upTo });
    yield* this.#stream(this.#query.sql);
  }

  async *adjustments({ upTo, lateUpTo }: EventScope): AsyncIterable<readonly Adjustment[]> {
    if (lateUpTo === undefined) return;
    const { sql, columns } = this.#query;
    await this.#count({ upTo });
    await this.#run(`CREATE OR REPLACE TABLE on_time AS ${sql}`);
    await this.#count({ upTo, lateUpTo });
    await this.#run(`CREATE OR REPLACE TABLE with_late AS ${sql}`);
    const order = columns.map((_, index) => index + 1).join(', ');
    for (const [side, those, others] of [
      ['before', 'on_time', 'with_late'],
      ['late', 'with_late', 'on_time'],
    ] as const) {
      for await (const rows of this.#stream(`SELECT * FROM ${those} EXCEPT ALL SELECT * FROM ${others} ORDER BY ${order}`)) {
        yield rows.map((row) => ({ side, row }));
      }
    }
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #count(scope: EventScope): Promise<void> {
    await this.#run(countEvents(scope, this.#query.parameters.to));
  }

  async #run(sql: string): Promise<void> {
    await this.#connection.run(sql).catch(failed);
  }

  async #all(sql: string) {
    const reader = await this.#connection.runAndReadAll(sql).catch(failed);
    return reader.getRowsJS();
  }

  async *#stream(sql: string): AsyncIterable<readonly ReportRow[]> {
    const result = await this.#connection.stream(sql).catch(failed);
    const names = result.columnNames();
    if (names.join(' ') !== this.#query.columns.join(' ')) {
      throw new Error(`the query gives the columns ${names.join(', ')}, described are ${this.#query.columns.join(', ')}`);
    }
    try {
      for await (const rows of result.yieldRowsJs()) yield rows.map((row) => row.map(reportValue));
    } catch (error) {
      throw readable(error);
    }
  }
}

/** Stops a closing of another shape from deciding which events count. */
const storedClosing = z.tuple([z.bigint(), z.string(), z.string(), z.bigint(), z.string(), z.string()]).transform(
  ([number, period, area, upTo, by, at]): PeriodClosing => ({
    number: Number(number),
    period: period as Period,
    area,
    upTo: Number(upTo),
    by,
    at: at as Instant,
  }),
);

function reportValue(value: unknown): ReportValue {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error('the query gives a value that is neither text, number, yes or no nor nothing');
}

/** What the engine says of lines that are no JSON or no events, and of frames that are none or not as they were packed. */
const UNREADABLE =
  /Malformed JSON|JSON transform error|invalid timestamp field|timestamp field value out of range|decompress|gzip|zstd|Could not read|doesn't match checksum|corruption detected|frame descriptor|frame parameter|Version not supported|Src size/i;

function failed(error: unknown): never {
  throw readable(error);
}

/** What stops a report, in words: a line that is no event any more cannot be counted; too much cannot be held. */
function readable(error: unknown): unknown {
  if (error instanceof Error && /^Out of Memory|No space left/.test(error.message)) {
    return new PermanentError(
      'report-too-large',
      '数据量超出本机报表引擎的内存上限，未生成报表；请缩短期间或分区划提取 / more than the report engine of this machine can hold, so no report was made; ask for a shorter period or a smaller area',
    );
  }
  if (!(error instanceof Error) || !UNREADABLE.test(error.message)) return error;
  return new PermanentError(
    'archive-unreadable',
    '档案中有无法读取的内容，未生成报表；请运行 aidwatch audit verify 查明位置 / the archive holds something that cannot be read, so no report was made; `aidwatch audit verify` says where',
  );
}
