import type { TestProject } from 'vitest/node';
import { type Deployment, deploy } from './deploy.ts';
import { startMiniStack } from './ministack.ts';

/** What every cloud test gets: where the emulator answers and what was deployed to it. */
export interface Cloud extends Deployment {
  readonly endpoint: string;
  readonly logFile: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cloud: Cloud;
  }
}

/** Starts the emulator and deploys the real stacks once for all cloud tests; answers how to take them away again. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startMiniStack();
  try {
    const deployment = await deploy(stack);
    project.provide('cloud', { ...deployment, endpoint: stack.endpoint, logFile: stack.logFile });
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return () => stack.stop();
}
