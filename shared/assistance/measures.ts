import { livingMeasures } from './living-measures.ts';
import type { Measure } from './measure.ts';
import { recognitionMeasures } from './recognition-measures.ts';
import { specialMeasures } from './special-measures.ts';
import { workAndCareMeasures } from './work-and-care-measures.ts';

/** Every measure the platform knows, by id: the menu of 国办发〔2023〕39号 四 with what places have added. */
export const measures: ReadonlyMap<string, Measure> = new Map(
  [...livingMeasures, ...recognitionMeasures, ...specialMeasures, ...workAndCareMeasures].map((measure) => [measure.id, measure]),
);
