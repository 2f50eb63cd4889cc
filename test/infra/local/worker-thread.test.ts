import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../infra/local/clock.ts';
import { WorkerThread } from '../../../infra/local/worker-thread.ts';
import { WriteTurn } from '../../../shared/adapters/embedded/write-turn.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const MODULE = new URL('../../../infra/local/worker-thread.ts', import.meta.url).href;

interface Ended {
  readonly code: unknown;
  readonly stderr: string;
}

/** Runs a program that starts a thread over a place where no county can be. */
function programWithDyingThread(dataDir: string): Promise<Ended> {
  const program = `
    const { WorkerThread } = await import(${JSON.stringify(MODULE)});
    const settings = { dataDir: ${JSON.stringify(dataDir)}, clock: { kind: 'system' }, logFrom: 'error', turn: new SharedArrayBuffer(4) };
    await new WorkerThread(settings, { count() {} }).work({ kind: 'archive' });
    console.error('went on');`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

describe('a worker thread', () => {
  it('does tasks over its own stores, counts for the platform, and ends when it is closed', () =>
    withFolder(async (folder) => {
      const counted: string[] = [];
      const thread = new WorkerThread(
        { dataDir: folder, clock: systemClock, logFrom: 'error', turn: new WriteTurn().shared },
        { count: (name) => counted.push(name) },
      );
      expect(await thread.work({ kind: 'households', households: [] })).toBe(0);
      expect(counted).toEqual(['HouseholdsAssessed']);
      await thread.close();
    }));

  it('takes the program with it when it dies, and says what to do', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'not-a-folder');
      await writeFile(file, '');
      const { code, stderr } = await programWithDyingThread(file);
      expect(code).toBe(1);
      expect(stderr).toContain('工作线程意外终止');
      expect(stderr).toContain('start it again');
      expect(stderr).not.toContain('went on');
    }));
});
