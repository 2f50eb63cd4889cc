import { describe, expect, it } from 'vitest';
import type { AuditFindingStore } from '../../shared/ports/audit-finding-store.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import type { CorrectionStore } from '../../shared/ports/correction-store.ts';
import type { FactStore } from '../../shared/ports/fact-store.ts';
import type { IdentityVault } from '../../shared/ports/identity-vault.ts';
import type { SealedRecord, SealedTexts } from '../../shared/ports/sealed-texts.ts';
import { wordsUnderSeal } from '../../shared/registry/sealed-words.ts';
import { auditFinding, auditFindingChange } from '../builders/audit-findings.ts';
import { aCase, caseChange, caseId } from '../builders/cases.ts';
import { correctionChange, notice } from '../builders/corrections.ts';
import { factChunk, factRow, fileSequence, instant, personKey } from '../builders/facts.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

interface Stores {
  readonly vault: IdentityVault;
  readonly facts: FactStore;
  readonly cases: CaseStore;
  readonly corrections: CorrectionStore;
  readonly findings: AuditFindingStore;
  readonly sealed: SealedTexts;
}

async function everything(sealed: SealedTexts, limit = 3): Promise<readonly SealedRecord[]> {
  const found: SealedRecord[] = [];
  let after: string | undefined;
  do {
    const page = await sealed.page(after, limit);
    found.push(...page.records);
    after = page.next;
  } while (after !== undefined);
  return found;
}

const anew = (record: SealedRecord) => ({
  record,
  texts: record.texts.map((text) => `2:${text}`),
  sealed: (record.unsealed ?? []).map((words) => `2:${words}`),
});

/** A line of a case's history with a note. */
const noted = (note: string) => ({
  at: instant(1),
  by: 'caseworker-1',
  what: 'comment',
  version: 1,
  stage: 'visit' as const,
  note,
});

