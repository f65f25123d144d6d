import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../data/database/database.ts';
import { Mutex } from '../../util/mutex.ts';
import type { Principal } from '../principal.ts';
import type { Holder } from './holders.ts';
import { firstAccount, rootArn, userArn } from './identifiers.ts';
import { keyIdOf, type SecretKey } from './secret-key.ts';
import { type Session, sessionOf } from './sessions.ts';

/** A count in `meta` that every change of principals raises. */
export const changedKey = 'principals_changed';

/** An access key with what verifies its signatures. */
export type KnownKey = {
  readonly principal: Principal;
  readonly isActive: boolean;
  /** Milliseconds since the epoch; absent for a key without an end. */
  readonly expiresAt?: number | undefined;
  secret(): string;
};

type PrincipalsParts = {
  readonly database: Database;
  /** What secrets are encrypted with; undefined where there is none yet. */
  readonly secretKey: () => Promise<SecretKey | undefined>;
  /** Reads what else has changed, before the change counts as seen. */
  readonly alsoRead?: (database: Database) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

/** Tokens that need not be decrypted again. */
const maxSessions = 10_000;

/** How often the changes of other nodes are looked for. */
const lookEveryMs = 1000;

/**
 * All access keys in memory, so that no call waits for the database. Changes of this node show at once (`refresh`),
 * those of others within two seconds. While the database does not answer, what was last known holds.
 */
export class Principals {
  readonly #parts: PrincipalsParts;
  #keys: ReadonlyMap<string, KnownKey> = new Map();
  /** Since when users and roles, by id, and accounts are there: sessions end with whom they are of. */
  #since: ReadonlyMap<string, number> = new Map();
  #secretKey: SecretKey | undefined;
  readonly #sessions = new LRUCache<string, Session>({ max: maxSessions });
  #seen: string | undefined;
  readonly #stop = new AbortController();
  #looking: Promise<void> | undefined;
  readonly #oneAtATime = new Mutex();

  constructor(parts: PrincipalsParts) {
    this.#parts = parts;
  }

  /** Reads all keys, and looks for changes from then on. @throws Error with a sentence if secrets cannot be read */
  async start(): Promise<void> {
    await this.refresh();
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  find(accessKeyId: string): KnownKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** The session of a token; undefined if it is none of this server's, or whom it is of is gone. */
  session(token: string): Session | undefined {
    const session = this.#sessions.get(token) ?? (this.#secretKey && sessionOf(this.#secretKey, token));
    if (!session) return undefined;
    this.#sessions.set(token, session);
    const since = this.#since.get(ownerOfSession(session.principal));
    // An account that was deleted may have been made again.
    return since !== undefined && (session.principal.issuedAt ?? since) >= since ? session : undefined;
  }

  /** Whether there is a key that is not disabled. */
  get hasActive(): boolean {
    return [...this.#keys.values()].some(({ isActive }) => isActive);
  }

  /** Reads the keys if they have changed. */
  async refresh(): Promise<void> {
    await this.#oneAtATime.run(() => this.#read());
  }

  async #read(): Promise<void> {
    const { database, secretKey, alsoRead } = this.#parts;
    const row = await database.selectFrom('meta').select('value').where('key', '=', changedKey).executeTakeFirst();
    const changed = row?.value ?? '0';
    if (changed === this.#seen) return;
    const keys = await database
      .selectFrom('access_keys')
      .leftJoin('users', 'users.id', 'access_keys.user_id')
      .selectAll('access_keys')
      .select(['users.name as user_name', 'users.path as user_path'])
      .execute();
    const since = await readTimes(database);
    const key = await secretKey();
    const foreign = keys.find(({ sealed_secret }) => keyIdOf(sealed_secret) !== key?.id);
    if (foreign) throw new Error(foreignKeys(key === undefined));
    this.#keys = new Map(
      keys.map(({ id, account, user_id, user_name, user_path, status, sealed_secret, expires_at }) => [
        id,
        {
          principal: principalOf(account, ownerOf(account, user_id, user_name, user_path)),
          isActive: status === 'Active',
          expiresAt: expires_at ?? undefined,
          secret: () => key?.open(sealed_secret, id) ?? '',
        },
      ]),
    );
    await alsoRead?.(database);
    this.#since = since;
    this.#secretKey = key;
    this.#seen = changed;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    let isFailing = false;
    while (!signal.aborted) {
      await sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      const failed = await this.refresh().catch((error: unknown) => error);
      // Once for an outage, not every second.
      if (failed !== undefined && !isFailing) this.#parts.onError(failed);
      isFailing = failed !== undefined;
    }
  }
}

/** When accounts, users and roles were made; the first account was always there. */
async function readTimes(database: Database): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const table of ['accounts', 'users', 'roles'] as const) {
    const rows = await database.selectFrom(table).select(['id', 'created_at']).execute();
    for (const { id, created_at } of rows) times.set(id, created_at);
  }
  return times.set(firstAccount, 0);
}

/** The id of the user or role that a session is of, or the account of whose root it is. */
function ownerOfSession(principal: Principal): string {
  if (principal.kind === 'root') return principal.account;
  return principal.kind === 'user' ? principal.id : (principal.id.split(':', 1)[0] ?? '');
}

type KeyOwner = Pick<Holder, 'id' | 'name' | 'arn'>;

/** Undefined for a key of the account's root, which alone has no id of a user. */
function ownerOf(account: string, id: string | null, name: string | null, path: string | null): KeyOwner | undefined {
  return id === null ? undefined : { id, name: name ?? '', arn: userArn(account, name ?? '', path ?? '/') };
}

/** @param user undefined for the root of the account */
export function principalOf(account: string, user: KeyOwner | undefined): Principal {
  if (user === undefined) return { kind: 'root', account, arn: rootArn(account) };
  const { id, name, arn } = user;
  return { kind: 'user', account, arn, name, id };
}

const foreignKeys = (isMissing: boolean) =>
  `The access keys in the database are encrypted with ${isMissing ? 'a key that is not here' : 'another key'}: put ` +
  'openpersonalize.key of the home in which they were made into this home, or name it with --key-file.';
