import * as z from 'zod';
import { ClosePeriod, MakeReport, TendReports } from '../../shared/ports/queue-messages.ts';
import { type ClearingDeps, clearReports } from '../../shared/reports/clear-reports.ts';
import { type ClosingDeps, giveClosingUp, workClosing } from '../../shared/reports/close-period.ts';
import { giveReportUp, type MakingDeps, makeReport } from '../../shared/reports/make-report.ts';
import { askScheduledReports, type SchedulingDeps } from '../../shared/reports/scheduled-reports.ts';
import { parseBody } from '../parse-body.ts';
import { type BatchAnswer, type BatchDeps, processBatch, type QueueEvent } from '../process-batch.ts';

/** Stops a message of another queue or version from being taken for one about reports. */
const ReportMessage = z.discriminatedUnion('kind', [MakeReport, ClosePeriod, TendReports]);
type ReportMessage = z.infer<typeof ReportMessage>;

/** What the function needs: ports only, so that every host can run it. */
export type ReportsDeps = MakingDeps & ClosingDeps & ClearingDeps & SchedulingDeps & BatchDeps;

/** The handler of the queue `reports`. */
export function createHandler(deps: ReportsDeps): (event: QueueEvent) => Promise<BatchAnswer> {
  return (event) =>
    processBatch<ReportMessage>(event, deps, {
      parse: (body) => parseBody<ReportMessage>(body, ReportMessage),
      // Each stands alone, so that one report that cannot be made holds up no other; the same one twice is one.
      groupOf,
      work: ([message]) => workOn(deps, message),
      buried: async (message) => {
        if (message.kind === 'make-report') await giveReportUp(deps, message);
        if (message.kind === 'close-period') await giveClosingUp(deps, message);
      },
    });
}

function groupOf(message: ReportMessage): string {
  switch (message.kind) {
    case 'make-report':
      return message.job;
    case 'close-period':
      return `${message.period} ${message.area}`;
    case 'tend-reports':
      return message.kind;
  }
}

async function workOn(deps: ReportsDeps, message: ReportMessage): Promise<void> {
  switch (message.kind) {
    case 'make-report':
      await makeReport(deps, message);
      break;
    case 'close-period':
      await workClosing(deps, message);
      break;
    case 'tend-reports':
      await askScheduledReports(deps);
      await clearReports(deps);
      break;
  }
}
