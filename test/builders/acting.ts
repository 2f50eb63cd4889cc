import type { ActContext } from '../../shared/casework/act/move.ts';
import { act } from '../../shared/casework/act.ts';
import { CaseAction } from '../../shared/casework/actions.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { ActionRefusal } from '../../shared/casework/refusals.ts';
import type { CaseChange } from '../../shared/ports/case-store.ts';

/** An action as a client states it, parsed as every way in parses it. */
export function action(asked: unknown): CaseAction {
  return CaseAction.parse(asked);
}

/** The change an action makes; fails the test when it is refused or done before. */
export function change(found: Case, asked: unknown, context: ActContext): CaseChange {
  const made = act(found, action(asked), context);
  if (made.kind !== 'acted') throw new Error(`${made.kind}: ${made.kind === 'refused' ? made.refusal.text.en : ''}`);
  return made.change;
}

/** The case after an action. */
export function acted(found: Case, asked: unknown, context: ActContext): Case {
  return change(found, asked, context).case;
}

/** Why an action is refused; fails the test when it is not. */
export function refusal(found: Case, asked: unknown, context: ActContext): ActionRefusal {
  const made = act(found, action(asked), context);
  if (made.kind !== 'refused') throw new Error(`${made.kind}, not refused`);
  return made.refusal;
}

/** The case after a paper was uploaded and put to it, with what names it. */
export function withPaper(found: Case, context: ActContext, digit = 'a', kind = 'paper'): { found: Case; paper: string } {
  const paper = digit.repeat(64);
  return { found: acted(found, { action: 'attach', id: paper, kind, type: 'image/jpeg', size: 900 }, context), paper };
}

let visits = 0;

/** A visit at home by two people, true, temporary aid proposed; one id each. */
export function visitForm(changes: Readonly<Record<string, unknown>> = {}) {
  visits += 1;
  return {
    action: 'record-visit',
    visit: {
      id: `00000000-0000-4000-8000-${String(visits).padStart(12, '0')}`,
      means: 'home',
      visitedAt: '2024-04-01T09:00:00Z',
      investigators: ['王芳', '李强'],
      truth: 'T1',
      proposed: ['A6'],
      baseVersion: 1,
      ...changes,
    },
  };
}
