import type { Attachment, Case } from '../case.ts';
import { refuse } from '../refusals.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';

/** Bytes of a case's record beyond which it takes no more comments: a stored item has at most 400 kB (DynamoDB). */
const FULL = 250_000;

/** Words for the history; possible on a closed case too. */
export function comment(found: Case, { note }: ActionOf<'comment'>): Move {
  if (Buffer.byteLength(JSON.stringify(found)) > FULL) return refuse('case-full');
  return moved(found, {}, note);
}

/** Puts an uploaded file to the case. The same bytes twice are one. */
export function attach(found: Case, { id, kind, type, size }: ActionOf<'attach'>, { actor, now }: ActContext): Move {
  if (found.attachments.some((one) => one.id === id && one.kind === kind)) return ALREADY;
  const attachment: Attachment = { id, kind, type, size, by: actor.id, at: now };
  return moved({ ...found, attachments: [...found.attachments, attachment] }, { attachment: id, kind, type, size });
}

/** Whether the case was not given some of these attachments: a paper that nobody has seen proves nothing. */
export function lacksAttachment({ attachments }: Case, ids: readonly string[]): boolean {
  return ids.some((id) => !attachments.some((one) => one.id === id));
}

/** The family agrees that charities are told of its need. */
export function giveConsent(found: Case, { paper }: ActionOf<'give-consent'>, { actor, now }: ActContext): Move {
  if (found.consent !== undefined && (paper === undefined || found.consent.paper === paper)) return ALREADY;
  if (paper !== undefined && lacksAttachment(found, [paper])) return refuse('no-such-attachment');
  const consent = { at: now, by: actor.id, ...(paper === undefined ? undefined : { paper }) };
  return moved({ ...found, consent }, { paper: paper ?? null });
}
