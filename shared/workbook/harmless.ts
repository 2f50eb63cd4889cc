/** What spreadsheet programs take for the beginning of a formula, in ASCII and in the full-width forms some of them fold. */
const BEGINS_FORMULA = /^[\s\uFEFF]*[=+\-@\t\r\n＝＋－＠|%]/;

/**
 * Text that a spreadsheet program shows and never computes: an apostrophe goes before whatever it might take for a formula
 * (OWASP: CSV injection). The one place for every format people open.
 */
export function harmless(text: string): string {
  return BEGINS_FORMULA.test(text) ? `'${text}` : text;
}
