import { copyFileSync } from 'node:fs';
import { readParametersFile } from '../parameters-file.ts';

/*
 * Run while a function is bundled: `node write-parameters.ts <file of parameters> <file to write>`. Checked here too, for the
 * file may have been edited since the deployment began.
 */
const [from = '', to = ''] = process.argv.slice(2);
readParametersFile(from);
copyFileSync(from, to);
