import type { CaseId } from '../../casework/case.ts';
import type { StepAnswer } from '../../casework/step.ts';
import { caseWorkflow, definitionVersion, type StateMachine } from '../../casework/workflow-definition.ts';
import type { CaseRun, CaseWorkflow } from '../../ports/case-workflow.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Columns, type EmbeddedDatabase, integer, text } from './database.ts';
import { type Interpreter, interpreterOf, type PassageEnd } from './interpreter.ts';
import { nextTry } from './restable-definition.ts';
import { type CaseTasks, type Failure, Passage, type Records, TIME_OVER, taskOfToken } from './run-passage.ts';

/** Runs whose new results are written together: a transaction of its own costs half as much as a passage. */
const RUNS_PER_WRITE = 32;
/** No step that failed is put off for longer, milliseconds: of a run that is, the clock was put back since. */
const LONGEST_RETRY_MS = 60 * 60 * 1000;

/** A run that cannot go on by itself. */
export interface StuckRun extends CaseRun {
  /** Error and task; no personal data. */
  readonly reason: string;
}

/** What is set when opening. */
export interface WorkflowSettings {
  /** Time of the clocks of cases: that of the data. */
  readonly clock: Clock;
  /** Real time, for trying again. */
  readonly nowMs: () => number;
  /** For tests of a change of definition. */
  readonly definition?: { readonly version: string; readonly machine: StateMachine };
}

/** A run as loaded to be gone on with. */
interface LoadedRun extends CaseRun {
  readonly id: number;
  readonly definition: string;
  readonly stirred: number;
  readonly failures: number;
}

/**
 * The workflow of a county on one machine. A run is a row and the recorded results of its tasks; while it waits, nothing of
 * it is in memory. When its wait is woken or its time is over, the definition the run began with is gone through from the
 * start: tasks with a recorded result answer with it, the next one is really called, and so on to the next wait. What was
 * new is then written in one transaction. A process killed before it does the same tasks again: they may be repeated.
 *
 * A wait is known by a token made from run, task and how often the task has come by, so a repeated announcement announces
 * the same wait.
 */
export class SqliteCaseWorkflow implements CaseWorkflow {
  readonly #database: EmbeddedDatabase;
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  readonly #version: string;
  readonly #machine: StateMachine;
  readonly #interpreters = new Map<string, Promise<Interpreter>>();

  constructor(database: EmbeddedDatabase, settings: WorkflowSettings) {
    this.#database = database;
    this.#clock = settings.clock;
    this.#nowMs = settings.nowMs;
    this.#version = settings.definition?.version ?? definitionVersion;
    this.#machine = settings.definition?.machine ?? caseWorkflow;
  }

