import type { Bilingual } from '../catalog/feed.ts';
import type { WithdrawalReason } from './warning.ts';

/** Why a warning was withdrawn, in words. */
export const withdrawalTitle: Readonly<Record<WithdrawalReason, Bilingual>> = {
  'reason-taken-back': { zh: '预警依据已更正', en: 'the reason was corrected away' },
  'household-superseded': { zh: '家庭已并入其他家庭', en: 'the household went into another' },
  'all-members-died': { zh: '成员均已死亡', en: 'every member has died' },
  'entitlement-delivered': { zh: '政策已落实', en: 'entitlement delivered' },
  'entitlement-lapsed': { zh: '政策时限已过', en: 'the time for it has passed' },
};
