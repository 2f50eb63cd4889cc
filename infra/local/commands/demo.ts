import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presentLine } from '../../../shared/casework/present-case.ts';
import { CaseOffice } from '../case-stories/case-office.ts';
import { stories } from '../case-stories/stories.ts';
import type { Story } from '../case-stories/story.ts';
import { clockOf, systemClock } from '../clock.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import { print } from '../print.ts';
import { stderrLog } from '../stderr-log.ts';
import { chinaTime } from './print-case.ts';

/** The command `demo`. */
export const DEMO: Command = {
  usage: 'demo [family]',
  purpose: '演示家庭从预警或电话到办结 / families from file or call to the closed case',
  options: {},
  words: 1,
  runAlone: demo,
};

/**
 * Plays the families in print from file or telephone call to the closed case, each in a county of its own that is thrown away.
 * Only the clock is the story's; all else is the platform at work. With `--json` a line for every moment: `story`, `at`,
 * `moment`, `text`, and the case's line (`CaseLine`) or null.
 */
async function demo(options: CommonOptions): Promise<boolean> {
  const [wanted] = options.args;
  const chosen = stories.filter(({ id }) => wanted === undefined || id.startsWith(wanted));
  if (chosen.length === 0) {
    throw new UsageError(`demo ${wanted}：应为 / expected ${stories.map(({ id }) => id).join(', ')}`);
  }
  for (const story of chosen) await play(story, options);
  return true;
}

async function play(story: Story, { json }: CommonOptions): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'aidwatch-demo-'));
  const office = await CaseOffice.open(join(root, 'data'), story.begins, stderrLog(clockOf(systemClock), 'error'));
  try {
    if (!json) print(`\n◆ ${story.title.zh}\n  ${story.title.en}`);
    await story.play(office, async (moment, text, found) => {
      const line = found === undefined ? null : presentLine(found);
      if (json) {
        print(JSON.stringify({ story: story.id, at: office.now, moment, text, case: line }));
        return;
      }
      print(`  ${chinaTime(office.now)}  ${text.zh}`);
      if (line !== null) {
        const due = line.dueAt === null ? '' : `，期限 ${chinaTime(line.dueAt)}`;
        print(
          `                    〔${line.stageTitle.zh}${line.outcomeTitle === null ? '' : `：${line.outcomeTitle.zh}`}${due}〕`,
        );
      }
    });
  } finally {
    await office.close();
    await rm(root, { recursive: true, force: true });
  }
}
