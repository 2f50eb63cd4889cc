import type { Bilingual } from '../catalog/feed.ts';

/** Endings of the names of files that are taken (design.md §9): the one list for drop path, upload and their messages. */
const TAKEN: readonly string[] = ['csv', 'txt', 'xlsx', 'jsonl'];

/** What may be sent, in words. */
export const TAKEN_KINDS = {
  zh: '.csv、.txt、.xlsx 或 .jsonl；压缩包（.zip 等）请先解压，再逐个报送',
  en: '.csv, .txt, .xlsx or .jsonl; unpack archives such as .zip and send the files in them one by one',
} as const;

/** What to do with a file of another kind. */
export function adviceOn(extension: string): Bilingual {
  if (extension === '') {
    return {
      zh: `文件名没有扩展名；请按内容补上。可报送 ${TAKEN_KINDS.zh}`,
      en: `the file name has no ending; add the one that fits. Send ${TAKEN_KINDS.en}`,
    };
  }
  if (/^(xls|xlsm|xlsb|et|ett|ods)$/.test(extension)) {
    return {
      zh: `不接收 .${extension} 工作簿；请用表格软件打开，另存为 .xlsx 或 CSV（UTF-8）后报送`,
      en: `.${extension} workbooks are not taken; open it in a spreadsheet, save it as .xlsx or CSV (UTF-8) and send that`,
    };
  }
  return {
    zh: `不接收扩展名为“${extension}”的文件；可报送 ${TAKEN_KINDS.zh}`,
    en: `files ending in "${extension}" are not taken; send ${TAKEN_KINDS.en}`,
  };
}

/** The ending of a file name in lower case, without the dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Whether a file of this name is read at all; what it holds is told by its bytes. */
export function isTaken(name: string): boolean {
  return TAKEN.includes(extensionOf(name));
}
