import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { LARGEST_BUNDLE } from '../../infra/constructs/function-bundling.ts';
import { asDeployed, PROJECT } from './deployed-bundle.ts';

const folders = [
  'normalize-file',
  'score-households',
  'archive-events',
  'relay-messages',
  'work-cases',
  'make-reports',
  'serve-api',
  'keep-data',
];

describe('the bundles of the functions', () => {
  it.each(folders)('%s stays within a megabyte with the options it is deployed with', async (folder) => {
    const { metafile } = await build({
      ...asDeployed,
      entryPoints: [`${PROJECT}functions/${folder}/index.ts`],
      outfile: 'index.mjs',
      metafile: true,
      write: false,
    });
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(LARGEST_BUNDLE);
  });
});
