import * as z from 'zod';
import type { Catalog } from '../shared/catalog/feed.ts';
import { PermanentError } from '../shared/ports/errors.ts';
import { type CompiledPack, compilePack } from '../shared/scoring/compile.ts';
import type { RulePack } from '../shared/scoring/pack.ts';
import { packsForArea } from '../shared/scoring/pack-for-area.ts';

/** Stops a slip in the setting from leaving an area without packs in silence. */
const AreaPacks = z.array(z.object({ prefix: z.string().regex(/^\d{0,12}$/), packs: z.array(z.string()).min(1) }));

/**
 * Compiles the packs once and answers which of them an area runs. `areaPacks` is the JSON setting.
 * @throws PermanentError `AREA_PACKS` when the setting is malformed or names a pack that is not there
 * @throws PackError when a pack asks for feeds or fields the catalog does not have
 */
export function rulePacks(
  packs: readonly RulePack[],
  areaPacks: string,
  catalog: Catalog,
): (area: string) => readonly CompiledPack[] {
  const { compiled, settings } = packsSet(packs, areaPacks, catalog);
  return (area) => packsForArea(settings, area).flatMap((id) => compiled.get(id) ?? []);
}

/** Every pack that some area runs, compiled. Throws like `rulePacks`. */
export function compiledPacksOf(packs: readonly RulePack[], areaPacks: string, catalog: Catalog): readonly CompiledPack[] {
  const { compiled, settings } = packsSet(packs, areaPacks, catalog);
  return [...new Set(settings.flatMap((one) => one.packs))].flatMap((id) => compiled.get(id) ?? []);
}

function packsSet(packs: readonly RulePack[], areaPacks: string, catalog: Catalog) {
  const compiled = new Map(packs.map((pack) => [pack.id, compilePack(pack, catalog)]));
  const settings = AreaPacks.safeParse(JSON.parse(areaPacks));
  if (!settings.success)
    throw new PermanentError(
      'AREA_PACKS',
      'areaPacks 应为 { prefix, packs } 的列表 / the setting of packs by area is not a list of { prefix, packs }',
    );
  const unknown = settings.data.flatMap((one) => one.packs).find((id) => !compiled.has(id));
  if (unknown !== undefined) {
    const known = [...compiled.keys()].join(', ');
    throw new PermanentError(
      'AREA_PACKS',
      `areaPacks 中的规则包 ${unknown} 不存在，现有 ${known} / the setting of packs by area names ${unknown}, which is not there; there are ${known}`,
    );
  }
  return { compiled, settings: settings.data };
}
