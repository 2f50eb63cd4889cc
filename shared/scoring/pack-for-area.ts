/** Which packs an area runs: a setting, so that a county changes its rules without new code. */
export interface AreaPacks {
  /** Area code prefix of up to 12 digits; empty for everywhere else. */
  readonly prefix: string;
  /** Ids of the packs. */
  readonly packs: readonly string[];
}

/**
 * Which packs run where until somebody says otherwise: each published pack where it was published, Henan's elsewhere (in Jiangxi beside its own), so that
 * nobody is left without one, people of unknown area included.
 */
export const DEFAULT_AREA_PACKS: readonly AreaPacks[] = [
  { prefix: '', packs: ['henan-low-income'] },
  { prefix: '41', packs: ['henan-low-income'] },
  { prefix: '36', packs: ['henan-low-income', 'jiangxi-newborn-enrolment'] },
  { prefix: '37', packs: ['shandong-low-income'] },
  { prefix: '1522', packs: ['hinggan-urban-hardship'] },
];

/** Ids of the packs of an area: those of the longest prefix that matches. Empty when none does. */
export function packsForArea(settings: readonly AreaPacks[], area: string): readonly string[] {
  let best: AreaPacks | undefined;
  for (const setting of settings) {
    if (area.startsWith(setting.prefix) && (best === undefined || setting.prefix.length > best.prefix.length)) best = setting;
  }
  return best?.packs ?? [];
}
