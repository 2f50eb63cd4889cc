/** The reports there are, by id: for forms and settings, which need no more of them. */
export const reportIds = [
  'warning-ledger',
  'visit-ledger',
  'referral-ledger',
  'assistance-ledger',
  'funnel',
  'referral-turnaround',
  'timeliness',
  'overdue-ledger',
  'no-help-reasons',
  'data-exchange-ledger',
  'corrections-ledger',
  'rule-versions',
  'access-log',
  'odd-access',
  'sampling-list',
] as const;
