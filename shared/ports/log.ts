/**
 * Every log line has one of these codes, so that alarms, runbook and tests name the same thing. Fields are ids, counts and
 * durations: no names, numbers, diagnoses, file names or message bodies.
 */
export const LogCode = {
  FileTaken: 'AW1001_FILE_TAKEN',
  FileRefused: 'AW1002_FILE_REFUSED',
  FileDuplicate: 'AW1003_FILE_DUPLICATE',
  FileGone: 'AW1004_FILE_GONE',
  ListShorter: 'AW1005_LIST_SHORTER',
  UpdatesApplied: 'AW2001_UPDATES_APPLIED',
  HouseholdsAssessed: 'AW2002_HOUSEHOLDS_ASSESSED',
  WarningChanged: 'AW2003_WARNING_CHANGED',
  WriteConflict: 'AW2004_WRITE_CONFLICT',
  NoPackForArea: 'AW2005_NO_PACK_FOR_AREA',
  SweepPage: 'AW2006_SWEEP_PAGE',
  CasesChanged: 'AW2007_CASES_CHANGED',
  CasesTended: 'AW2008_CASES_TENDED',
  WarningsNotHandled: 'AW2009_WARNINGS_NOT_HANDLED',
  CorrectionsSent: 'AW2010_CORRECTIONS_SENT',
  CorrectionsTended: 'AW2011_CORRECTIONS_TENDED',
  FileAnswersTaken: 'AW2012_FILE_ANSWERS_TAKEN',
  EventsArchived: 'AW3001_EVENTS_ARCHIVED',
  ArchiveBroken: 'AW3002_ARCHIVE_BROKEN',
  EventsNotCounted: 'AW3003_EVENTS_NOT_COUNTED',
  EventsBuried: 'AW3004_EVENTS_BURIED',
  EventsPutBack: 'AW3005_EVENTS_PUT_BACK',
  RequestServed: 'AW4001_REQUEST_SERVED',
  RequestFailed: 'AW4002_REQUEST_FAILED',
  ReportMade: 'AW5001_REPORT_MADE',
  ReportFailed: 'AW5002_REPORT_FAILED',
  MessageBuried: 'AW9001_MESSAGE_BURIED',
  MessageRetried: 'AW9002_MESSAGE_RETRIED',
  HostStarted: 'AW9003_HOST_STARTED',
  HostStopped: 'AW9004_HOST_STOPPED',
  TrialClock: 'AW9005_TRIAL_CLOCK',
} as const;
export type LogCode = (typeof LogCode)[keyof typeof LogCode];

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  info(code: LogCode, fields?: LogFields): void;
  warn(code: LogCode, fields?: LogFields): void;
  error(code: LogCode, fields?: LogFields): void;
}

/** Counters for dashboards and alarms (EMF in the cloud). */
export interface Metrics {
  count(name: string, value: number): void;
}
