import { readFileSync } from 'node:fs';

/** A file of text that is in another encoding than UTF-8. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  readonly zh = '不是 UTF-8 编码，请另存为 UTF-8';
  readonly en = 'not in UTF-8: save it as UTF-8';
  constructor() {
    super('不是 UTF-8 编码，请另存为 UTF-8 / not in UTF-8: save it as UTF-8');
  }
}

/**
 * The text of a file that people write with the editor they have: UTF-8, with or without the mark that some put before it.
 * @throws EncodingError when it is in another encoding; names in it would be kept garbled
 */
export function readWrittenText(path: string): string {
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EncodingError();
  }
}
