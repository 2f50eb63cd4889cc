import { expect, it } from 'vitest';
import { collect } from '../contract/subject.ts';
import { startTableServer } from './local-services.ts';

it('finds the one entry of many that a filter means in few requests, and asks for no more than a page while all are meant', async () => {
  const server = await startTableServer();
  const { table, client } = await server.newTable();
  const entries = Array.from({ length: 1_500 }, (_, n) => ({
    pk: `H#${n}`,
    sk: 'CASE',
    gsi1pk: 'CD#410302#visit',
    gsi1sk: String(n).padStart(6, '0'),
    light: n === 1_499 ? 'red' : 'green',
  }));
  await table.putAll(entries);
  const limits: unknown[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === 'QueryCommand') limits.push((args.input as { Limit?: number }).Limit);
      return next(args);
    },
    { step: 'initialize' },
  );
  const lit = (light: string) => ({
    index: 'gsi1' as const,
    partition: 'CD#410302#visit',
    pageSize: 21,
    filter: { expression: '#light = :light', names: { '#light': 'light' }, values: { ':light': light } },
  });

  const red = await collect(table.query(lit('red')));
  expect(red.map((item) => item['pk'])).toEqual(['H#1499']);
  expect(limits.length).toBeLessThanOrEqual(4);

  limits.length = 0;
  const green = table.query(lit('green'));
  for (let n = 0; n < 21; n += 1) await green.next();
  expect(limits).toEqual([21]);
  client.destroy();
  await server.stop();
});
