import { isDeepStrictEqual } from 'node:util';

type Attributes = Readonly<Record<string, unknown>>;

/** Whether an item as it was read is the one that was written. */
export function isSameItem(stored: Attributes | undefined, written: Attributes): boolean {
  return stored !== undefined && isDeepStrictEqual(asRead(stored), asRead(written));
}

/** Whether an item as it was read holds what an update has set, and nothing of what it has taken away. */
export function holdsUpdate(stored: Attributes | undefined, set: Attributes): boolean {
  return (
    stored !== undefined && Object.entries(set).every(([name, value]) => isDeepStrictEqual(asRead(stored[name]), asRead(value)))
  );
}

/** A value as the table gives it back: bytes are bytes whoever made them, what is undefined is left out. */
function asRead(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== 'object' || value === null) return value;
  const held = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(held.map(([name, one]) => [name, asRead(one)]));
}
