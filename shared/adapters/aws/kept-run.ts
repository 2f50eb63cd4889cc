import * as z from 'zod';
import { RetryLaterError } from '../../ports/errors.ts';
import type { KeptRun } from '../../ports/kept-run.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { follows, type Table } from './table.ts';

const storedVersion = z.object({ version: z.int() });

/** The run of a name, an item of its own. Only the platform writes it, so its shape is taken as written. */
export function dynamoKeptRun<Run extends { readonly state: string }>(table: Table, name: string): KeptRun<Run> {
  const key = { pk: 'KEEPING', sk: name };
  const storedRun: z.ZodType<Run> = z.looseObject({ state: z.string() }).transform((read) => read as unknown as Run);
  let version = 0;
  return {
    async load() {
      const item = await table.get(key);
      version = item === undefined ? 0 : storedVersion.parse(item).version;
      return item === undefined ? undefined : unpackJson(storedRun, item['run'], 'run');
    },
    async save(run) {
      if (!(await table.put({ ...key, version: version + 1, run: packJson(run) }, follows(version + 1)))) {
        throw new RetryLaterError(
          '另有人正在同时进行，请稍后再试 / somebody else goes on with this at the same time: try again later',
        );
      }
      version += 1;
    },
  };
}
