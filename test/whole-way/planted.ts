/** What of the planted people stands in some text. */
export interface Found {
  readonly numbers: readonly string[];
  readonly names: readonly string[];
  readonly diagnoses: readonly string[];
}

/** The planted texts to look for; numbers of 18 characters, names of three or more, any diagnosis. */
export interface Planted {
  readonly numbers: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly diagnoses: ReadonlySet<string>;
}

const NUMBER = 18;
/** The same without the century and the check digit, as the numbers were before 1999. */
const OLD_NUMBER = 15;

/**
 * Finds every planted name, number or diagnosis in bytes, whatever stands around it. Windows over runs of digits and of
 * Chinese characters are looked up in sets, so that a database is searched for thousands of people in one pass.
 */
export function findPlanted(bytes: Uint8Array, planted: Planted): Found {
  const text = new TextDecoder('utf-8').decode(bytes);
  const numbers = new Set<string>();
  const old = new Map([...planted.numbers].map((number) => [number.slice(0, 6) + number.slice(8, 17), number]));
  for (const [run] of text.matchAll(/\d{15,}[Xx]?/g)) {
    for (let at = 0; at + OLD_NUMBER <= run.length; at += 1) {
      const long = run.slice(at, at + NUMBER).toUpperCase();
      if (planted.numbers.has(long)) numbers.add(long);
      const short = old.get(run.slice(at, at + OLD_NUMBER));
      if (short !== undefined) numbers.add(short);
    }
  }
  return { numbers: [...numbers], ...wordsIn(text, planted) };
}

function wordsIn(text: string, planted: Planted): Pick<Found, 'names' | 'diagnoses'> {
  const names = new Set<string>();
  const diagnoses = new Set<string>();
  const lengths = new Set([...planted.names].map((name) => name.length));
  for (const [run] of text.matchAll(/\p{Script=Han}{2,}/gu)) {
    for (const length of lengths) {
      for (let at = 0; at + length <= run.length; at += 1) {
        const part = run.slice(at, at + length);
        if (planted.names.has(part)) names.add(part);
      }
    }
  }
  for (const diagnosis of planted.diagnoses) if (text.includes(diagnosis)) diagnoses.add(diagnosis);
  return { names: [...names], diagnoses: [...diagnoses] };
}
