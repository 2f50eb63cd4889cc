import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportQueries } from '../../infra/report-queries.ts';
import type { Principal, Role } from '../../shared/access/principal.ts';
import type { Purpose } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import { DuckDbReportEngine } from '../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../shared/audit/chain.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { workingCalendar } from '../../shared/calendar/working-days.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { ClosingDeps } from '../../shared/reports/close-period.ts';
import { countedDays } from '../../shared/reports/counted-days.ts';
import { reportsOf } from '../../shared/reports/index.ts';
import type { ReportRequest } from '../../shared/reports/permitted-question.ts';
import { type PulledReport, pullReport, type ReportDeps } from '../../shared/reports/pull-report.ts';
import { collect } from '../contract/subject.ts';
import { archiveOfLines } from './archive.ts';
import { RememberedPeriods } from './periods.ts';

/** An archive of given events in a folder of its own, and reports over it. */
export class Reporting {
  readonly folder = mkdtempSync(join(tmpdir(), 'aidwatch-reports-'));
  readonly written = new Map<string, Uint8Array>();
  readonly told: DomainEvent[] = [];
  now = '2024-05-06T02:00:00.000Z' as Instant;
  #events: readonly DomainEvent[] = [];
  #pulls = 0;

  readonly #file = join(this.folder, 'events.jsonl');

  readonly periods = new RememberedPeriods(this.told);

  readonly deps: ReportDeps & ClosingDeps = {
    periods: this.periods,
    pause: async () => {},
    reports: reportsOf(catalog),
    queries: reportQueries(),
    engine: new DuckDbReportEngine({ memory: '300MB', threads: 1, tempFolder: join(this.folder, 'temp') }),
    eventLog: { append: async (events) => void this.told.push(...events) },
    clock: { now: () => this.now },
    days: (area, from, to) => countedDays(workingCalendar(area), from, to),
    program: 'test',
    archive: {
      snapshot: async () => {
        const head = extendChain(EMPTY_CHAIN, this.#events).at(-1) ?? EMPTY_CHAIN;
        const { number, hash } = head;
        return { head: { number, hash }, files: [this.#file], release: async () => {} };
      },
      verify: ({ head }) => verifyArchive(archiveOfLines(this.#lines()), { head }),
    },
    out: {
      write: async (key, body) => void this.written.set(key, await wholeOf(body)),
    },
  };

  /** Adds events to the end of the archive. */
  archive(...events: readonly DomainEvent[]): void {
    this.#events = [...this.#events, ...events];
    const lines = extendChain(EMPTY_CHAIN, this.#events).map((entry) => `${lineOf(entry)}\n`);
    writeFileSync(this.#file, lines.join(''));
  }

  #lines(): readonly string[] {
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
  }

  /** Changes the stored text, as somebody at the disk might. */
  tamper(change: (text: string) => string): void {
    writeFileSync(this.#file, change(readFileSync(this.#file, 'utf8')));
  }

  async pull(
    request: Partial<ReportRequest> & { readonly report: string },
    access: Access = this.access(),
  ): Promise<PulledReport> {
    const stretch = { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, format: 'json' as const };
    return pullReport(this.deps, access, { ...stretch, ...request });
  }

  /** The rows of a report pulled as JSON, as objects by column. */
  async rows(request: Partial<ReportRequest> & { readonly report: string }): Promise<readonly Record<string, unknown>[]> {
    const { files } = await this.pull({ ...request, format: 'json' }, this.access('auditor'));
    return this.rowsIn(files[0] ?? '');
  }

  rowsIn(file: string): readonly Record<string, unknown>[] {
    const { columns, rows } = JSON.parse(this.text(file)) as { columns: { name: string }[]; rows: unknown[][] };
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
  }

  text(file: string): string {
    const bytes = this.written.get(file);
    if (bytes === undefined) throw new Error(`${file} was not written`);
    return Buffer.from(bytes).toString('utf8');
  }

  access(role: Role = 'supervisor', areas: readonly string[] = ['']): Access {
    this.#pulls += 1;
    const principal: Principal = { id: `${role}-1`, roles: [role], areas, departments: [] };
    return { principal, purpose: 'audit' as Purpose, request: `request-${this.#pulls}` };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All the bytes somebody writes. */
export async function wholeOf(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : Buffer.concat(await collect(body));
}

let made = 0;

/** An event at a time of the day in China. */
export function told(
  type: DomainEvent['type'],
  at: string,
  subject: DomainEvent['subject'],
  data: DomainEvent['data'],
  actor = 'system',
): DomainEvent {
  made += 1;
  const [day = '', time = '09:00'] = at.split(' ');
  const moment = new Date(`${day}T${time}:00+08:00`).toISOString() as Instant;
  return makeEvent(type, moment, subject, data, String(made), actor);
}

/** A household's warning, by change. */
export function warned(change: string, at: string, n: number, more: DomainEvent['data'] = {}): DomainEvent {
  const subject = { household: `H${n}`, warning: `W${n}` };
  return told(`warning.${change}` as DomainEvent['type'], at, subject, {
    area: '411122104',
    asOf: at.slice(0, 10),
    category: 'none',
    family: 'entry',
    grade: 'general',
    high: 80,
    hits: [['medical-self-paid-12m', 620_005, 25, 'medical-insurance/inpatient-settlement']],
    low: 65,
    pack: 'henan-low-income',
    packVersion: '1',
    reason: null,
    ...more,
  });
}

/** Something done to the household's case. */
export function done(action: string, at: string, n: number, more: DomainEvent['data'] = {}, by = 'caseworker-1'): DomainEvent {
  const type = by === 'system' ? 'case.stepped' : 'case.acted';
  const data = { action, area: '411122104', category: 'none', from: 'visit', grade: 'general', to: 'review', ...more };
  return told(type, at, { case: `C${n}`, household: `H${n}` }, data, by);
}
