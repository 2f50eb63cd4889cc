/** Which packs an area runs: a setting, so that a county changes its rules without new code. */
export interface AreaPacks {
  /** Area code prefix of up to 12 digits; empty for everywhere else. */
  readonly prefix: string;
  /** Ids of the packs. */
  readonly packs: readonly string[];
}

/** Ids of the packs of an area: those of the longest prefix that matches. Empty when none does. */
export function packsForArea(settings: readonly AreaPacks[], area: string): readonly string[] {
  let best: AreaPacks | undefined;
  for (const setting of settings) {
    if (area.startsWith(setting.prefix) && (best === undefined || setting.prefix.length > best.prefix.length)) best = setting;
  }
  return best?.packs ?? [];
}
