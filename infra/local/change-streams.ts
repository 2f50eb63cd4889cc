import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeStreams, WatchedPlace } from '../../functions/serve-api/api-deps.ts';
import { type Log, LogCode } from '../../shared/ports/log.ts';

/** How streams are kept. */
interface StreamSettings {
  /** Streams of one user at a time: a few pages, not a flood. */
  readonly perUser: number;
  /** Streams of everybody: each looks at its worklist every `lookMs`. */
  readonly inAll: number;
  /** Between two looks. */
  readonly lookMs: number;
  /** A silent stream says that it lives after so long; proxies cut what is silent for a minute. */
  readonly heartbeatMs: number;
}

const SETTINGS: StreamSettings = { perUser: 4, inAll: 200, lookMs: 1_000, heartbeatMs: 15_000 };
/** A client that lost its stream asks again after so long. */
const RETRY_MS = 2_000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies that gather answers before they pass them on would hold back every change.
  'x-accel-buffering': 'no',
} as const;

/** A stream somebody holds open. */
interface Held {
  readonly user: string;
  /** Wakes it from its rest and ends it. */
  end(): void;
  readonly ended: Promise<void>;
}

/** Server-sent events of this process: places watched for signed-in users, each stream until either side ends it. */
export class ServerSentEvents implements ChangeStreams {
  readonly #settings: StreamSettings;
  readonly #log: Log;
  readonly #held = new Set<Held>();
  #closed = false;

  constructor(log: Log, settings: Partial<StreamSettings> = {}) {
    this.#log = log;
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** Streams held open now. */
  get open(): number {
    return this.#held.size;
  }

  watch(place: WatchedPlace): Response | undefined {
    const { perUser, inAll } = this.#settings;
    const own = [...this.#held].filter(({ user }) => user === place.user).length;
    if (this.#closed || own >= perUser || this.#held.size >= inAll) return undefined;
    const ending = new AbortController();
    const stop = () => ending.abort();
    const stopped = AbortSignal.any([place.signal, ending.signal]);
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const ended = this.#tell(place, controller, stopped).finally(() => this.#held.delete(held));
          const held: Held = { user: place.user, end: stop, ended };
          this.#held.add(held);
        },
        // The client went away.
        cancel: stop,
      },
      { highWaterMark: WAITING_MOST },
    );
    return new Response(stream, { headers: HEADERS });
  }

  /** Ends every stream and takes no other; settles when the last has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#held];
    for (const { end } of all) end();
    await Promise.all(all.map(({ ended }) => ended));
  }

  /** Looks again and again until the sign-in ends, somebody stops it, or looking fails: whoever comes again is told why. */
  async #tell(place: WatchedPlace, to: ReadableStreamDefaultController<Uint8Array>, stopped: AbortSignal): Promise<void> {
    const { lookMs, heartbeatMs } = this.#settings;
    let told = place.seen;
    let last = performance.now();
    const say = (text: string) => {
      to.enqueue(encoder.encode(text));
      last = performance.now();
    };
    try {
      say(`retry: ${RETRY_MS}\n\n`);
      while (!stopped.aborted) {
        const now = await place.look();
        if (now === undefined || stopped.aborted) break;
        // Whoever does not read is told the newest when reading again, and not every step on the way.
        const reads = (to.desiredSize ?? 0) > 0;
        if (reads && now !== told) {
          say(`id: ${now}\nevent: changed\ndata: ${JSON.stringify({ changed: true, token: now })}\n\n`);
          told = now;
        } else if (reads && performance.now() - last >= heartbeatMs) say(': \n\n');
        await rest(lookMs, stopped);
      }
    } catch (error) {
      this.#log.warn(LogCode.RequestFailed, { error: error instanceof Error ? error.name : 'unknown', problem: 'stream-ended' });
    }
    try {
      to.close();
    } catch {
      // The client had closed it already.
    }
  }
}

/** Pieces that may wait to be read. */
const WAITING_MOST = 16;
const encoder = new TextEncoder();

/** Ends early when stopped. */
function rest(ms: number, stopped: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal: stopped }).catch(() => undefined);
}
