import { dateInChina } from '../../calendar/plain-date.ts';
import { absenceOn, levelOf } from '../assignment.ts';
import type { Assignment, Case } from '../case.ts';
import { refuse } from '../refusals.ts';
import { poolOf } from '../stage-moves.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';

/** Takes a case out of the pool. Nobody takes over what another has in hand: that is reassigning, with a reason. */
export function claim(found: Case, _: ActionOf<'claim'>, { actor, now }: ActContext): Move {
  const { assignment } = found;
  if (assignment?.user === actor.id) return ALREADY;
  if (assignment?.user !== undefined) return refuse('worker-has-it', assignment.at);
  const level = levelOf(actor.roles);
  const claimed: Assignment = { user: actor.id, level, area: assignment?.area ?? found.area, at: now, by: actor.id };
  return moved({ ...found, assignment: claimed }, { user: actor.id, level });
}

/** Gives a case to a worker; from one worker to another only with a reason. */
export function assign(found: Case, { to, reason }: ActionOf<'assign'>, { actor, now, assignee }: ActContext): Move {
  const { assignment } = found;
  if (assignment?.user === to) return ALREADY;
  if (assignee?.id !== to) return refuse('no-such-worker');
  const away = absenceOn(assignee, dateInChina(now));
  if (away !== undefined) return refuse('worker-away', away.to, away.cover);
  if (assignment?.user !== undefined && reason === undefined) return refuse('reason-missing');
  const level = levelOf(assignee.roles);
  const given: Assignment = {
    user: to,
    level,
    area: assignment?.area ?? found.area,
    at: now,
    by: actor.id,
    ...(reason === undefined ? undefined : { reason }),
  };
  return moved({ ...found, assignment: given }, { user: to, level, reason: reason ?? null, before: assignment?.user ?? null });
}

/** Gives a case back to the pool of the township, or of the county when it was there. A coordinator gives back only their own. */
export function returnToPool(found: Case, { reason }: ActionOf<'return-to-pool'>, { actor, now }: ActContext): Move {
  const { assignment } = found;
  if (assignment?.user === undefined) return assignment === undefined ? refuse('in-pool-already') : ALREADY;
  if (assignment.user !== actor.id && levelOf(actor.roles) === 'village') return refuse('not-your-case');
  const level = assignment.level === 'county' ? 'county' : 'township';
  const pool: Assignment = { ...poolOf(found.area, level, now, actor.id), reason };
  return moved({ ...found, assignment: pool }, { level, reason, before: assignment.user });
}
