import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundle, LARGEST_BUNDLE } from '../../infra/constructs/function-bundling.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
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
      entryPoints: [`${root}functions/${folder}/index.ts`],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: bundle.target,
      minify: bundle.minify,
      charset: bundle.charset,
      keepNames: bundle.keepNames,
      mainFields: [...bundle.mainFields],
      banner: { js: bundle.banner },
      alias: { ...bundle.alias },
      absWorkingDir: root,
      outfile: 'index.mjs',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(LARGEST_BUNDLE);
  });
});
