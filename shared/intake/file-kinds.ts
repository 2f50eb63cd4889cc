/** Endings of the names of files that are taken (design.md §9): the one list for drop path, upload and their messages. */
const TAKEN: readonly string[] = ['csv', 'txt', 'xlsx', 'jsonl'];

/** What may be sent, in words. */
export const TAKEN_KINDS = {
  zh: '.csv、.txt、.xlsx 或 .jsonl；压缩包（.zip 等）请先解压，再逐个报送',
  en: '.csv, .txt, .xlsx or .jsonl; unpack archives such as .zip and send the files in them one by one',
} as const;

/** The ending of a file name in lower case, without the dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Whether a file of this name is read at all; what it holds is told by its bytes. */
export function isTaken(name: string): boolean {
  return TAKEN.includes(extensionOf(name));
}
