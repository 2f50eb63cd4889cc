/** Names that editors, copiers and systems give to what is no finished file of a department, below whatever folder. */
const STRAY =
  /(^|\/)(\.|~\$|__MACOSX\/|(thumbs\.db|ehthumbs\.db|desktop\.ini)$)|\.(part|partial|filepart|tmp|temp|crdownload|download|downloading|swp|lock|lnk)$/iu;

/**
 * Whether a path is a by-product nobody sent (`.DS_Store`, `~$名册.xlsx`, `Thumbs.db`, a half copy): it is passed over where files
 * are looked for, and answered only when somebody names it.
 */
export function isStray(path: string): boolean {
  return STRAY.test(path);
}
