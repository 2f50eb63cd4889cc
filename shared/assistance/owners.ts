import type { Bilingual } from '../catalog/feed.ts';

/** Departments that own measures: those of the catalogue of feeds, and bodies that have an inbox but send no feed yet. */
export const owners = {
  'civil-affairs': { zh: '民政', en: 'Civil affairs' },
  'medical-insurance': { zh: '医保', en: 'Medical insurance' },
  education: { zh: '教育', en: 'Education' },
  'human-resources': { zh: '人社', en: 'Human resources' },
  housing: { zh: '住建', en: 'Housing and construction' },
  'emergency-management': { zh: '应急管理', en: 'Emergency management' },
  'disabled-persons-federation': { zh: '残联', en: "Disabled persons' federation" },
  health: { zh: '卫健', en: 'Health' },
  agriculture: { zh: '农业农村（乡村振兴）', en: 'Agriculture and rural revitalisation' },
  'womens-federation': { zh: '妇联', en: "Women's federation" },
  charity: { zh: '慈善组织', en: 'Charities' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export type Owner = keyof typeof owners;

/** Department and its title, as a measure states them. */
export function ownedBy(owner: Owner): { readonly department: Owner; readonly departmentTitle: Bilingual } {
  return { department: owner, departmentTitle: owners[owner] };
}
