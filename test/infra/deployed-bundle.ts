import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import { bundle } from '../../infra/constructs/function-bundling.ts';

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Bundling as the functions are deployed. */
export const asDeployed = {
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
  absWorkingDir: PROJECT,
  logLevel: 'silent',
} as const satisfies BuildOptions;