/** What every SealedTexts promises of the vault and the facts beside it. */
export function sealedTextsContract(name: string, maker: SubjectMaker<Stores>): void {
  const identity = (n: number, sealed: string, seq = 1) => ({
    person: personKey(n),
    nameKey: `n${n}`,
    sealed,
    seq: fileSequence(seq),
  });

  describe(`sealed texts: ${name}`, () => {
    it('go through every identity and every sealed field once, whatever the page', () =>
      withSubject(maker, async ({ vault, facts, sealed }) => {
        await vault.put(Array.from({ length: 7 }, (_, n) => identity(n, `id${n}`)));
        await facts.append([
          factChunk({
            person: personKey(1),
            rows: [factRow({ row: 2, sealed: 'a' }), factRow({ row: 3 }), factRow({ row: 4, sealed: 'b' })],
          }),
          factChunk({ person: personKey(2), rows: [factRow({ row: 5 })] }),
        ]);
        const texts = (await everything(sealed)).flatMap((record) => record.texts.map((text) => `${record.person} ${text}`));
        const expected = [
          ...Array.from({ length: 7 }, (_, n) => `${personKey(n)} id${n}`),
          `${personKey(1)} a`,
          `${personKey(1)} b`,
        ];
        expect(texts.toSorted()).toEqual(expected.toSorted());
      }));

    it('replace what they read, and nothing else of a fact, without an event', () =>
      withSubject(maker, async ({ vault, facts, sealed }, subject) => {
        const chunk = factChunk({ person: personKey(1), rows: [factRow({ row: 2, sealed: 'a' }), factRow({ row: 3 })] });
        await vault.put([identity(1, 'one')]);
        await facts.append([chunk]);
        const events = (await subject.events()).length;
        const records = await everything(sealed);
        expect(await sealed.replace(records.map(anew))).toBe(2);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.sealed).toBe('2:one');
        const [first, ...others] = chunk.rows;
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([
          { ...chunk, rows: [{ ...first, sealed: '2:a' }, ...others] },
        ]);
        expect(await subject.events()).toHaveLength(events);
      }));

    it('replace in a chunk of very many rows as in a short one', () =>
      withSubject(maker, async ({ facts, sealed }) => {
        const rows = Array.from({ length: 60 }, (_, n) => factRow({ row: n + 2, key: `k${n}`, sealed: `s${n}` }));
        const chunk = factChunk({ person: personKey(1), rows });
        await facts.append([chunk]);
        expect(await sealed.replace((await everything(sealed)).map(anew))).toBe(1);
        expect((await facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([
          { ...chunk, rows: rows.map((row) => ({ ...row, sealed: `2:${row.sealed}` })) },
        ]);
      }));

    it('leave alone what somebody changed meanwhile', () =>
      withSubject(maker, async ({ vault, sealed }) => {
        await vault.put([identity(1, 'one')]);
        const records = await everything(sealed);
        await vault.put([identity(1, 'newer', 2)]);
        expect(await sealed.replace(records.map(anew))).toBe(0);
        expect((await vault.get([personKey(1)])).get(personKey(1))?.sealed).toBe('newer');
      }));

    it('go through what people wrote on cases, the closed ones too, on notices and on findings', () =>
      withSubject(maker, async ({ cases, corrections, findings, sealed }) => {
        const oldest = aCase(1, { stage: 'closed', history: [noted(wordsUnderSeal('oldest'))] });
        const closed = aCase(1, { id: caseId(1, 2), stage: 'closed', history: [noted(wordsUnderSeal('closed'))] });
        const open = aCase(1, { id: caseId(1, 3), history: [noted(wordsUnderSeal('open')), noted('as it was written')] });
        await cases.save([caseChange(oldest)]);
        await cases.save([caseChange(closed, { past: oldest })]);
        await cases.save([caseChange(open, { past: closed })]);
        await cases.save([caseChange(aCase(2))]);
        await corrections.save([correctionChange(notice(1, { note: wordsUnderSeal('notice') }))]);
        await findings.save(auditFindingChange(auditFinding(1, { text: wordsUnderSeal('finding') })));
        const records = await everything(sealed);
        const found = records.map(({ person, texts, unsealed = [] }) => [String(person), [...texts, ...unsealed].join()]);
        expect(found.toSorted()).toEqual(
          [
            [oldest.id, 'oldest'],
            [closed.id, 'closed'],
            [open.id, 'open,as it was written'],
            [notice(1).case, 'notice'],
            [auditFinding(1).id, 'finding'],
          ].toSorted(),
        );
        expect(records.flatMap(({ unsealed = [] }) => unsealed)).toEqual(['as it was written']);
      }));

    it('seal what people wrote in its place, as a new version without an event or a message', () =>
      withSubject(maker, async ({ cases, corrections, findings, sealed }, subject) => {
        const closed = aCase(1, { stage: 'closed', history: [noted(wordsUnderSeal('closed'))] });
        const open = aCase(1, { id: caseId(1, 2), history: [noted(wordsUnderSeal('open')), noted('as it was written')] });
        await cases.save([caseChange(closed)]);
        await cases.save([caseChange(open, { past: closed })]);
        const sent = notice(1, { note: wordsUnderSeal('notice') });
        await corrections.save([correctionChange(sent)]);
        await findings.save(auditFindingChange(auditFinding(1, { text: wordsUnderSeal('finding') })));
        const events = (await subject.events()).length;
        expect(await sealed.replace((await everything(sealed)).map(anew))).toBe(4);
        expect(await subject.events()).toHaveLength(events);
        const [before, now] = await cases.ofHousehold(open.household);
        expect(before?.history.map(({ note }) => note)).toEqual([wordsUnderSeal('2:closed')]);
        expect(now).toEqual({
          ...open,
          version: 2,
          history: [noted(wordsUnderSeal('2:open')), noted(wordsUnderSeal('2:as it was written'))],
        });
        expect((await corrections.get(sent.id))?.note).toBe(wordsUnderSeal('2:notice'));
        expect((await findings.get(auditFinding(1).id))?.text).toBe(wordsUnderSeal('2:finding'));
        expect((await everything(sealed)).flatMap(({ texts }) => texts).filter((text) => !text.startsWith('2:'))).toEqual([]);
      }));

    it('are not brought back by whoever read a case before and saves it now', () =>
      withSubject(maker, async ({ cases, sealed }) => {
        const open = aCase(1, { history: [noted(wordsUnderSeal('open'))] });
        await cases.save([caseChange(open)]);
        await sealed.replace((await everything(sealed)).map(anew));
        expect(await cases.save([caseChange({ ...open, version: 2 })])).toHaveLength(1);
        expect((await cases.get(open.id))?.history.map(({ note }) => note)).toEqual([wordsUnderSeal('2:open')]);
      }));

    it('leave a case alone that somebody wrote on meanwhile', () =>
      withSubject(maker, async ({ cases, sealed }) => {
        const open = aCase(1, { history: [noted(wordsUnderSeal('open'))] });
        await cases.save([caseChange(open)]);
        const records = await everything(sealed);
        const more = { ...open, version: 2, history: [...open.history, noted(wordsUnderSeal('more'))] };
        await cases.save([caseChange(more)]);
        expect(await sealed.replace(records.map(anew))).toBe(0);
        expect(await cases.get(open.id)).toEqual(more);
      }));

    it('have nothing where there is nothing', () =>
      withSubject(maker, async ({ sealed }) => {
        expect(await everything(sealed)).toEqual([]);
        expect(await sealed.replace([])).toBe(0);
      }));
  });
}
