/**
 * How a function is bundled, in one place: the stacks deploy with these options and the size test measures with them.
 * The AWS SDK goes into the bundle, so that what is tested is what runs.
 */
export const bundle = {
  target: 'node24',
  minify: true,
  // Chinese texts as they are take half the bytes of escapes.
  charset: 'utf8',
  // Our errors, and those of the SDK, say their name as a property of their own, so that nothing hangs on names of classes;
  // keeping those took a twentieth of every bundle.
  keepNames: false,
  mainFields: ['module', 'main'],
  /** From the root of the project. */
  alias: {
    '@aws-sdk/credential-provider-node': './functions/lambda-credentials.ts',
    '@duckdb/node-api': './functions/engine-of-layer.ts',
    '@aws-sdk/endpoint-cache': './functions/no-endpoint-cache.ts',
    '@smithy/core/event-streams': './functions/no-event-streams.ts',
    '@smithy/core/checksum': './functions/native-checksums.ts',
    '@aws-sdk/checksums/sha': './functions/native-checksums.ts',
  },
  // CommonJS dependencies call `require`, which an ES module does not have. The name must not meet a minified one.
  banner: "import{createRequire as aidwatchCreateRequire}from'node:module';const require=aidwatchCreateRequire(import.meta.url);",
} as const;

/** Largest bundle a function may have, bytes of JavaScript (design.md §10). */
export const LARGEST_BUNDLE = 1_000_000;
