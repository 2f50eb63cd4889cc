import { expect } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../../functions/serve-api/openapi.ts';

interface Answer {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>>;
  readonly components: { readonly schemas: object };
}

const document = JSON.parse(
  JSON.stringify(openApiDocument('en', '0.0.0')).replaceAll('"#/components/schemas/', '"#/$defs/'),
) as Document;
const patterns = Object.entries(document.paths).map(([path, item]) => ({
  item,
  // What has no parameters is looked for first, as the router does.
  parameters: path.split('{').length - 1,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));
const shapes = new Map<object, z.ZodType>();

function shapeOf(schema: object): z.ZodType {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema({ ...schema, $defs: document.components.schemas } as Parameters<typeof z.fromJSONSchema>[0]);
  shapes.set(schema, made);
  return made;
}

/**
 * Fails unless the document tells of this answer to the operation: its status, its media type, its body to the last part, and what must
 * stand in its head. Says nothing of addresses that are no operation.
 */
export async function expectDocumented(method: string, address: string, given: Response): Promise<void> {
  const path = new URL(address, 'http://localhost').pathname;
  const found = patterns.filter(({ pattern }) => pattern.test(path)).toSorted((one, other) => one.parameters - other.parameters);
  const operation = found[0]?.item[method.toLowerCase()];
  if (operation === undefined) return;
  const what = `${method} ${path}: ${given.status}`;
  const told = operation.responses[given.status];
  expect(told, `${what} is not documented`).toBeDefined();
  for (const name of Object.keys(told?.headers ?? {})) expect(given.headers.get(name), `${what} without ${name}`).not.toBeNull();
  const type = (given.headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (told?.content === undefined) return;
  const content = told.content[type];
  expect(content, `${what} as ${type} is not documented`).toBeDefined();
  if (content === undefined || !type.endsWith('json')) return;
  const read = shapeOf(content.schema).safeParse(await given.clone().json());
  expect(read.error?.issues, `the body of ${what} is not as documented`).toBeUndefined();
}
