import * as z from 'zod';
import type { CaseId } from '../../shared/casework/case.ts';
import type { StepCall, WaitCall } from '../../shared/casework/step.ts';
import { PermanentError } from '../../shared/ports/errors.ts';

/** What the state machine calls with: a step to do, or a wait that announces itself. */
const of = {
  case: z.string().transform((text) => text as CaseId),
  run: z.int().positive(),
  referral: z.string().optional(),
};
const wait = z.enum(['desk-check', 'visit', 'review', 'conference', 'papers', 'referral', 'follow-up']);

const WaitCallShape = z.object({ ...of, wait, token: z.string().min(1) });
const StepCallShape = z.object({
  ...of,
  step: z.enum(['enter', 'desk-check', 'assign-visit', 'send-referral', 'raise-light', 'follow-up', 'close']),
  wait: wait.optional(),
});

/** Reads a call of the engine. PermanentError when it is neither: no retry makes one of it. */
export function readEngineCall(event: object): StepCall | WaitCall {
  const read = ('token' in event ? WaitCallShape : StepCallShape).safeParse(event);
  if (read.success) return withoutAbsent(read.data);
  const places = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new PermanentError('UNKNOWN_CALL', `the workflow called with what is neither a step nor a wait; look at: ${places}`);
}

/** Without the names of what was left out. */
function withoutAbsent<T extends object>(call: T): StepCall | WaitCall {
  return Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)) as unknown as StepCall | WaitCall;
}
