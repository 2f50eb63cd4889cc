import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CaseworkParameters, DEFAULTS_ONLY } from '../../shared/casework/parameters.ts';
import { readParametersFile } from '../parameters-file.ts';

/** The file of a data directory in which an area sets its own limits, amounts and holidays. Without it the defaults hold. */
export const PARAMETERS_FILE = 'parameters.json';

/**
 * Reads the parameters of a data directory.
 * @throws ParametersError naming every fault
 */
export function loadParameters(dataDir: string): CaseworkParameters {
  const path = join(dataDir, PARAMETERS_FILE);
  return existsSync(path) ? readParametersFile(path) : DEFAULTS_ONLY;
}
