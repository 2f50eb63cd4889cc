import type { Bilingual } from '../catalog/feed.ts';
import type { IndicatorResult } from './assessment.ts';
import { RATIO_TO_NOTHING } from './compiled.ts';

/** Integer fen as yuan with two decimals and thousands commas: 123450 → `1,234.50`. Whole arithmetic, so no cent is lost. */
export function yuanText(fen: number): string {
  const whole = Math.trunc(Math.abs(fen) / 100).toString();
  const cents = (Math.abs(fen) % 100).toString().padStart(2, '0');
  return `${fen < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** A value in the unit of its indicator, in words. */
export function valueText(value: number, unit: IndicatorResult['unit']): Bilingual {
  switch (unit) {
    case 'fen':
      return { zh: `${yuanText(value)}元`, en: `${yuanText(value)} yuan` };
    case 'ratio': {
      if (value >= RATIO_TO_NOTHING)
        return { zh: '高于任何比例（对照的一项为0）', en: 'above any ratio (there is nothing to set it against)' };
      const percent = `${String(Math.round(value * 1000) / 10)}%`;
      return { zh: percent, en: percent };
    }
    case 'years':
      return { zh: `${value}岁`, en: `${value} years` };
    case 'yes-no':
      return value > 0 ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' };
    case 'count':
      return { zh: String(value), en: String(value) };
  }
}
