import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { LARGEST_BUNDLE } from '../../infra/constructs/function-bundling.ts';

// The size test of `npm test` bundles by itself; a setting that the stacks do not pass on would not show there.
it('every function is deployed with a bundle of at most a megabyte', () => {
  const assembly = join(inject('emulator').scratch, 'cdk.out-test');
  const sizes = readdirSync(assembly)
    .map((name) => join(assembly, name, 'index.mjs'))
    .filter((path) => existsSync(path))
    .map((path) => statSync(path).size);
  expect(sizes.length).toBeGreaterThanOrEqual(7);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(LARGEST_BUNDLE);
});
