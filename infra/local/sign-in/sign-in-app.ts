import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { languageOf } from '../../../functions/serve-api/language.ts';
import { ProblemError, problemResponse } from '../../../functions/serve-api/problem.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { CheckPassword } from './accounts.ts';
import type { DemoAccount } from './demo-accounts.ts';
import { TOKEN_SECONDS, type TokenSubject } from './tokens.ts';

const Body = z.strictObject({ user: z.string().min(1).max(100), password: z.string().min(1).max(200) });

/** Failures of one user name in a row before it must wait. */
const FAILURES = 5;
const WAIT_MS = 15 * 60_000;
/** User names remembered at most, so that guessing names does not fill the memory. */
const NAMES_KEPT = 10_000;

/** Sign-ins that wait for their password to be checked, the one in hand among them: some seconds' worth. */
const MOST_WAITING = 50;

/**
 * Checks passwords one after the other. A check is slow on purpose, and the threads it keeps busy are those that read and write files:
 * a flood of sign-ins, which anybody can send, must not stop the county's other work.
 */
class CheckingDesk {
  readonly #check: CheckPassword;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  constructor(check: CheckPassword) {
    this.#check = check;
  }

  get isFull(): boolean {
    return this.#waiting >= MOST_WAITING;
  }

  async check(user: string, password: string): ReturnType<CheckPassword> {
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#check(user, password));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** Counts failed sign-ins per user name; a success clears the count. */
function failureCounter(clock: Clock) {
  const failures = new Map<string, { count: number; last: number }>();
  const nowMs = () => Date.parse(clock.now());
  return {
    mustWait(user: string): boolean {
      const seen = failures.get(user);
      if (seen === undefined) return false;
      if (nowMs() - seen.last < WAIT_MS) return seen.count >= FAILURES;
      failures.delete(user);
      return false;
    },
    failed(user: string): void {
      const count = (failures.get(user)?.count ?? 0) + 1;
      failures.delete(user);
      failures.set(user, { count, last: nowMs() });
      const [oldest] = failures.keys();
      if (failures.size > NAMES_KEPT && oldest !== undefined) failures.delete(oldest);
    },
    succeeded(user: string): void {
      failures.delete(user);
    },
  };
}

/**
 * The built-in issuer's two routes: `POST /sign-in` gives a token of 8 hours; `GET /sign-in/accounts` lists the demo
 * accounts for the start page, and is not there without them. Not mounted when another issuer is set.
 */
export function createSignIn(deps: {
  readonly check: CheckPassword;
  readonly issue: (subject: TokenSubject) => Promise<string>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly demo?: readonly DemoAccount[];
}): Hono {
  const app = new Hono();
  const failures = failureCounter(deps.clock);
  const desk = new CheckingDesk(deps.check);
  const answer = (c: Context, problem: ProblemError) =>
    problemResponse(problem, languageOf(c.req.header('accept-language')), deps.newId());
  const notSignIn = new ProblemError('bad-request', {
    zh: '请求正文应为 {"user": 账号, "password": 口令}。',
    en: 'Expected a body of {"user": …, "password": …}.',
  });
  app.post('/sign-in', bodyLimit({ maxSize: 4_096, onError: (c) => answer(c, notSignIn) }), async (c) => {
    const refuse = (problem: ProblemError) => answer(c, problem);
    const body = Body.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return refuse(notSignIn);
    const { user, password } = body.data;
    if (failures.mustWait(user)) return refuse(new ProblemError('too-many-attempts'));
    if (desk.isFull) return refuse(new ProblemError('try-later'));
    // Counted before the check, so that parallel guesses cannot slip through while the slow hash runs.
    failures.failed(user);
    const subject = await desk.check(user, password);
    if (subject === undefined) {
      const detail = { zh: '账号或口令不正确。', en: 'Wrong account or password.' };
      return refuse(new ProblemError('unauthenticated', detail));
    }
    failures.succeeded(user);
    const token = await deps.issue(subject);
    return c.json({ token, tokenType: 'Bearer', expiresIn: TOKEN_SECONDS }, 200, { 'cache-control': 'no-store' });
  });
  const { demo } = deps;
  if (demo !== undefined) app.get('/sign-in/accounts', (c) => c.json({ accounts: demo }, 200, { 'cache-control': 'no-store' }));
  return app;
}
