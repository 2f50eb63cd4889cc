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
/** No message is hidden for longer, milliseconds: one that is was sent or taken before the clock was put back. */
const LONGEST_HIDDEN_MS = 60 * 60 * 1000;
/** Characters. */
const LARGE_BODY = 1_000;
/** A message that waits to be taken. */
export interface WaitingMessage {
  readonly id: string;
  readonly share: number;
  /** Of the body, in UTF-8. */
  readonly bytes: number;
  /** Undefined when it is large. */
  readonly body: string | undefined;
}

const NO_REASON = 'AW9001_MESSAGE_BURIED: 多次投递未处理完成 / delivered too often without being finished';

/** The four queues, their dead letters included, in SQLite. Message times are real time, whatever clock the run's data has. */
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
      for (const message of messages) this.enter(queue, message);
    });
  }

  /** Enters a message in the transaction under way, so that it is sent if and only if what it tells of is kept. */
  enter(queue: QueueName, { body, key, share }: OutgoingMessage): void {
    // Taking a message rewrites its row, so a large body is kept apart.
    const large = body.length > LARGE_BODY;
    const entered = this.#database.run(
      'INSERT INTO messages (queue, key, share, visible_at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      queue,
      key ?? null,
      share ?? 0,
      this.#nowMs(),
      large ? null : body,
    );
    if (large && entered === 1) {
      this.#database.run('INSERT INTO large_bodies (id, body) VALUES (?, ?)', this.#database.lastId(), body);
    }
  }

  /**
   * The first messages that could be taken now, in turn: by share of people, then by time. Writes nothing. Shares to keep
   * `apart` from are left out.
   */
  async waiting(queue: QueueName, max: number, apart: readonly number[] = []): Promise<readonly WaitingMessage[]> {
    const rows = this.#database.all(
      `SELECT messages.id, share, messages.body, octet_length(coalesce(messages.body, large_bodies.body))
         FROM messages LEFT JOIN large_bodies ON messages.body IS NULL AND large_bodies.id = messages.id
        WHERE queue = ? AND visible_at <= ? AND share NOT IN (SELECT value FROM json_each(?))
        ORDER BY share, visible_at, messages.id LIMIT ?`,
      queue,
      this.#nowMs(),
      JSON.stringify(apart),
      max,
    );
    return rows.map(([id, share, body, bytes]) => ({
      id: String(integer(id)),
      share: integer(share),
      bytes: integer(bytes),
      body: body === null ? undefined : text(body),
    }));
  }

  async receive(queue: QueueName, max: number, seconds: number): Promise<readonly ReceivedMessage[]> {
    // Looking into a queue that has nothing to take writes nothing.
    if (this.#isEmpty(queue)) return [];
    const taken = this.#database.write(() => {
      const rows = this.#database.all(
        'SELECT id FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY share, visible_at, id LIMIT ?',
        queue,
        this.#nowMs(),
        max,
      );
      return this.#take(
        queue,
        rows.map(([id]) => integer(id)),
        seconds,
      );
    });
    return this.#bodiesOf(taken);
  }

  /** Takes those of the messages that still wait, in the order given, hidden from others for `seconds`. */
  async take(queue: QueueName, ids: readonly string[], seconds: number): Promise<readonly ReceivedMessage[]> {
    if (ids.length === 0) return [];
    return this.#bodiesOf(this.#database.write(() => this.#take(queue, ids.map(Number), seconds)));
  }

  /** Those that are in hand now. Messages delivered too often already are buried instead. */
  #take(queue: QueueName, ids: readonly number[], seconds: number): readonly number[] {
    const now = this.#nowMs();
    const rows = this.#database.all(
      `SELECT messages.id, attempts FROM json_each(?) AS asked CROSS JOIN messages ON messages.id = asked.value
        WHERE queue = ? AND visible_at <= ? ORDER BY asked.key`,
      JSON.stringify(ids),
      queue,
      now,
    );
    const fit: number[] = [];
    for (const [number, attempts] of rows) {
      const id = integer(number);
      if (integer(attempts) < MAX_ATTEMPTS) fit.push(id);
      else this.#buryWorn(queue, id);
    }
    // Its key is given up on first delivery: what comes under it from now on may be news to whoever has this one in hand.
    this.#database.run(
      'UPDATE messages SET visible_at = ?, attempts = attempts + 1, key = NULL WHERE id IN (SELECT value FROM json_each(?))',
      now + seconds * 1000,
      JSON.stringify(fit),
    );
    return fit;
  }

  /** Messages in hand, which nobody else changes: up to 15 MB of facts, read outside the turn to write. */
  #bodiesOf(ids: readonly number[]): ReceivedMessage[] {
    const rows = this.#database.all(
      `SELECT messages.id, attempts, coalesce(messages.body, large_bodies.body)
         FROM json_each(?) AS taken CROSS JOIN messages ON messages.id = taken.value
         LEFT JOIN large_bodies ON messages.body IS NULL AND large_bodies.id = messages.id
        ORDER BY taken.key`,
      JSON.stringify(ids),
    );
    return rows.map(([id, attempt, body]) => ({ id: String(integer(id)), body: text(body), attempt: integer(attempt) }));
  }

  #buryWorn(queue: QueueName, id: number): void {
    const [reason = null, body] =
      this.#database.get(
        `SELECT reason, coalesce(messages.body, large_bodies.body)
           FROM messages LEFT JOIN large_bodies ON messages.body IS NULL AND large_bodies.id = messages.id WHERE messages.id = ?`,
        id,
      ) ?? [];
    this.#bury(queue, text(body), reason === null ? NO_REASON : text(reason));
    this.#remove([id]);
  }

  #isEmpty(queue: QueueName): boolean {
    const found = this.#database.get('SELECT 1 FROM messages WHERE queue = ? AND visible_at <= ? LIMIT 1', queue, this.#nowMs());
    return found === undefined;
  }

  async remove(_queue: QueueName, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#database.write(() => this.#remove(ids.map(Number)));
  }

  #remove(ids: readonly number[]): void {
    const list = JSON.stringify(ids);
    this.#database.run('DELETE FROM large_bodies WHERE id IN (SELECT value FROM json_each(?))', list);
    this.#database.run('DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))', list);
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
   * Frees what a killed process had in hand, without counting the attempt against it: up to 50 times, as it may be what kills
   * the process; as often as wanted where something else is known to be to blame. Only for the process that owns the data
   * directory, while it has nothing in hand.
   */
  async takeBackAll({ blameless = false }: { readonly blameless?: boolean } = {}): Promise<void> {
    this.#database.write(() =>
      this.#database.run(
        `UPDATE messages SET visible_at = ?, taken_back = taken_back + ?,
                attempts = CASE WHEN taken_back < ? THEN max(attempts - 1, 0) ELSE attempts END
          WHERE attempts > 0 AND visible_at > ?`,
        this.#nowMs(),
        blameless ? 0 : 1,
        TAKEN_BACK_AT_MOST,
        this.#nowMs(),
      ),
    );
  }

  /**
   * Frees what waits for a time that no message is made to wait for: the clock was ahead when it was sent, and is put right now.
   * At any time, whoever has what in hand.
   */
  async followClock(): Promise<void> {
    const now = this.#nowMs();
    const sql = 'FROM messages WHERE visible_at > ? + CASE attempts WHEN 0 THEN 0 ELSE ? END';
    if (this.#database.get(`SELECT 1 ${sql} LIMIT 1`, now, LONGEST_HIDDEN_MS) === undefined) return;
    this.#database.write(() =>
      this.#database.run(`UPDATE messages SET visible_at = ? WHERE id IN (SELECT id ${sql})`, now, now, LONGEST_HIDDEN_MS),
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
      for (const [body] of rows) this.enter(queue, { body: text(body) });
      this.#database.run('DELETE FROM dead_letters WHERE queue = ?', queue);
      return rows.length;
    });
  }
}
