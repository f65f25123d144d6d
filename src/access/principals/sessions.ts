import type { Principal } from '../principal.ts';
import { newSecret, newSessionKeyId } from './identifiers.ts';
import type { SecretKey } from './secret-key.ts';

/** What somebody signs calls with for a time: all three parts are needed. */
export type TemporaryCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
};

/** Temporary credentials as the server knows them. */
export type Session = Omit<TemporaryCredentials, 'sessionToken'> & { readonly principal: Principal };

/** What a token is sealed for: no other sealed text is one. */
const owner = 'session token';

/**
 * Makes temporary credentials of a principal. Nothing is stored: the token holds all of it, encrypted, so that every
 * server with the same key knows it.
 */
export function newSession(
  key: SecretKey,
  { principal, expiresAt }: { readonly principal: Principal; readonly expiresAt: number },
): TemporaryCredentials {
  const [accessKeyId, secretAccessKey] = [newSessionKeyId(), newSecret()];
  const session: Session = { accessKeyId, secretAccessKey, principal, expiresAt };
  return { accessKeyId, secretAccessKey, expiresAt, sessionToken: key.seal(JSON.stringify(session), owner) };
}

/** The session of a token; undefined if no server with this key has made it. */
export function sessionOf(key: SecretKey, token: string): Session | undefined {
  try {
    return JSON.parse(key.open(token, owner));
  } catch {
    return undefined;
  }
}
