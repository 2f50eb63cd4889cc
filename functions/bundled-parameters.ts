import { readFileSync } from 'node:fs';
import { type CaseworkParameters, DEFAULTS_ONLY } from '../shared/casework/parameters.ts';
import { parseParametersText } from '../shared/casework/parameters-file.ts';
import { besideCode } from './beside-code.ts';

/**
 * The parameters of areas deployed beside the code, checked when they were deployed and here once more; without a file the
 * defaults hold.
 * @throws ParametersError naming every fault
 */
export function bundledParameters(file: string | undefined): CaseworkParameters {
  return file === undefined ? DEFAULTS_ONLY : parseParametersText(readFileSync(besideCode(file), 'utf8'), file);
}
