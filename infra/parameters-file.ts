import { resolve } from 'node:path';
import type { CaseworkParameters } from '../shared/casework/parameters.ts';
import { ParametersError, parseParametersText } from '../shared/casework/parameters-file.ts';
import type { Stage } from './stages.ts';
import { EncodingError, readWrittenText } from './written-text.ts';

/**
 * Reads a parameters file, in which areas set their own limits, amounts and holidays: that of a data directory, or the one a
 * deployment carries.
 * @throws ParametersError naming every fault
 */
export function readParametersFile(path: string): CaseworkParameters {
  return parseParametersText(textOf(path), path);
}

/**
 * The stage with the parameters its functions are to carry. A file that cannot be used stops the deployment here.
 * @throws ParametersError naming every fault
 */
export function withParameters(stage: Stage, path: string): Stage {
  readParametersFile(path);
  return { ...stage, parameters: resolve(path) };
}

function textOf(path: string): string {
  try {
    return readWrittenText(path);
  } catch (error) {
    const message =
      error instanceof EncodingError
        ? { zh: error.zh, en: error.en }
        : { zh: '没有此文件或不能读取', en: 'no such file, or not readable' };
    throw new ParametersError(path, [{ path: '', message }]);
  }
}
