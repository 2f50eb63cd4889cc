import { sealedFor } from '../casework/case-words.ts';
import type { CorrectionChange, CorrectionStore } from '../ports/correction-store.ts';
import { changeNote, openRecord, saveSealed, sealRecord, type Worded } from '../registry/sealed-words.ts';
import type { Sealer } from '../registry/sealing.ts';
import type { CorrectionNotice } from './notice.ts';

/** What people write in notices and their answers. Sealed for the case: the words about a row are the case's own. */
export const noticeWords: Worded<CorrectionNotice> = {
  about: (notice) => sealedFor(notice.case),
  changeWords: (notice, change) => ({
    ...changeNote(notice, change),
    answers: notice.answers.map((answer) => changeNote(answer, change)),
  }),
};

/**
 * A store of notices for those who read and write what people say in them, as `sealedCases` is for cases.
 */
export function sealedNotices(store: CorrectionStore, sealer: Sealer): CorrectionStore {
  const sealedChange = (change: CorrectionChange) => ({ ...change, notice: sealRecord(noticeWords, sealer, change.notice) });
  const opened = (one: CorrectionNotice) => openRecord(noticeWords, sealer, one);
  return {
    async get(id) {
      const found = await store.get(id);
      return found && opened(found);
    },
    async ofCase(id) {
      return (await store.ofCase(id)).map(opened);
    },
    save: (changes) => saveSealed(changes, sealedChange, (given) => store.save(given)),
    async list(query) {
      const page = await store.list(query);
      return { ...page, notices: page.notices.map(opened) };
    },
  };
}
