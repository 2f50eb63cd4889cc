import { createRequire } from 'node:module';

/*
 * Stands for `@duckdb/node-api` in bundles: the engine is native and comes as a layer. Layers are on NODE_PATH, which modules
 * that are imported are not looked for on, only those that are required.
 */
const required = createRequire(import.meta.url)('@duckdb/node-api') as typeof import('@duckdb/node-api');

export const { DuckDBInstance } = required;
