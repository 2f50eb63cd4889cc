import { PermanentError } from '../shared/ports/errors.ts';

/**
 * For functions that a person calls: of an error the service passes on its name and its message and nothing else, so the message
 * begins with the code by which the runbook knows what to do.
 */
export async function sayingWhy<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    throw new PermanentError(error.code, `${error.code}: ${error.message}`);
  }
}
