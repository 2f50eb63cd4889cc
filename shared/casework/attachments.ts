import { hash } from 'node:crypto';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { keyIdOf, type Sealer } from '../registry/sealing.ts';
import type { CaseAction } from './actions.ts';
import { isWhole, typeOfBytes } from './attachment-bytes.ts';
import type { Attachment, CaseId } from './case.ts';
import { sealedFor } from './case-words.ts';
import { caseFor } from './read-cases.ts';

/** Folder of the exchange store for photos, signatures and papers. Sealed: pictures show people and their homes. */
export const ATTACHMENTS = 'attachments/';
/** Largest attachment, bytes: what every host takes in one request. Phones scale photos below it. */
export const ATTACHMENT_BYTES = 4 * 1024 * 1024;

/** What keeping and reading attachments needs. */
export interface AttachmentDeps extends ReadTrail {
  readonly cases: Pick<CaseStore, 'get'>;
  readonly exchange: Pick<ObjectStore, 'read' | 'write' | 'info'>;
  readonly sealer: Sealer;
}

/**
 * Keeps the bytes of an attachment, sealed, and answers with the action that puts it to the case. The same bytes are the same
 * attachment. Throws PermanentError `attachment-empty`, `attachment-too-large` or `attachment-type` (a photo that is no
 * picture; only papers may be PDF) or `attachment-cut-off` (its end is missing).
 */
export async function keepAttachment(
  deps: AttachmentDeps,
  access: Access,
  about: { readonly case: string; readonly kind: Attachment['kind'] },
  bytes: Uint8Array,
): Promise<Extract<CaseAction, { readonly action: 'attach' }>> {
  const { found } = await caseFor(deps, access, about.case);
  if (bytes.length === 0) throw new PermanentError('attachment-empty', 'the attachment has no bytes');
  if (bytes.length > ATTACHMENT_BYTES) throw new PermanentError('attachment-too-large', `${bytes.length} bytes`);
  const type = typeOfBytes(bytes);
  const isPicture = type !== undefined && type !== 'application/pdf';
  if (type === undefined || (!isPicture && about.kind !== 'paper' && about.kind !== 'consent')) {
    throw new PermanentError('attachment-type', `a ${about.kind} that is ${type ?? 'of no known type'}`);
  }
  if (!isWhole(type, bytes)) throw new PermanentError('attachment-cut-off', `${type} without its end`);
  const id = hash('sha256', bytes, 'hex');
  const key = keyOf(found.id, id);
  if ((await deps.exchange.info(key)) === undefined) {
    const sealed = deps.sealer.seal(sealedFor(found.id), Buffer.from(bytes).toString('base64'));
    await deps.exchange.write(key, Buffer.from(sealed));
  }
  return { action: 'attach', id, kind: about.kind, type, size: bytes.length };
}

/** The bytes of an attachment of a case. Throws NotFoundError, or AccessError outside the reader's areas; recorded. */
export async function readAttachment(
  deps: AttachmentDeps,
  access: Access,
  id: string,
  attachment: string,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
  const { found, disclosure } = await caseFor(deps, access, id);
  const kept = found.attachments.find((one) => one.id === attachment);
  if (kept === undefined || disclosure.names !== 'full') throw new NotFoundError('no such attachment for you');
  await recordRead(deps, access, 'cases.read', { attachment, case: found.id, household: found.household }, 1);
  const parts: Uint8Array[] = [];
  for await (const part of deps.exchange.read(keyOf(found.id, attachment))) parts.push(part);
  const opened = deps.sealer.open(sealedFor(found.id), Buffer.concat(parts).toString('utf8'));
  return { type: kept.type, bytes: Buffer.from(opened, 'base64') };
}

/**
 * Seals anew, with the current key, every attachment after a place that is sealed with another, until time is up; `next` is the
 * place to go on after. May be killed anywhere and begun again. An attachment is never changed otherwise, so nobody's work is
 * overwritten.
 */
export async function resealAttachments(
  exchange: Pick<ObjectStore, 'list' | 'read' | 'write'>,
  sealer: Sealer,
  current: number,
  after = '',
  timeIsUp: () => boolean = () => false,
): Promise<{ readonly resealed: number; readonly next?: string }> {
  let resealed = 0;
  for await (const { key } of exchange.list(ATTACHMENTS)) {
    if (key <= after) continue;
    if (await resealOne(exchange, sealer, current, key)) resealed += 1;
    // Looked at last, so that each call comes one further at least.
    if (timeIsUp()) return { resealed, next: key };
  }
  return { resealed };
}

async function resealOne(
  exchange: Pick<ObjectStore, 'read' | 'write'>,
  sealer: Sealer,
  current: number,
  key: string,
): Promise<boolean> {
  const of = key.slice(ATTACHMENTS.length, key.lastIndexOf('/')) as CaseId;
  const parts: Uint8Array[] = [];
  for await (const part of exchange.read(key)) {
    parts.push(part);
    // The first bytes name the key.
    if (parts.length === 1 && keyIdOf(Buffer.from(part.subarray(0, KEY_ID_BYTES)).toString('latin1')) === current) break;
  }
  const sealed = Buffer.concat(parts).toString('utf8');
  if (keyIdOf(sealed) === current) return false;
  const person = sealedFor(of);
  await exchange.write(key, Buffer.from(sealer.seal(person, sealer.open(person, sealed))));
  return true;
}

/** More than the number of a key with its colon takes. */
const KEY_ID_BYTES = 16;

function keyOf(id: CaseId, attachment: string): string {
  return `${ATTACHMENTS}${id}/${attachment}`;
}
