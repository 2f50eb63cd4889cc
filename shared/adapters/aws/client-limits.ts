/** Tries of one request, the first included. */
export const ATTEMPTS = 5;

const CONNECTING_MS = 2_000;
const SILENT_MS = 5_000;
const OBJECT_MS = 10_000;

/**
 * For services that answer in milliseconds or not at all. The SDK would wait five to fifteen minutes on a connection that died
 * in silence, longer than most functions may run. `waitMs` is how long the service is asked to hold its answer back.
 */
export function answersSoon(waitMs = 0) {
  return { connectionTimeout: CONNECTING_MS, socketTimeout: SILENT_MS + waitMs };
}

/**
 * For objects, of which the SDK waits for an answer without end: until the answer begins, with up to 8 MiB sent before. Not for
 * the silence of a socket, which is silent too while whoever reads an object works on what it has read.
 */
export const answersWithObjects = {
  connectionTimeout: CONNECTING_MS,
  requestTimeout: OBJECT_MS,
  throwOnRequestTimeout: true,
} as const;

/** What comes of `bytes` if it comes soon; a TimeoutError otherwise, for bodies of objects that fall silent. */
export async function withinReach<T>(bytes: Promise<T>, ms = OBJECT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no bytes for ${ms} ms`), { name: 'TimeoutError' });
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([bytes, silence]);
  } finally {
    clearTimeout(timer);
  }
}
