import { dateInChina } from '../calendar/plain-date.ts';
import { type SendingDeps, sendCorrections } from '../corrections/send-corrections.ts';
import type { CaseMessage, StartRun, WakeRun, WarningChanged } from '../ports/case-messages.ts';
import type { CaseChange } from '../ports/case-store.ts';
import type { CaseWorkflow } from '../ports/case-workflow.ts';
import { RetryLaterError } from '../ports/errors.ts';
import { LogCode, type Metrics } from '../ports/log.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membershipOn } from '../registry/membership.ts';
import type { Standing } from '../warnings/warning.ts';
import type { Case, CaseId } from './case.ts';
import { takeWarning, type WarningNews } from './open-case.ts';
import { type FileAnswerDeps, takeFileAnswers } from './take-file-answers.ts';
import { answerOf } from './waits.ts';

/** What the messages of the queue `cases` need. */
export interface MessageDeps extends FileAnswerDeps, Pick<SendingDeps, 'corrections'> {
  readonly standings: Pick<StandingStore, 'load'>;
  readonly workflow: Pick<CaseWorkflow, 'start' | 'wake'>;
  readonly metrics: Metrics;
}

const TRIES = 6;

/**
 * Takes messages in: warnings open cases or join them, runs are started, waits woken, answers given by file taken. Each may
 * come twice, late and in any order. Throws when one could not be taken; all may then be given again.
 */
export async function takeMessages(deps: MessageDeps, messages: readonly CaseMessage[]): Promise<void> {
  const warnings: WarningChanged[] = [];
  const answered: HouseholdId[] = [];
  for (const message of messages) {
    switch (message.kind) {
      case 'warning-changed':
        warnings.push(message);
        break;
      case 'start-run':
        await startRun(deps, message);
        break;
      case 'wake-run':
        await wakeRun(deps, message);
        break;
      case 'answers-came':
        answered.push(...message.households);
        break;
      case 'send-corrections':
        await sendCorrections(deps, message.case);
        break;
    }
  }
  await takeWarnings(deps, warnings);
  if (answered.length > 0) await takeAnswers(deps, answered);
}

async function startRun({ cases, workflow }: MessageDeps, { case: id, run }: StartRun): Promise<void> {
  const found = await cases.get(id);
  // A closed case is still run: its last step marks the warnings as handled.
  if (found === undefined || found.workflow.run !== run) return;
  await workflow.start({ case: id, run });
}

async function wakeRun({ cases, workflow, clock, rules }: MessageDeps, message: WakeRun): Promise<void> {
  const found = await cases.get(message.case);
  if (found === undefined) return;
  await workflow.wake(message.token, answerOf(found, clock.now(), rules.clocks, message));
}

async function takeAnswers(deps: MessageDeps, households: readonly HouseholdId[]): Promise<void> {
  let answers = 0;
  for (const found of (await deps.cases.current(households)).values()) answers += await takeFileAnswers(deps, found);
  deps.metrics.count('ReferralsAnsweredByFile', answers);
  deps.log.info(LogCode.FileAnswersTaken, { households: households.length, answers });
}

/** All households at once: a medical file at the end of a month changes thousands of warnings within a minute. */
async function takeWarnings(deps: MessageDeps, messages: readonly WarningChanged[]): Promise<void> {
  let pending = messages;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > TRIES) throw new RetryLaterError('cases kept changing while warnings were taken in');
    if (attempt > 1) {
      deps.log.warn(LogCode.WriteConflict, { warnings: pending.length, attempt });
      await deps.pause(attempt);
    }
    pending = await takeOnce(deps, pending);
  }
}

/** One change per household at a time: a second message of the same household is taken in the next turn. */
async function takeOnce(deps: MessageDeps, messages: readonly WarningChanged[]): Promise<readonly WarningChanged[]> {
  const households = [...new Set(messages.map(({ household }) => household))];
  const [standings, current] = await Promise.all([deps.standings.load(households), deps.cases.current(households)]);
  const changes = new Map<HouseholdId, CaseChange>();
  const waiting: WarningChanged[] = [];
  for (const message of messages) {
    const { household } = message;
    if (changes.has(household)) {
      waiting.push(message);
      continue;
    }
    const standing = standings.get(household)?.find((one) => one.warning?.id === message.warning);
    // Without it the warning has given way to a newer one, which has a message of its own.
    const change = standing === undefined ? undefined : await changeBy(deps, message, standing, current.get(household));
    if (change !== undefined) changes.set(household, change);
  }
  if (changes.size === 0) return [];
  const conflicts = new Set((await deps.cases.save([...changes.values()])).map((change) => change.case.household));
  count(deps, changes, conflicts);
  return [
    ...messages.filter(({ household }) => conflicts.has(household)),
    ...waiting.filter(({ household }) => !conflicts.has(household)),
  ];
}

async function changeBy(deps: MessageDeps, { change }: WarningChanged, standing: Standing, current: Case | undefined) {
  const { warning, version } = standing;
  if (warning === undefined) return undefined;
  const superseded = warning.withdrawal === 'household-superseded' && current !== undefined && current.stage !== 'closed';
  const mergedWith = superseded ? await caseOfMembers(deps, standing.household) : undefined;
  const news: WarningNews = { warning, version, change, ...(mergedWith === undefined ? undefined : { mergedWith }) };
  return takeWarning(current, news, { now: deps.clock.now(), rules: deps.rules });
}

/** The open case of a household that people of this one belong to now. */
async function caseOfMembers({ registry, cases, clock }: MessageDeps, left: HouseholdId): Promise<CaseId | undefined> {
  const today = dateInChina(clock.now());
  const people = (await registry.membersOf([left])).get(left) ?? [];
  const now = people.flatMap(({ memberships }) => membershipOn(memberships, today)?.household ?? []);
  const there = await cases.current([...new Set(now)].filter((household) => household !== left));
  return [...there.values()].find(({ stage }) => stage !== 'closed')?.id;
}

function count(
  { metrics, log }: MessageDeps,
  changes: ReadonlyMap<HouseholdId, CaseChange>,
  conflicts: ReadonlySet<HouseholdId>,
): void {
  const saved = [...changes.values()].filter((change) => !conflicts.has(change.case.household));
  const opened = saved.filter((change) => change.case.version === 1).length;
  metrics.count('CasesOpened', opened);
  log.info(LogCode.CasesChanged, { opened, joined: saved.length - opened });
}
