import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { officeOf } from '../../../infra/local/acting.ts';
import { stoppedClock } from '../../../infra/local/clock.ts';
import { openPlatform, type Platform } from '../../../infra/local/platform.ts';
import { stderrLog } from '../../../infra/local/stderr-log.ts';
import { sealWordsOfBefore } from '../../../infra/local/words-of-before.ts';
import { auditFinding, auditFindingChange } from '../../builders/audit-findings.ts';
import { aCase, caseChange, caseId } from '../../builders/cases.ts';
import { correctionChange, notice } from '../../builders/corrections.ts';
import { instant } from '../../builders/facts.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const SAID = '邻居王秀英代述，电话13812345678';
/** More than one page. */
const CASES = 700;

function open(dataDir: string): Platform {
  const clock = stoppedClock(instant(1));
  return openPlatform(dataDir, clock, stderrLog(clock, 'error'));
}

const spoken = (n: number) =>
  aCase(n, { history: [{ at: instant(1), by: 'caseworker-1', what: 'comment', version: 1, stage: 'visit', note: SAID }] });

/** A county whose cases, notice and finding lie there as the version before kept them. */
async function keptBefore(dataDir: string): Promise<void> {
  const { stores, close } = open(dataDir);
  await stores.cases.save(Array.from({ length: CASES }, (_, n) => caseChange(spoken(n + 1))));
  await stores.corrections.save([correctionChange(notice(1, { note: SAID }))]);
  await stores.findings.save(auditFindingChange(auditFinding(1, { text: SAID })));
  await close();
  const database = new DatabaseSync(join(dataDir, 'aidwatch.db'));
  database.exec('INSERT INTO words_of_before VALUES (1)');
  database.close();
}

/** The files of the database in which what was said stands as it was. */
function filesThatSay(dataDir: string): readonly string[] {
  return readdirSync(dataDir).filter(
    (name) => name.startsWith('aidwatch.db') && readFileSync(join(dataDir, name)).includes('王秀英'),
  );
}

describe('what was written on cases before it was sealed', () => {
  it('is sealed once, everywhere in the database, and read as before', () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      await keptBefore(dataDir);
      expect(filesThatSay(dataDir)).toContain('aidwatch.db');
      const platform = open(dataDir);
      expect((await officeOf(platform).cases.get(caseId(1)))?.history[0]?.note).toBe(SAID);
      await sealWordsOfBefore(platform);
      expect(filesThatSay(dataDir)).toEqual([]);
      expect(platform.stores.sealed.wordsOfBefore()).toBeUndefined();
      const office = officeOf(platform);
      expect((await office.cases.get(caseId(CASES)))?.history[0]?.note).toBe(SAID);
      expect((await office.corrections.get(notice(1).id))?.note).toBe(SAID);
      expect((await office.findings.get(auditFinding(1).id))?.text).toBe(SAID);
      await platform.close();
    }));

  it('goes on at the next start where it was broken off', () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      await keptBefore(dataDir);
      const dying = open(dataDir);
      const { sealed } = dying.stores;
      const replace = sealed.replace.bind(sealed);
      let pages = 0;
      sealed.replace = async (records) => {
        pages += 1;
        if (pages === 2) throw new Error('killed');
        return replace(records);
      };
      await expect(sealWordsOfBefore(dying)).rejects.toThrow('killed');
      await dying.close();
      const platform = open(dataDir);
      await sealWordsOfBefore(platform);
      expect(filesThatSay(dataDir)).toEqual([]);
      expect((await officeOf(platform).cases.get(caseId(CASES)))?.version).toBe(2);
      await platform.close();
    }));

  it('is not looked for in a county that never had any', () =>
    withFolder(async (folder) => {
      const platform = open(join(folder, 'data'));
      expect(platform.stores.sealed.wordsOfBefore()).toBeUndefined();
      await platform.close();
    }));
});
