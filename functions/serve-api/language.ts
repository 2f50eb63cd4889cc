/** The two languages of answers; Chinese when the caller states no wish. */
export type Language = 'zh' | 'en';

/** Picks from an Accept-Language header; a language neither of us speaks falls back to Chinese. */
export function languageOf(header: string | undefined): Language {
  let best: Language = 'zh';
  let weight = 0;
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...options] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = options.find((option) => option.startsWith('q='));
    const q = quality === undefined ? 1 : Number(quality.slice(2));
    const language = tag === 'en' || tag.startsWith('en-') ? 'en' : tag === 'zh' || tag.startsWith('zh-') ? 'zh' : undefined;
    if (language === undefined || Number.isNaN(q) || q <= weight) continue;
    best = language;
    weight = q;
  }
  return best;
}