  async start(run: CaseRun): Promise<void> {
    this.#database.write(() => {
      this.#database.run(
        'INSERT INTO workflow_definitions (version, text) VALUES (?, ?) ON CONFLICT DO NOTHING',
        this.#version,
        JSON.stringify(this.#machine),
      );
      const added = this.#database.run(
        `INSERT INTO case_runs (of_case, run, definition, state, due_ms) VALUES (?, ?, ?, 'open', ?) ON CONFLICT DO NOTHING`,
        run.case,
        run.run,
        this.#version,
        this.#nowMs(),
      );
      // A run that was stuck has found its successor.
      if (added === 1) this.#endStuckBefore(run);
    });
  }

  #endStuckBefore(run: CaseRun): void {
    const rows = this.#database.all(
      `SELECT id FROM case_runs WHERE of_case = ? AND run < ? AND state = 'stuck'`,
      run.case,
      run.run,
    );
    for (const [id] of rows) this.#end(integer(id));
  }

  async wake(token: string, answer: StepAnswer): Promise<'woken' | 'gone'> {
    const wait = taskOfToken(token);
    if (wait === undefined) return 'gone';
    return this.#database.write(() => (this.#settle(wait.run, wait.task, JSON.stringify(answer)) ? 'woken' : 'gone'));
  }

  async alive({ case: of, run }: CaseRun): Promise<boolean> {
    return this.#database.get('SELECT state FROM case_runs WHERE of_case = ? AND run = ?', of, run)?.[0] === 'open';
  }

  /**
   * Records the result of a wait, once. It may come before the wait itself is written: a case that has moved on meanwhile
   * wakes a wait while it is being announced.
   */
  #settle(id: number, task: string, result: string): boolean {
    const state = this.#database.get('SELECT state FROM case_runs WHERE id = ?', id)?.[0];
    if (state !== 'open' && state !== 'stuck') return false;
    const recorded = this.#database.run(
      'INSERT INTO run_results (run, task, result) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      task,
      result,
    );
    if (recorded === 0) return false;
    this.#database.run('DELETE FROM run_waits WHERE run = ? AND task = ?', id, task);
    this.#database.run(
      `UPDATE case_runs SET stirred = stirred + 1, due_ms = CASE state WHEN 'open' THEN ? END WHERE id = ?`,
      this.#nowMs(),
      id,
    );
    return true;
  }

  /**
   * Ends the waits whose time is over and goes on with up to `limit` runs that can; answers how many it went on with. One
   * call at a time, in the process that owns the data.
   */
  async work(tasks: CaseTasks, limit: number): Promise<number> {
    this.#endOverdueWaits(limit);
    const due = this.#database.all(
      'SELECT id FROM case_runs WHERE due_ms <= ? ORDER BY due_ms, id LIMIT ?',
      this.#nowMs(),
      limit,
    );
    for (let first = 0; first < due.length; first += RUNS_PER_WRITE) {
      await this.#goOn(
        due.slice(first, first + RUNS_PER_WRITE).map(([id]) => integer(id)),
        tasks,
      );
    }
    return due.length;
  }

  /** Goes on now with runs due so far off that the clock was ahead when they were put off. */
  followClock(): void {
    const now = this.#nowMs();
    const ahead = 'due_ms > ? + CASE failures WHEN 0 THEN 0 ELSE ? END';
    if (this.#database.get(`SELECT 1 FROM case_runs WHERE ${ahead} LIMIT 1`, now, LONGEST_RETRY_MS) === undefined) return;
    this.#database.write(() => this.#database.run(`UPDATE case_runs SET due_ms = ? WHERE ${ahead}`, now, now, LONGEST_RETRY_MS));
  }

  /** Whether `work` has anything to do now. Two looks into indexes. */
  isDue(): boolean {
    return (
      this.#database.get('SELECT 1 FROM case_runs WHERE due_ms <= ? LIMIT 1', this.#nowMs()) !== undefined ||
      this.#database.get('SELECT 1 FROM run_waits WHERE wake_at <= ? LIMIT 1', Date.parse(this.#clock.now())) !== undefined
    );
  }

  #endOverdueWaits(limit: number): void {
    const now = Date.parse(this.#clock.now());
    const sql = 'SELECT run, task FROM run_waits WHERE wake_at <= ? ORDER BY wake_at LIMIT ?';
    if (this.#database.get(sql, now, 1) === undefined) return;
    this.#database.write(() => {
      for (const [run, task] of this.#database.all(sql, now, limit)) this.#settle(integer(run), text(task), TIME_OVER);
    });
  }

  /** Goes on with some runs, one after the other, and keeps what came of them together. */
  async #goOn(ids: readonly number[], tasks: CaseTasks): Promise<void> {
    const gone: (() => void)[] = [];
    for (const id of ids) {
      const run = this.#load(id);
      if (run === undefined) continue;
      const passage = new Passage(id, this.#recordsOf(id), tasks, () => Date.parse(this.#clock.now()));
      const end = await this.#passThrough(run, passage);
      gone.push(() => this.#keep(run, passage, end));
    }
    this.#database.write(() => {
      for (const keep of gone) keep();
    });
  }

  async #passThrough({ definition, case: of, run }: LoadedRun, passage: Passage): Promise<PassageEnd> {
    try {
      const interpreter = await this.#interpreterOf(definition);
      return await interpreter({ case: of, run }, passage);
    } catch (error) {
      // Its definition cannot be read or gone through: no reason to hold up the others.
      return { end: 'failed', error: error instanceof Error ? error.name : 'UnknownError' };
    }
  }

  #load(id: number): LoadedRun | undefined {
    const row = this.#database.get(
      'SELECT of_case, run, definition, stirred, failures FROM case_runs WHERE id = ? AND due_ms IS NOT NULL',
      id,
    );
    if (row === undefined) return undefined;
    return {
      id,
      case: text(row[0]) as CaseId,
      run: integer(row[1]),
      definition: text(row[2]),
      stirred: integer(row[3]),
      failures: integer(row[4]),
    };
  }

  #recordsOf(id: number): Records {
    const pair = ([task, value]: Columns): [string, Columns[number]] => [text(task), value ?? null];
    const results = this.#database.all('SELECT task, result FROM run_results WHERE run = ?', id).map(pair);
    const waits = this.#database.all('SELECT task, wake_at FROM run_waits WHERE run = ?', id).map(pair);
    return {
      results: new Map(results.map(([task, result]) => [task, text(result)])),
      waits: new Map(waits.map(([task, at]) => [task, integer(at)])),
    };
  }

  #interpreterOf(version: string): Promise<Interpreter> {
    const known = this.#interpreters.get(version);
    if (known !== undefined) return known;
    const stored = text(this.#database.get('SELECT text FROM workflow_definitions WHERE version = ?', version)?.[0]);
    const made = interpreterOf(JSON.parse(stored) as StateMachine);
    this.#interpreters.set(version, made);
    return made;
  }

  #keep(run: LoadedRun, passage: Passage, end: PassageEnd): void {
    if (end.end === 'ended') {
      this.#end(run.id);
      return;
    }
    for (const [task, result] of passage.newResults) {
      this.#database.run('INSERT INTO run_results (run, task, result) VALUES (?, ?, ?)', run.id, task, result);
    }
    for (const [task, at] of passage.newWaits) this.#keepWait(run.id, task, at);
    if (end.end === 'failed') this.#park(run.id, end.error);
    else if (passage.failure !== undefined) this.#tryLater(run, passage.failure, passage.newResults.size > 0);
    else this.#rest(run);
  }

  /** Unless it was woken while it was announced. */
  #keepWait(run: number, task: string, at: number): void {
    const woken = this.#database.get('SELECT 1 FROM run_results WHERE run = ? AND task = ?', run, task) !== undefined;
    if (!woken) this.#database.run('INSERT INTO run_waits (run, task, wake_at) VALUES (?, ?, ?)', run, task, at);
  }

  #rest(run: LoadedRun): void {
    // Woken meanwhile, it stays due.
    this.#database.run('UPDATE case_runs SET due_ms = NULL, failures = 0 WHERE id = ? AND stirred = ?', run.id, run.stirred);
  }

  #tryLater(run: LoadedRun, failure: Failure, progressed: boolean): void {
    const failures = progressed ? 1 : run.failures + 1;
    const seconds = nextTry(failure.retry, failure.error, failures);
    if (seconds === undefined) {
      this.#park(run.id, failure.reason);
      return;
    }
    const due = this.#nowMs() + seconds * 1000;
    this.#database.run('UPDATE case_runs SET due_ms = ?, failures = ? WHERE id = ?', due, failures, run.id);
  }

  #park(id: number, reason: string): void {
    this.#database.run(`UPDATE case_runs SET state = 'stuck', reason = ?, due_ms = NULL WHERE id = ?`, reason, id);
  }

  /** An ended run is only remembered, so that starting it again starts nothing. */
  #end(id: number): void {
    this.#database.run(`UPDATE case_runs SET state = 'ended', reason = NULL, due_ms = NULL WHERE id = ?`, id);
    this.#database.run('DELETE FROM run_results WHERE run = ?', id);
    this.#database.run('DELETE FROM run_waits WHERE run = ?', id);
  }

  /** Runs that failed for good or too often, with the reason. */
  async stuck(limit: number): Promise<readonly StuckRun[]> {
    const rows = this.#database.all(
      `SELECT of_case, run, reason FROM case_runs WHERE state = 'stuck' ORDER BY id LIMIT ?`,
      limit,
    );
    return rows.map(([of, run, reason]) => ({ case: text(of) as CaseId, run: integer(run), reason: text(reason) }));
  }

  /** Tries every stuck run again from where it stopped; answers how many. */
  async restartStuck(): Promise<number> {
    return this.#database.write(() =>
      this.#database.run(
        `UPDATE case_runs SET state = 'open', reason = NULL, failures = 0, due_ms = ? WHERE state = 'stuck'`,
        this.#nowMs(),
      ),
    );
  }

  /** How many runs wait, are to be gone on with now or later, and are stuck. */
  async counts(): Promise<{ readonly waiting: number; readonly due: number; readonly stuck: number }> {
    const count = (where: string) => integer(this.#database.get(`SELECT count(*) FROM case_runs WHERE ${where}`)?.[0]);
    return {
      waiting: count(`state = 'open' AND due_ms IS NULL`),
      due: count('due_ms IS NOT NULL'),
      stuck: count(`state = 'stuck'`),
    };
  }
}
