import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '../../shared/access/principal.ts';
import type { Purpose } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import { type Embedded, openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { ActingDeps } from '../../shared/casework/perform-action.ts';
import type { StepDeps } from '../../shared/casework/run-step.ts';
import type { MessageDeps } from '../../shared/casework/take-messages.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { CaseMessage } from '../../shared/ports/case-messages.ts';
import type { CaseRun } from '../../shared/ports/case-workflow.ts';
import type { Standing } from '../../shared/warnings/warning.ts';
import { testRules } from './case-rules.ts';
import { instant } from './facts.ts';
import { standing, warning } from './standings.ts';

/** An engine that only remembers what it was told. */
class RememberedRuns {
  readonly started: CaseRun[] = [];
  readonly woken: [token: string, stage: string, goesOn: boolean][] = [];
  start = async (run: CaseRun) => void this.started.push(run);
  wake = async (token: string, { stage, goesOn }: { readonly stage: string; readonly goesOn: boolean }) => {
    this.woken.push([token, stage, goesOn]);
    return 'woken' as const;
  };
}

/** A township's office over the embedded stores, with a clock set by hand. */
export class CaseOffice {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
  readonly embedded: Embedded = openEmbedded(join(this.#folder, 'data'));
  readonly runs = new RememberedRuns();
  readonly logged: string[] = [];
  now: Instant = instant();
  /** Awaited before each save of a case: lets somebody else be faster. */
  beforeSave: () => Promise<void> = async () => {};

  /** Everything any use-case of the casework needs. */
  readonly deps: ActingDeps & StepDeps & MessageDeps = {
    cases: this.#hurried(),
    standings: this.embedded.standings,
    catalog,
    registry: this.embedded.households,
    facts: this.embedded.facts,
    corrections: this.embedded.corrections,
    staff: this.embedded.staff,
    eventLog: this.embedded.eventLog,
    workflow: this.runs,
    rules: testRules,
    clock: { now: () => this.now },
    log: { info: () => {}, warn: (code) => void this.logged.push(code), error: (code) => void this.logged.push(code) },
    metrics: { count: () => {} },
    pause: async () => {},
    guard: async (_, asked) => asked.map(() => ({ verdict: 'ok' })),
    proposals: async () => [],
    visitor: async () => undefined,
    look: async () => ({ grade: null, points: { low: 0, high: 0 } }),
  };

  #hurried(): Embedded['cases'] {
    const office = this;
    return new Proxy(this.embedded.cases, {
      get(store, name) {
        const method: unknown = Reflect.get(store, name);
        if (typeof method !== 'function') return method;
        return async (...given: unknown[]) => {
          if (name === 'save') {
            const { beforeSave } = office;
            office.beforeSave = async () => {};
            await beforeSave();
          }
          return Reflect.apply(method, store, given);
        };
      },
    });
  }

  /** Saves cases as they are. */
  async has(...cases: readonly Case[]): Promise<void> {
    const refused = await this.embedded.cases.save(cases.map((one) => ({ case: one, events: [], messages: [] })));
    if (refused.length > 0) throw new Error('a case was there already');
  }

  /** Saves a standing of the n-th household with an open warning at its first version. */
  async hasWarning(n: number, changes: Partial<Standing> = {}): Promise<Standing> {
    const kept = standing(n, 1, { warning: warning(n), ...changes });
    await this.embedded.standings.save([{ standing: kept, events: [], messages: [] }]);
    return kept;
  }

  /** Takes the messages that wait in the queue `cases`. */
  async messages(): Promise<readonly CaseMessage[]> {
    const received = await this.embedded.queue.receive('cases', 100, 60);
    return received.map(({ body }) => CaseMessage.parse(JSON.parse(body)));
  }

  async events(): Promise<readonly DomainEvent[]> {
    return (await this.embedded.outbox.pending('', 10_000)).flatMap((one) => one.events);
  }

  close(): void {
    this.embedded.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Somebody's request about a case, as the ways in hand it over. */
export function accessOf(principal: Partial<Principal> & Pick<Principal, 'roles'>, request = 'read-1'): Access {
  return {
    principal: { id: `${principal.roles[0]}-1`, areas: ['410102'], departments: [], ...principal },
    purpose: 'visit' as Purpose,
    request,
  };
}
