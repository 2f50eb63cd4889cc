import { hash, scrypt, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { roles } from '../../../shared/access/principal.ts';
import type { DemoAccount } from './demo-accounts.ts';
import type { TokenSubject } from './tokens.ts';

/** Checks a password; undefined when the user is unknown or the password wrong, after the same amount of work. */
export type CheckPassword = (user: string, password: string) => Promise<TokenSubject | undefined>;

const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** The form a password takes in an accounts file: `salt:key`, hex, scrypt with N 2^15, r 8, p 1. */
export async function hashPassword(password: string, salt: Buffer): Promise<string> {
  return `${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
}

/** Stops an accounts file with a misspelt role or a plain password from being used. */
const AccountsFile = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        user: z.string().min(1).max(100),
        name: z.string().max(100).default(''),
        password: z.string().regex(/^[0-9a-f]{32,}:[0-9a-f]{64}$/, 'expected salt:key as hashPassword gives it'),
        roles: z.array(z.enum(roles)).min(1),
        areas: z.array(z.string()).default([]),
        departments: z.array(z.string()).default([]),
      }),
    )
    .min(1),
});

/** Passwords of an accounts file (JSON text). Throws with the path of what is wrong in it. */
export function checkAgainstFile(text: string): CheckPassword {
  const accounts = new Map(AccountsFile.parse(JSON.parse(text)).accounts.map((account) => [account.user, account]));
  return async (user, password) => {
    const account = accounts.get(user);
    const [salt = '', key = ''] = (account?.password ?? `${'0'.repeat(32)}:${'0'.repeat(64)}`).split(':');
    const right = timingSafeEqual(await derive(password, Buffer.from(salt, 'hex')), Buffer.from(key, 'hex'));
    return right && account !== undefined ? account : undefined;
  };
}

/** Passwords of the demo accounts, which are public; compared in constant time all the same. */
export function checkAgainstDemo(demo: readonly DemoAccount[]): CheckPassword {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return async (user, password) => {
    const account = demo.find((one) => one.user === user);
    const right = timingSafeEqual(digest(password), digest(account?.password ?? ''));
    return right && account !== undefined ? { ...account, name: account.title.zh } : undefined;
  };
}
