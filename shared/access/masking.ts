import type { FeedSpec } from '../catalog/feed.ts';
import type { FactValue } from '../facts/fact.ts';
import { parseIdentityNumber } from '../registry/identity-number.ts';
import type { Disclosure } from './policy.ts';

/** 张* for 张三 and 张三丰 alike, so that the length of a name says nothing. Empty stays empty. */
export function maskName(name: string): string {
  const first = [...name.trim()][0];
  return first === undefined ? '' : `${first}*`;
}

/** 3714**********123X: first four and last four of an 18-digit number; anything else becomes stars only. */
export function maskNumber(number: string): string {
  return /^\d{17}[\dX]$/.test(number) ? `${number.slice(0, 4)}**********${number.slice(14)}` : '*'.repeat(18);
}

/** A person's identity as this disclosure shows it. `number` is null where the role sees none. */
export function discloseIdentity(
  identity: { readonly name: string; readonly number: string },
  disclosure: Disclosure,
): { readonly name: string; readonly number: string | null } {
  return {
    name: disclosure.names === 'full' ? identity.name : maskName(identity.name),
    number: disclosure.numbers === 'masked' ? maskNumber(identity.number) : null,
  };
}

/** The birth date, or its year. */
export function discloseBirth(birth: string, disclosure: Disclosure): string {
  return disclosure.births === 'full' ? birth : birth.slice(0, 4);
}

/** Departments build settlement and household numbers from identity numbers; such a number is masked inside any text. */
function maskNumbersIn(value: FactValue): FactValue {
  return typeof value === 'string' ? discloseText(value) : value;
}

/** A text with every identity number in it masked. */
export function discloseText(text: string): string {
  let shown = text;
  for (const { 1: found = '' } of text.matchAll(/(?=(\d{17}[\dXx]))/g)) {
    if (parseIdentityNumber(found).ok) shown = shown.replace(found, maskNumber(found.toUpperCase()));
  }
  return shown;
}

/** Words that people typed, which may name anybody: null for roles that see no names. */
export function discloseWords(words: string | undefined, disclosure: Disclosure): string | null {
  return disclosure.names === 'full' ? (words ?? null) : null;
}

/** Where a file was put, below the inbox; null when it is not on record. Departments name files, and folders, after people. */
export function pathShown(file: { readonly path: string } | undefined): string | null {
  return file === undefined ? null : discloseText(file.path);
}

/**
 * Leaves out the fields the feed marks sensitive, unless the role may see them; a field the feed does not know goes too.
 * No role sees an identity number that is part of another number.
 */
export function discloseFields(
  feed: FeedSpec | undefined,
  fields: Readonly<Record<string, FactValue>>,
  disclosure: Disclosure,
): Readonly<Record<string, FactValue>> {
  const open = new Set(feed?.fields.filter((field) => field.sensitive !== true).map((field) => field.name));
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => disclosure.sensitive || open.has(name))
      .map(([name, value]) => [name, maskNumbersIn(value)]),
  );
}
