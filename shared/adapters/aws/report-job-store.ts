import * as z from 'zod';
import type { ReportJobStore } from '../../ports/report-job-store.ts';
import type { QuestionId, ReportJob, ReportPull } from '../../reports/report-job.ts';
import { firstOf } from './first-of.ts';
import { packJson, parseStored, unpackJson } from './packed-json.ts';
import { messagesAttribute } from './stream-messages.ts';
import { follows, type Table, type TableItem } from './table.ts';

/** Only the platform writes jobs: the parts every reader relies on are looked at, the rest is taken as written. */
const storedJob: z.ZodType<ReportJob> = z
  .looseObject({
    id: z.string(),
    question: z.string(),
    run: z.int(),
    version: z.int(),
    asked: z.looseObject({ report: z.string() }),
    state: z.enum(['waiting', 'making', 'ended']),
    pulls: z.array(z.looseObject({ id: z.string(), owner: z.string() })),
  })
  .transform((read) => read as unknown as ReportJob);
const storedPlace = z.object({ pk: z.string(), sk: z.string(), question: z.string(), run: z.int() });

const RUN_DIGITS = 6;
const KEPT = 'REPORTS-KEPT';

const jobKey = (question: string, run: number) => ({ pk: question, sk: `RUN#${String(run).padStart(RUN_DIGITS, '0')}` });
const pullKey = (id: string) => ({ pk: id, sk: 'PULL' });

function jobOf(item: TableItem): ReportJob {
  return unpackJson(storedJob, item['job'], 'report job');
}

/** Reports that were asked for in DynamoDB: an item for each computing, and one for each pull that says where it is. */
export function dynamoReportJobStore(table: Table): ReportJobStore {
  async function jobAt(question: string, run: number): Promise<ReportJob | undefined> {
    const item = await table.get(jobKey(question, run));
    return item === undefined ? undefined : jobOf(item);
  }

  /** Where the pulls are, before the job that holds them: one whose job never came is passed by. */
  async function point({ question, run }: ReportJob, pulls: readonly ReportPull[]): Promise<void> {
    for (const { id, owner, at } of pulls) {
      await table.put({ ...pullKey(id), question, run, gsi1pk: `RP#${owner}`, gsi1sk: `${at}#${id}` });
    }
  }

  return {
    async get(id) {
      const cut = id.lastIndexOf('-');
      return jobAt(id.slice(0, cut), Number(id.slice(cut + 1)));
    },
    async latest(question: QuestionId) {
      const runs = table.query({ partition: question, prefix: 'RUN#', descending: true, pageSize: 1 });
      for await (const item of runs) return jobOf(item);
      return undefined;
    },
    async find(pull) {
      const item = await table.get(pullKey(pull));
      if (item === undefined) return undefined;
      const { question, run } = parseStored(storedPlace, item, 'place of a report');
      const job = await jobAt(question, run);
      return job?.pulls.some(({ id }) => id === pull) ? job : undefined;
    },
    async save({ job, events, messages }) {
      const { question, run, version, keptSince } = job;
      const before = version === 1 ? undefined : await jobAt(question, run);
      if (version > 1 && before?.version !== version - 1) return false;
      const known = new Set(before?.pulls.map(({ id }) => id));
      await point(
        job,
        job.pulls.filter(({ id }) => !known.has(id)),
      );
      return table.put(
        {
          ...jobKey(question, run),
          version,
          job: packJson(job),
          events: [...events],
          messages: messagesAttribute(messages),
          ...(keptSince === undefined ? {} : { gsi1pk: KEPT, gsi1sk: `${keptSince}#${job.id}` }),
        },
        follows(version),
      );
    },
    async list({ owner, limit, after }) {
      const places = table.query({
        index: 'gsi1',
        partition: `RP#${owner}`,
        descending: true,
        pageSize: limit + 1,
        ...(after === undefined ? {} : { beyond: after }),
      });
      const entries = await firstOf([places], 'gsi1', limit + 1);
      const page = entries.slice(0, limit);
      const found = (await table.getAll(page)).map((item) => parseStored(storedPlace, item, 'place of a report'));
      const jobs = new Map<string, ReportJob>();
      for (const item of await table.getAll(found.map(({ question, run }) => jobKey(question, run)))) {
        const job = jobOf(item);
        for (const { id } of job.pulls) jobs.set(id, job);
      }
      const pulls = page.flatMap(({ pk }) => {
        const job = jobs.get(pk);
        const pull = job?.pulls.find(({ id }) => id === pk);
        return job === undefined || pull === undefined ? [] : [{ pull, job }];
      });
      const last = page.at(-1);
      return entries.length > limit && last !== undefined ? { pulls, next: last.sort } : { pulls };
    },
    async kept(before, limit) {
      const places = await firstOf([table.query({ index: 'gsi1', partition: KEPT, pageSize: limit })], 'gsi1', limit);
      const items = await table.getAll(places.filter(({ sort }) => sort < before));
      // The index may lag: what was cleared meanwhile is left out.
      return items
        .map(jobOf)
        .filter(({ keptSince }) => keptSince !== undefined && keptSince < before)
        .sort((a, b) => (`${a.keptSince}#${a.id}` < `${b.keptSince}#${b.id}` ? -1 : 1));
    },
  };
}
