import type { Instant } from '../../shared/calendar/plain-date.ts';

/**
 * One time for all stories of a deployment: when every story under way waits for a later hour, time passes until the first of
 * them. So they are played side by side, as families live, and the clock never goes back.
 */
export class StoryTime {
  readonly #pass: (to: Instant) => Promise<void>;
  readonly #waiting = new Set<{ readonly at: Instant; readonly go: () => void; readonly fail: (error: unknown) => void }>();
  #underWay = 0;

  /** `pass` lets the deployment's time pass; what falls due on the way is done when it answers. */
  constructor(pass: (to: Instant) => Promise<void>) {
    this.#pass = pass;
  }

  /** Plays stories side by side; each settles for itself. */
  play<T>(stories: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
    this.#underWay += stories.length;
    return stories.map(async (story) => {
      try {
        return await story();
      } finally {
        this.#underWay -= 1;
        this.#turn();
      }
    });
  }

  /** Answers once it is so late. A time that has passed is now. */
  until(at: Instant): Promise<void> {
    return new Promise((go, fail) => {
      this.#waiting.add({ at, go, fail });
      this.#turn();
    });
  }

  #turn(): void {
    const waiting = [...this.#waiting];
    const [first, ...others] = waiting.map(({ at }) => at);
    if (first === undefined || waiting.length < this.#underWay) return;
    const next = others.reduce((earliest, at) => (at < earliest ? at : earliest), first);
    const due = waiting.filter(({ at }) => at <= next);
    for (const one of due) this.#waiting.delete(one);
    this.#pass(next).then(
      () => due.forEach(({ go }) => void go()),
      (error: unknown) => due.forEach(({ fail }) => void fail(error)),
    );
  }
}
