import type { EventType } from '../audit/event.ts';
import type { ArchiveVerdict } from '../audit/verify-archive.ts';
import type { Period } from '../calendar/period.ts';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';

/** One value of a report: text, whole numbers and fractions, yes or no, or nothing known. */
export type ReportValue = string | number | boolean | null;
export type ReportRow = readonly ReportValue[];

/** The archive as it stood at one moment, in files an engine can read. */
export interface ArchiveSnapshot {
  /** Number and hash of its last event. */
  readonly head: { readonly number: number; readonly hash: string };
  /** Paths or addresses, in order; none of them changes until the snapshot is released. */
  readonly files: readonly string[];
  release(): Promise<void>;
}

/** The archive as reports read it. */
export interface ReportArchive {
  snapshot(): Promise<ArchiveSnapshot>;
  /** Proves that the archive is whole up to the head of a snapshot, or names the first event that is not as written. */
  verify(snapshot: ArchiveSnapshot): Promise<ArchiveVerdict>;
}

/** What a query can ask for: the columns of the one row of its table `params`. */
export interface QueryParameters {
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Area code prefix; `''` is the whole deployment. */
  readonly area: string;
  /** What a drawing of lots begins from. */
  readonly seed: string;
  /** How many to draw. */
  readonly sample: number;
}

/** A day of the calendar, and how many working days there were up to and with it. */
export interface CountedDay {
  readonly day: PlainDate;
  readonly working: boolean;
  readonly total: number;
}

export interface ReportQuery {
  /** Reads the tables of docs/reports.md, and nothing else; gives its rows in a fixed order. */
  readonly sql: string;
  /** Names and order of the columns it gives. */
  readonly columns: readonly string[];
  /** Kinds of events it looks at; others are not loaded. */
  readonly reads: readonly EventType[];
  readonly parameters: QueryParameters;
  readonly days: readonly CountedDay[];
}

/** Which of the events loaded count. */
export interface EventScope {
  /** Events up to this number. */
  readonly upTo: number;
  /** Beyond it, up to this number, those that belong to days before `to` ends: what came after a period was closed. */
  readonly lateUpTo?: number;
}

/** Runs the queries of reports. */
export interface ReportEngine {
  /** Loads what a query looks at, of the events of a snapshot. */
  open(snapshot: ArchiveSnapshot, query: ReportQuery): Promise<ReportRun>;
}

/** That a person closed a period, as the archive tells it. */
export interface PeriodClosing {
  /** Number of the event. */
  readonly number: number;
  readonly period: Period;
  readonly area: string;
  /** Number of the last event that counts. */
  readonly upTo: number;
  readonly by: string;
  readonly at: Instant;
}

/** A query that is being answered. */
export interface ReportRun {
  /** Every period closed, oldest first. */
  closings(): Promise<readonly PeriodClosing[]>;
  /** Rule packs, with their versions, whose results are among the events that count. */
  packs(scope: EventScope): Promise<readonly string[]>;
  /** The rows in the query's order, some at a time. */
  rows(scope: EventScope): AsyncIterable<readonly ReportRow[]>;
  /** Rows that are there only when late events count (`late`), and those that are there only when they do not (`before`). */
  adjustments(scope: EventScope): AsyncIterable<readonly Adjustment[]>;
  close(): Promise<void>;
}

export interface Adjustment {
  readonly side: 'late' | 'before';
  readonly row: ReportRow;
}
