import type { Bilingual } from '../catalog/feed.ts';
import type { HouseholdCategory } from './household.ts';

/** What a household already is to civil affairs, in words (domain.md §2.1). */
export const categoryTitle: Readonly<Record<HouseholdCategory, Bilingual>> = {
  'minimum-living-allowance': { zh: '低保', en: 'minimum living allowance' },
  'destitute-support': { zh: '特困供养', en: 'destitute support' },
  'near-poor': { zh: '低保边缘', en: 'near-poor household' },
  'rigid-expenditure': { zh: '刚性支出困难', en: 'rigid-expenditure household' },
  'falling-back-monitored': { zh: '防止返贫监测', en: 'monitored against falling back' },
  'other-hardship': { zh: '其他困难', en: 'other hardship' },
  none: { zh: '未纳入救助', en: 'in no register yet' },
};
