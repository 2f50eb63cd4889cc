import type { CompiledPack } from '../scoring/compiled.ts';
import { explainResult } from '../scoring/explain.ts';
import type { ReasonText } from './present-warning.ts';

/**
 * Words for the reasons of warnings, from the packs an area runs. A warning whose pack its area no longer runs keeps its
 * figures and is described by the indicator's id, since the words went with the pack.
 */
export function reasonTextOf(packsFor: (area: string) => readonly CompiledPack[]): ReasonText {
  return (warning, result) => {
    const pack = packsFor(warning.area).find((one) => one.pack.id === warning.pack);
    if (pack !== undefined) return explainResult(pack, result, { category: warning.category });
    return {
      zh: `规则包 ${warning.pack} ${warning.version} 的指标 ${result.indicator}：该规则包已停用，文字说明不再提供。`,
      en: `Indicator ${result.indicator} of rule pack ${warning.pack} ${warning.version}: the pack is no longer in use here, so there is no text.`,
    };
  };
}
