import type { Instant } from '../calendar/plain-date.ts';

/** A stored object without its bytes. `version` changes whenever the bytes under the key are replaced. */
export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  readonly version: string;
  readonly lastModified: Instant;
}

/** Files by key, e.g. `inbox/medical-insurance/inpatient-settlement/2024-03/a.csv`. */
export interface ObjectStore {
  /** Undefined when there is no such object. */
  info(key: string): Promise<ObjectInfo | undefined>;
  /** Streams the bytes; throws NotFoundError when there is no such object. */
  read(key: string): AsyncIterable<Uint8Array>;
  /** Replaces the object as a whole: a reader sees the old or the new bytes, never a mixture. */
  write(key: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** Every object whose key begins with `prefix`, in key order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
}

/** Where a browser or a department's script may send a file straight to the store. */
export interface UploadLinks {
  /** A link to PUT `key` to, valid for `seconds`. */
  uploadUrl(key: string, seconds: number): Promise<string>;
}

/** Where a file may be had straight from the store. */
export interface DownloadLinks {
  /** A link to GET `key` from, valid for `seconds`; the browser keeps it as `name`. */
  downloadUrl(key: string, name: string, seconds: number): Promise<string>;
}
