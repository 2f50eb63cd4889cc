import type { TestProject } from 'vitest/node';
import { bootstrap, type Deployment, deploy } from './deploy.ts';
import { type Emulator, startMiniStack } from './ministack.ts';

/** A deployment and where it answers. */
export interface Cloud extends Deployment {
  readonly endpoint: string;
  readonly logFile: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cloud: Cloud;
    emulator: Emulator;
  }
}

/** Starts the emulator and deploys the real stacks once for all cloud tests; answers how to take them away again. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startMiniStack();
  const { stop, ...emulator } = stack;
  try {
    await bootstrap(emulator);
    const deployment = await deploy(emulator, 'test');
    project.provide('emulator', emulator);
    project.provide('cloud', { ...deployment, endpoint: stack.endpoint, logFile: stack.logFile });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
