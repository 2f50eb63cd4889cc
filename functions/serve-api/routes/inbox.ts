import { CaseAction } from '../../../shared/casework/actions.ts';
import type { CaseId } from '../../../shared/casework/case.ts';
import { readInbox } from '../../../shared/casework/inbox.ts';
import { performAction } from '../../../shared/casework/perform-action.ts';
import { presentReferral } from '../../../shared/casework/present-case.ts';
import type { ApiDeps } from '../api-deps.ts';
import { AnswerBody, InboxQuery, ReferralPath } from '../case-schemas.ts';
import { ProblemError } from '../problem.ts';
import { type Api, bodyOf, keyOf, limitedBody, nextOf, parsed, positionOf, purposeful, queried } from '../request.ts';

/** The department's side of referrals. */
export function addInboxRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/inbox', async (c) => {
    const access = await purposeful(deps, c, 'inbox.read');
    const { department, limit, cursor } = queried(InboxQuery, c);
    const question = ['inbox', department, access.principal.areas];
    const after = positionOf(question, cursor);
    const page = await readInbox(deps, access, { department, limit, ...(after === undefined ? {} : { after }) });
    return c.json({ items: page.items, next: nextOf(question, page.next) });
  });
  app.post('/api/v1/inbox/:id/:referral/answers', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'cases.act');
    const { id, referral } = parsed(ReferralPath, c.req.param(), 'path');
    const answer = parsed(AnswerBody, await bodyOf(c), 'body');
    const action = parsed(CaseAction, { ...answer, action: 'answer-referral', referral }, 'body');
    const performed = await performAction(deps, access, { case: id as CaseId, action, key: keyOf(c, access.principal) });
    if (performed.kind === 'conflict') throw new ProblemError('case-moved-on');
    if (performed.kind === 'refused') throw new ProblemError('action-refused', performed.refusal.text);
    const now = performed.case.referrals.find((one) => one.id === referral);
    if (now === undefined) throw new ProblemError('not-found');
    return c.json(presentReferral(now, (text) => text ?? null));
  });
}
