import { SYSTEM } from '../audit/make-event.ts';
import type { Catalog } from '../catalog/feed.ts';
import type { TendCorrections } from '../ports/case-messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { CorrectionStore } from '../ports/correction-store.ts';
import type { FactStore } from '../ports/fact-store.ts';
import { type Log, LogCode } from '../ports/log.ts';
import type { QueueSender } from '../ports/queue.ts';
import { answered } from './answer-correction.ts';
import { correctedSince } from './corrected-since.ts';

/** What tending notices needs. */
export interface CorrectionTending {
  readonly catalog: Catalog;
  readonly corrections: Pick<CorrectionStore, 'list' | 'save'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly queue: QueueSender;
  readonly clock: Clock;
  readonly log: Log;
}

/** Notices looked at for one message. */
const PAGE = 200;

/**
 * Looks at a page of the notices that await an answer, and sends for the next page: one whose row a later file has corrected
 * or reversed is answered so. Safe to repeat. Who answers at the same moment is first; the next day finds nothing to do.
 */
export async function tendCorrections(deps: CorrectionTending, { after }: Pick<TendCorrections, 'after'>): Promise<void> {
  const { corrections, facts, catalog, queue, clock, log } = deps;
  const query = { areas: [''], awaiting: true, limit: PAGE, ...(after === undefined ? {} : { after }) };
  const { notices, next } = await corrections.list(query);
  const chunks = await facts.ofPersons([...new Set(notices.map(({ person }) => person))]);
  const at = clock.now();
  const changes = notices.flatMap((notice) => {
    const file = correctedSince(notice, chunks.get(notice.person) ?? [], catalog);
    return file === undefined ? [] : [answered(notice, { id: file, at, by: SYSTEM, kind: 'corrected', file })];
  });
  const lost = await corrections.save(changes);
  log.info(LogCode.CorrectionsTended, { notices: notices.length, corrected: changes.length - lost.length });
  if (next === undefined) return;
  const message: TendCorrections = { v: 1, kind: 'tend-corrections', after: next };
  await queue.send('cases', [{ body: JSON.stringify(message) }]);
}
