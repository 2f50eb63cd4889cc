import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { besideCode } from './beside-code.ts';

/** Stops a deployment whose queries were not put beside the code as they should. */
const Queries = z.record(z.string(), z.string().min(1));

/** The queries of reports deployed beside the code, by the report's id. */
export function bundledQueries(file: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(Queries.parse(JSON.parse(readFileSync(besideCode(file), 'utf8')))));
}
