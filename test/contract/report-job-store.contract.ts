import { describe, expect, it } from 'vitest';
import type { ReportJobStore } from '../../shared/ports/report-job-store.ts';
import { instant } from '../builders/facts.ts';
import { reportJob, reportJobChange, reportPull } from '../builders/report-jobs.ts';
import { type Subject, type SubjectMaker, settle, withSubject } from './subject.ts';

/** A subject that also shows which messages went out with changes. */
interface ReportJobStoreSubject extends Subject<ReportJobStore> {
  messages(): Promise<readonly { readonly queue: string; readonly body: string }[]>;
}

/** How the suite gets at a store of report jobs. */
interface ReportJobStoreMaker extends SubjectMaker<ReportJobStore> {
  make(): Promise<ReportJobStoreSubject>;
}

/** What every ReportJobStore promises. */
export function reportJobStoreContract(name: string, maker: ReportJobStoreMaker): void {
  const eventually = settle(maker);
  const withJobs = (test: (store: ReportJobStore, subject: ReportJobStoreSubject) => Promise<void>) =>
    withSubject(maker, (store, subject) => test(store, subject as ReportJobStoreSubject));

  describe(`store of report jobs: ${name}`, () => {
    it('gives back a job exactly as it was saved, by its id, its question and what was asked for', () =>
      withJobs(async (store) => {
        const job = reportJob(1, { pulls: [reportPull(1), reportPull(2, 'user-2', 1)] });
        expect(await store.save(reportJobChange(job))).toBe(true);
        expect(await store.get(job.id)).toEqual(job);
        expect(await store.latest(job.question)).toEqual(job);
        for (const { id } of job.pulls) expect(await store.find(id)).toEqual(job);
        const other = reportJob(2);
        expect(await store.get(other.id)).toBeUndefined();
        expect(await store.latest(other.question)).toBeUndefined();
        expect(await store.find(reportPull(2).id)).toBeUndefined();
      }));

    it('keeps events and messages of a saved change, and none of a refused one', () =>
      withJobs(async (store, subject) => {
        const messages = [{ queue: 'reports', message: { body: '{"v":1,"kind":"make-report"}' } }] as const;
        await store.save({ ...reportJobChange(reportJob(1)), messages });
        expect(await store.save({ ...reportJobChange(reportJob(1)), messages })).toBe(false);
        expect(await store.save(reportJobChange(reportJob(1, { version: 2, state: 'making' })))).toBe(true);
        await eventually(async () => {
          expect((await subject.events()).map(({ type }) => type)).toEqual(['report.asked', 'report.asked']);
          expect(await subject.messages()).toEqual([{ queue: 'reports', body: messages[0].message.body }]);
        });
      }));

    it('takes the next version only from the one before, and lets one of those who join at once through', () =>
      withJobs(async (store) => {
        await store.save(reportJobChange(reportJob(1)));
        const joined = [2, 3, 4].map((n) => reportJob(1, { version: 2, pulls: [reportPull(1), reportPull(n, `user-${n}`, 1)] }));
        const saved = await Promise.all(joined.map((job) => store.save(reportJobChange(job))));
        expect(saved.filter((one) => one)).toHaveLength(1);
        expect(await store.save(reportJobChange(reportJob(1, { version: 4 })))).toBe(false);
        expect((await store.get(reportJob(1).id))?.pulls).toHaveLength(2);
        // Whoever was too late is nowhere yet.
        const late = joined.filter((_, index) => saved[index] === false).map(({ pulls }) => pulls[1]?.id);
        for (const id of late) if (id !== undefined) expect(await store.find(id)).toBeUndefined();
        const list = await store.list({ owner: 'user-2', limit: 10 });
        expect(list.pulls).toHaveLength(saved[0] === true ? 1 : 0);
      }));

    it('knows the last of many computings of a question, and where what was asked for ended up', () =>
      withJobs(async (store) => {
        for (let run = 1; run <= 11; run += 1) {
          const pulls = run === 11 ? [reportPull(1)] : [reportPull(run + 1, 'user-auditor', 1)];
          await store.save(reportJobChange(reportJob(1, { run, pulls })));
        }
        expect((await store.latest(reportJob(1).question))?.run).toBe(11);
        expect((await store.find(reportPull(1).id))?.run).toBe(11);
        expect((await store.find(reportPull(3, 'user-auditor', 1).id))?.run).toBe(2);
      }));

    it('lists what somebody asked for, the newest first, and nothing of others', () =>
      withJobs(async (store) => {
        for (const n of [1, 2, 3, 4, 5]) {
          await store.save(reportJobChange(reportJob(n, { pulls: [reportPull(n), reportPull(n + 10, 'user-2', n)] })));
        }
        await store.save(reportJobChange(reportJob(3, { version: 2, state: 'ended', pulls: [reportPull(3)] })));
        const listed = async (owner: string, limit: number) => {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await store.list({ owner, limit, ...(after === undefined ? {} : { after }) });
            seen.push(...page.pulls.map(({ pull, job }) => `${pull.at} ${job.asked.area} ${job.state}`));
            after = page.next;
          } while (after !== undefined);
          return seen;
        };
        const all = [5, 4, 3, 2, 1].map((n) => `${instant(n)} ${410_100 + n} ${n === 3 ? 'ended' : 'waiting'}`);
        await eventually(async () => {
          expect(await listed('user-auditor', 10)).toEqual(all);
          expect(await listed('user-auditor', 2)).toEqual(all);
          expect(await listed('user-3', 2)).toEqual([]);
        });
      }));

    it('finds the jobs whose files have been kept since before a moment, the oldest first', () =>
      withJobs(async (store) => {
        const ended = (n: number) => reportJob(n, { version: 2, state: 'ended', keptSince: instant(n) });
        for (const n of [3, 1, 2, 4]) {
          await store.save(reportJobChange(reportJob(n)));
          await store.save(reportJobChange(ended(n)));
        }
        const { keptSince: _, ...cleared } = ended(2);
        await store.save(reportJobChange({ ...cleared, version: 3 }));
        await store.save(reportJobChange(reportJob(5)));
        await eventually(async () => {
          expect((await store.kept(instant(4), 10)).map(({ keptSince }) => keptSince)).toEqual([instant(1), instant(3)]);
          expect(await store.kept(instant(4), 1)).toEqual([ended(1)]);
          expect(await store.kept(instant(1), 10)).toEqual([]);
        });
      }));
  });
}
