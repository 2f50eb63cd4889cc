import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/cloud/**', 'test/browser/**', 'node_modules/**'],
    // Only ends what hangs. Where other work takes the processors, tests of milliseconds have stood still for more than a minute.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    // Written for bundlers: its modules name folders, which Node does not read.
    server: { deps: { inline: ['dt-sql-parser'] } },
  },
});
