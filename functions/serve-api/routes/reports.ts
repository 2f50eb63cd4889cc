import { askClosing, listPeriods } from '../../../shared/reports/close-period.ts';
import { reportsOf } from '../../../shared/reports/index.ts';
import {
  askReport,
  downloadReport,
  listReports,
  type ReportDeskDeps,
  readReport,
  reportKinds,
} from '../../../shared/reports/report-desk.ts';
import type { ApiDeps } from '../api-deps.ts';
import { forbiddenBeyondArea } from '../problem.ts';
import {
  ClosingBody,
  PeriodPath,
  PeriodsQuery,
  periodView,
  ReportBody,
  ReportFilePath,
  ReportPath,
  ReportsQuery,
} from '../report-schemas.ts';
import { type Api, bodyOf, keyOf, limitedBody, nextOf, parsed, permitted, positionOf, purposeful, queried } from '../request.ts';

/** How long a link to download holds, seconds. */
const LINK_SECONDS = 300;

/** Ledgers and reports: asking for them, how far they are, downloading them. */
export function addReportRoutes(app: Api, deps: ApiDeps): void {
  const reports = reportsOf(deps.catalog);
  const desk: ReportDeskDeps = {
    reports,
    jobs: deps.reportJobs,
    eventLog: deps.eventLog,
    clock: deps.clock,
    retention: deps.parameters.retention,
    pause: deps.pause,
  };
  app.get('/api/v1/periods', async (c) => {
    const principal = await permitted(deps, c, 'reports.pull');
    const { from, to } = queried(PeriodsQuery, c);
    const months = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const records = await listPeriods(deps, principal, months);
    return c.json({ items: records.map(periodView), next: null });
  });
  app.post('/api/v1/periods/:period/close', limitedBody(), async (c) => {
    const principal = await permitted(deps, c, 'periods.close');
    const { period } = parsed(PeriodPath, c.req.param(), 'path');
    const { area } = parsed(ClosingBody, await bodyOf(c), 'body');
    const asker = { principal, request: c.get('request') };
    const record = await forbiddenBeyondArea(askClosing(deps, asker, { period, ...(area === undefined ? {} : { area }) }));
    const location = `/api/v1/periods?from=${period}&to=${period}`;
    return c.json(periodView(record), record.state === 'closing' ? 202 : 200, { location });
  });
  app.get('/api/v1/report-kinds', async (c) => {
    const principal = await permitted(deps, c, 'reports.pull');
    return c.json({ items: reportKinds(reports, principal), next: null });
  });
  app.post('/api/v1/reports', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'reports.pull');
    const { area, seed, sample, ...wanted } = parsed(ReportBody, await bodyOf(c), 'body');
    const asked = askReport(
      desk,
      access,
      {
        ...wanted,
        ...(area === undefined ? {} : { area }),
        ...(seed === undefined ? {} : { seed }),
        ...(sample === undefined ? {} : { sample }),
      },
      keyOf(c, access.principal),
    );
    const report = await forbiddenBeyondArea(asked);
    return c.json(report, 202, { location: `/api/v1/reports/${report.id}` });
  });
  app.get('/api/v1/reports', async (c) => {
    const principal = await permitted(deps, c, 'reports.pull');
    const { limit, cursor } = queried(ReportsQuery, c);
    const question = ['reports', principal.id];
    const after = positionOf(question, cursor);
    const page = await listReports(desk, principal, { limit, ...(after === undefined ? {} : { after }) });
    return c.json({ items: page.reports, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/reports/:id', async (c) => {
    const principal = await permitted(deps, c, 'reports.pull');
    const { id } = parsed(ReportPath, c.req.param(), 'path');
    return c.json(await readReport(desk, principal, id));
  });
  app.get('/api/v1/reports/:id/files/:name', async (c) => {
    const access = await purposeful(deps, c, 'reports.pull');
    const { id, name } = parsed(ReportFilePath, c.req.param(), 'path');
    const file = await downloadReport({ ...desk, exchange: deps.exchange }, access, id, name);
    if (deps.downloads !== undefined) return c.redirect(await deps.downloads.downloadUrl(file.key, file.name, LINK_SECONDS), 303);
    return c.body(ReadableStream.from(file.body()), 200, {
      'content-type': 'application/octet-stream',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    });
  });
}
