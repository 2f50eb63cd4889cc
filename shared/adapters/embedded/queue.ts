import { PermanentError } from '../../ports/errors.ts';
import {
  type DeadLetter,
  type DeadLetterBox,
  MESSAGE_BYTES,
  type OutgoingMessage,
  type QueueName,
  type QueueReceiver,
  type QueueSender,
  type ReceivedMessage,
} from '../../ports/queue.ts';
import { type EmbeddedDatabase, integer, text } from './database.ts';

/** Deliveries after which a message becomes a dead letter. */
export const MAX_ATTEMPTS = 5;
/** How often a message found in hand at a start is given its attempt back; beyond that it is what kills the process. */
const TAKEN_BACK_AT_MOST = 50;
/** Characters. */
const LARGE_BODY = 1_000;
const NO_REASON = 'AW9001_MESSAGE_BURIED: 多次投递未处理完成 / delivered too often without being finished';

/** The three queues, their dead letters included, in SQLite. Message times are real time, whatever clock the run's data has. */
export class SqliteQueue implements QueueSender, QueueReceiver, DeadLetterBox {
  readonly #database: EmbeddedDatabase;
  readonly #nowMs: () => number;
  constructor(database: EmbeddedDatabase, nowMs: () => number) {
    this.#database = database;
    this.#nowMs = nowMs;
  }

  /** Throws PermanentError when a body is over MESSAGE_BYTES; nothing is sent then. */
  async send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    for (const { body } of messages) {
      // Three bytes of UTF-8 for a UTF-16 unit at most: short texts need no counting.
      if (body.length * 3 > MESSAGE_BYTES && Buffer.byteLength(body) > MESSAGE_BYTES) {
        throw new PermanentError(
          'message-too-large',
          `消息超过 ${MESSAGE_BYTES} 字节，应拆分后发送 / a message is larger than ${MESSAGE_BYTES} bytes: send it in parts`,
        );
      }
    }
    this.#database.write(() => {
      for (const message of messages) this.#enter(queue, message);
    });
  }

  #enter(queue: QueueName, { body, key }: OutgoingMessage): void {
    // Taking a message rewrites its row, so a large body is kept apart.
    const large = body.length > LARGE_BODY;
    const entered = this.#database.run(
      'INSERT INTO messages (queue, key, visible_at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      queue,
      key ?? null,
      this.#nowMs(),
      large ? null : body,
    );
    if (large && entered === 1) {
      this.#database.run('INSERT INTO large_bodies (id, body) VALUES (?, ?)', this.#database.lastId(), body);
    }
  }

  async receive(queue: QueueName, max: number, seconds: number): Promise<readonly ReceivedMessage[]> {
    const now = this.#nowMs();
    if (this.#nextVisible(queue) > now) return [];
    return this.#database.write(() => {
      const taken: ReceivedMessage[] = [];
      const rows = this.#database.all(
        `SELECT messages.id, attempts, reason, coalesce(messages.body, large_bodies.body)
           FROM messages LEFT JOIN large_bodies ON messages.body IS NULL AND large_bodies.id = messages.id
          WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, messages.id LIMIT ?`,
        queue,
        now,
        max,
      );
      for (const [number, attempts, reason, body] of rows) {
        const id = integer(number);
        const attempt = integer(attempts) + 1;
        if (attempt > MAX_ATTEMPTS) {
          this.#bury(queue, text(body), reason === null ? NO_REASON : text(reason));
          this.#remove(id);
          continue;
        }
        // Its key is given up on first delivery: what comes under it from now on may be news to whoever has this one in hand.
        this.#database.run(
          'UPDATE messages SET visible_at = ?, attempts = ?, key = NULL WHERE id = ?',
          now + seconds * 1000,
          attempt,
          id,
        );
        taken.push({ id: String(id), body: text(body), attempt });
      }
      return taken;
    });
  }

  /** When the next message can be taken, so that looking into an empty queue writes nothing. */
  #nextVisible(queue: QueueName): number {
    const next = this.#database.get('SELECT min(visible_at) FROM messages WHERE queue = ?', queue)?.[0];
    return next === null ? Number.POSITIVE_INFINITY : integer(next);
  }

  async remove(_queue: QueueName, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#database.write(() => {
      for (const id of ids) this.#remove(Number(id));
    });
  }

  #remove(id: number): void {
    this.#database.run('DELETE FROM messages WHERE id = ?', id);
    this.#database.run('DELETE FROM large_bodies WHERE id = ?', id);
  }

  /** Gives messages in hand back, to be delivered again after `seconds`; `reason` goes with them into the dead letters, if it comes to that. */
  async retry(ids: readonly string[], seconds: number, reason: string): Promise<void> {
    this.#database.write(() => {
      for (const id of ids) {
        this.#database.run(
          'UPDATE messages SET visible_at = ?, reason = ? WHERE id = ?',
          this.#nowMs() + seconds * 1000,
          reason,
          Number(id),
        );
      }
    });
  }

  /**
   * Frees what a killed process had in hand, without counting the attempt against it. Only for the process that owns the
   * data directory, before it starts to work.
   */
  async takeBackAll(): Promise<void> {
    this.#database.write(() =>
      this.#database.run(
        `UPDATE messages SET visible_at = ?, taken_back = taken_back + 1,
                attempts = CASE WHEN taken_back < ? THEN max(attempts - 1, 0) ELSE attempts END
          WHERE attempts > 0 AND visible_at > ?`,
        this.#nowMs(),
        TAKEN_BACK_AT_MOST,
        this.#nowMs(),
      ),
    );
  }

  async depth(queue: QueueName): Promise<number> {
    return integer(this.#database.get('SELECT count(*) FROM messages WHERE queue = ?', queue)?.[0]);
  }

  async bury(queue: QueueName, body: string, reason: string): Promise<void> {
    this.#database.write(() => this.#bury(queue, body, reason));
  }

  #bury(queue: QueueName, body: string, reason: string): void {
    this.#database.run('INSERT INTO dead_letters (queue, body, reason) VALUES (?, ?, ?)', queue, body, reason);
  }

  async list(queue: QueueName, limit: number): Promise<readonly DeadLetter[]> {
    const rows = this.#database.all(
      'SELECT id, body, reason FROM dead_letters WHERE queue = ? ORDER BY id LIMIT ?',
      queue,
      limit,
    );
    return rows.map(([id, body, reason]) => ({ id: String(integer(id)), queue, body: text(body), reason: text(reason) }));
  }

  async putBack(queue: QueueName): Promise<number> {
    return this.#database.write(() => {
      const rows = this.#database.all('SELECT body FROM dead_letters WHERE queue = ? ORDER BY id', queue);
      for (const [body] of rows) this.#enter(queue, { body: text(body) });
      this.#database.run('DELETE FROM dead_letters WHERE queue = ?', queue);
      return rows.length;
    });
  }
}
