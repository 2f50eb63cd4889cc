import { hash } from 'node:crypto';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { NotFoundError } from '../../ports/errors.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { bytesOf, infoOf } from './object-store.ts';
import { atEdge } from './service-errors.ts';

/** One drop of a file: its key, and the version that the bucket gave it. */
export interface Drop {
  readonly key: string;
  readonly version: string;
}

/**
 * A bucket as whoever reads one drop sees it: under its key are the bytes of that drop, also where another came under the same
 * name before it was read. Answers to one that gave way are put beside those to the later one. What its sender has deleted is gone.
 */
export function s3DroppedObject(store: ObjectStore, client: S3Client, bucket: string, { key, version }: Drop): ObjectStore {
  const head = (VersionId?: string) =>
    atEdge('S3 HeadObject', () =>
      client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...(VersionId === undefined ? {} : { VersionId }) })),
    );

  /** What stands under the key, and whether it is another drop. */
  async function current() {
    const there = await head();
    return { there, isLater: there.VersionId !== undefined && there.VersionId !== version };
  }

  async function info() {
    try {
      const { there, isLater } = await current();
      const drop = isLater ? await head(version) : there;
      return infoOf(key, drop.ContentLength, drop);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Deleted meanwhile, there is no later one to make way for. */
  async function gaveWay(): Promise<boolean> {
    try {
      return (await current()).isLater;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  return {
    info: (asked) => (asked === key ? info() : store.info(asked)),
    read: (asked) => (asked === key ? bytesOf(client, { Bucket: bucket, Key: key, VersionId: version }) : store.read(asked)),
    async write(answer, body) {
      const place = (await gaveWay()) ? `${answer}.before-${hash('sha256', version, 'hex').slice(0, 8)}` : answer;
      await store.write(place, body);
    },
    list: (prefix) => store.list(prefix),
  };
}
