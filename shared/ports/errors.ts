import type { Bilingual } from '../catalog/feed.ts';

/** Named by what the caller must do. Adapters translate their library's errors into these. */

/** Try again later: throttled, timed out, connection lost. */
export class RetryLaterError extends Error {
  override readonly name: string = 'RetryLaterError';
  /** A service is at its limit or not to be reached: asking it for the same in smaller parts at once only asks it for more. */
  readonly busy: boolean;
  constructor(message?: string, { busy = false, ...options }: ErrorOptions & { readonly busy?: boolean } = {}) {
    super(message, options);
    this.busy = busy;
  }
}

/** The machine has no room to write. No message is to blame for it, so none is given up for it: everything waits for room. */
export class NoRoomError extends RetryLaterError {
  override readonly name = 'NoRoomError';
}

/** What was asked for is not there. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** No retry will help: the message or setting itself is wrong. Goes to the dead letters with its reason. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What was asked for cannot be done as it was asked: the words go to whoever asked, so they repeat nothing of anybody. */
export class WrongRequestError extends PermanentError {
  override readonly name = 'WrongRequestError';
  readonly text: Bilingual;
  constructor(text: Bilingual) {
    super('bad-request', `${text.zh} / ${text.en}`);
    this.text = text;
  }
}

/** The key of a request was used for another one: answered as done already, what it asks would be lost in silence. */
export class KeyReusedError extends PermanentError {
  override readonly name = 'KeyReusedError';
  constructor() {
    super('key-reused', '该请求编号已用于另一请求 / the key was used for another request');
  }
}
