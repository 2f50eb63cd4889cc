import type { Access } from '../access/read-trail.ts';
import type { DomainEvent } from '../audit/event.ts';
import { makeEvent } from '../audit/make-event.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { type ComputingDeps, computeReport } from './compute-report.ts';
import type { ReportCover } from './cover.ts';
import { permittedQuestion, type ReportRequest } from './permitted-question.ts';
import { reportName, writeReport } from './write-report.ts';

/** What pulling a report needs. */
export interface ReportDeps extends ComputingDeps {
  readonly eventLog: EventLog;
  /** Where the report is put. */
  readonly out: Pick<ObjectStore, 'write'>;
}

/** Where a report lies, and its cover. */
export interface PulledReport {
  /** Keys of what was written: the report, its adjustments if there are any, and its cover as page and JSON. */
  readonly files: readonly string[];
  readonly cover: ReportCover;
}

/**
 * Makes a report of the archive's events at once, with its cover, and writes that it was pulled; the report is there whole, after
 * its event, or not at all. Throws AccessError, having written that too, when the user may not have it of this area,
 * NotFoundError for a report there is not, and PermanentError when the stretch ends before it begins.
 */
export async function pullReport(deps: ReportDeps, access: Access, request: ReportRequest): Promise<PulledReport> {
  const { asked, form } = await permittedQuestion(deps, access, request);
  return computeReport(deps, asked, async ({ spec, late, rows, countedUpTo, figures }) => {
    let made: ReportCover | undefined;
    const written = await writeReport(
      {
        spec,
        name: reportName(asked, countedUpTo, access.request.slice(0, 8)),
        form,
        rows,
        late,
        // The pull is written down before anybody has the report.
        cover: async () => {
          const at = deps.clock.now();
          made = { ...figures(), ...form, pulled: { by: access.principal.id, purpose: access.purpose, at } };
          await deps.eventLog.append([pulledEvent(made, access.request)]);
          return made;
        },
      },
      deps.out,
    );
    if (made === undefined) throw new Error('the report was not read to its end');
    return { files: written.map(({ name }) => name), cover: made };
  });
}

/** That somebody has a report, with what proves which. `once` names the pull. */
export function pulledEvent(cover: ReportCover, once: string): DomainEvent {
  const { parameters, data, proof, archive, format, report, pulled } = cover;
  const told = {
    archive: archive.ok ? 'whole' : archive.fault,
    area: parameters.area,
    digest: proof.rowsSha256,
    format,
    from: parameters.from,
    purpose: pulled.purpose,
    query: proof.querySha256,
    report,
    rows: proof.rows,
    to: parameters.to,
    upTo: data.countedUpTo,
  };
  return makeEvent('report.pulled', pulled.at, {}, told, once, pulled.by);
}
