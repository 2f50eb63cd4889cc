import { findingWords } from '../audit/sealed-findings.ts';
import { caseWords } from '../casework/case-words.ts';
import { noticeWords } from '../corrections/sealed-notices.ts';
import type { ResealedRecord, SealedRecord } from '../ports/sealed-texts.ts';
import { sealOfWords, type Worded, wordsIn, wordsUnderSeal } from '../registry/sealed-words.ts';

/** The kinds of records in which people write. */
export const wordedRecords = { case: caseWords, notice: noticeWords, finding: findingWords } as const;

/** A record in which people wrote, as it is gone through to be sealed anew; undefined where nobody wrote anything. */
export function sealedRecordOf<Record>(kind: Worded<Record>, record: Record, place: string): SealedRecord | undefined {
  const words = wordsIn(kind, record);
  if (words.length === 0) return undefined;
  const seals = words.map(sealOfWords);
  const unsealed = words.filter((_, index) => seals[index] === undefined);
  return {
    place,
    person: kind.about(record),
    texts: seals.filter((seal) => seal !== undefined),
    ...(unsealed.length === 0 ? undefined : { unsealed }),
  };
}

/** The record with the seals made anew in place of those that were read; undefined when other words stand in it by now. */
export function withSealsAnew<Record>(kind: Worded<Record>, record: Record, anew: ResealedRecord): Record | undefined {
  const now = sealedRecordOf(kind, record, anew.record.place);
  if (now === undefined || !saysTheSame(now, anew.record)) return undefined;
  const seals = anew.texts.values();
  const sealed = (anew.sealed ?? []).values();
  return kind.changeWords(record, (words) => {
    const seal = (sealOfWords(words) === undefined ? sealed : seals).next().value;
    return seal === undefined ? words : wordsUnderSeal(seal);
  });
}

function saysTheSame(one: SealedRecord, other: SealedRecord): boolean {
  const all = ({ person, texts, unsealed = [] }: SealedRecord) => JSON.stringify([person, texts, unsealed]);
  return all(one) === all(other);
}
