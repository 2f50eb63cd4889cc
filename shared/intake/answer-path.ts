import { hash } from 'node:crypto';

/** Bytes a file name may have and still take the ending of an answer within the 255 most file systems allow. */
const NAME_BYTES = 240;
const KEPT_CHARACTERS = 50;

/**
 * The path below the inbox under which the answers to a dropped file are put: its own, with a very long name cut short and
 * made distinct again by a piece of its hash. The extension stays.
 */
export function answerPath(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  if (Buffer.byteLength(name) <= NAME_BYTES) return path;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 6 ? name.slice(dot) : '';
  const kept = [...name].slice(0, KEPT_CHARACTERS).join('');
  return `${path.slice(0, slash)}${kept}~${hash('sha256', name, 'hex').slice(0, 12)}${extension}`;
}
