import type { Bilingual } from '../catalog/feed.ts';

/** What is wrong with one cell, row or file. Where it is, is added by whoever knows. Never carries a name or a number from the file. */
export class Fault {
  readonly code: string;
  readonly message: Bilingual;

  constructor(code: string, zh: string, en: string) {
    this.code = code;
    this.message = { zh, en };
  }
}
