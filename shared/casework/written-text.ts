import * as z from 'zod';
import { discloseText } from '../access/masking.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';

/**
 * Characters that are no text: control characters other than tab and line ends, marks that turn the direction of what
 * follows (a note could be made to read otherwise than it is stored), and halves of characters, which no store keeps.
 */
const NO_TEXT = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

function isWritten(text: string): boolean {
  return !NO_TEXT.test(text.replace(/[\t\n\r]/g, ''));
}

const written = z.stringFormat('written-text', isWritten);

/** Numbers as every screen shows them; those of the old kind, and in full-width digits, without any of their digits. */
function withoutNumbers(text: string): string {
  return maskIdentityNumbers(discloseText(text));
}

/**
 * Words that a person wrote, of at most so many characters. The same rule for every note, name and statement that comes in. An
 * identity number among them is masked before anything is kept: nowhere but in the vault does one stand.
 */
export function writtenText(most: number) {
  return written.trim().overwrite(withoutNumbers).min(1).max(most);
}
