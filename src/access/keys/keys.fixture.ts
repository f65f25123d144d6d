import { randomBytes } from 'node:crypto';
import type { OpenDatabase } from '../../data/database/database.ts';
import { SecretKey } from '../principals/secret-key.ts';
import { KeyAliases } from './key-aliases.ts';
import { KeyCipher } from './key-cipher.ts';
import { KeyRotations } from './key-rotation.ts';
import { KeyStore } from './key-store.ts';

/** A key store on a database, at a time that the test sets. */
export function keysOn({ database, dialect }: OpenDatabase, key = new SecretKey(randomBytes(32))) {
  const clock = { now: Date.UTC(2026, 10, 30) };
  const secretKey = async () => key;
  const parts = { database, dialect, secretKey, now: () => clock.now };
  return {
    ...parts,
    clock,
    store: new KeyStore(parts),
    rotations: new KeyRotations(parts),
    aliases: new KeyAliases(parts),
    cipher: new KeyCipher(parts),
  };
}

export type TestKeys = ReturnType<typeof keysOn>;

export const dayMs = 86_400_000;

/** Code and message of what a promise is rejected with. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );
