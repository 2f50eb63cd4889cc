import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { ARCHIVE_DAY } from '../../../builders/archive.ts';
import { factChunk, instant, personKey } from '../../../builders/facts.ts';
import { membership, registration } from '../../../builders/registrations.ts';
import { standingChange } from '../../../builders/standings.ts';

/** Run as a process of its own by kill-safety.test.ts: changes every store in a loop until it is killed. */
const embedded = openEmbedded(process.argv[2] ?? '');
const started = (await embedded.outbox.pending('', 1_000_000)).flatMap((one) => one.events).length;
for (let n = started; ; n += 7) {
  const numbers = Array.from({ length: 7 }, (_, k) => n + k);
  await embedded.facts.append(numbers.map((k) => factChunk({ person: personKey(k) })));
  await embedded.households.register(
    numbers.map((k) => registration(k, 1, [membership(k)])),
    instant(),
  );
  await embedded.standings.save(numbers.map((k) => standingChange(k, 1)));
  await archiveEvents(
    embedded.archive,
    'outbox',
    await embedded.outbox.pending((await embedded.archive.head()).positions['outbox'] ?? '', 50),
    ARCHIVE_DAY,
  );
  // Only now: a slow machine may get no further before the kill.
  if (n === started) process.stdout.write('ready\n');
}
