import { createHmac, randomBytes } from 'node:crypto';
import type { Database } from '../database/database.ts';

/** Digits of a nonce, and of the tag that says whose it is. */
const nonceDigits = 11;
const tagDigits = 6;

/** What the ids of one owner have in common for a moment: a nonce, which no other has, and the owner's tag for it. */
export const keyDigits = nonceDigits + tagDigits;

/** Beginnings of ids whose owners are remembered: each stands for all that share its key. */
const rememberedKeys = 65_536;

const secretKey = 'recommendation_id_secret';

/**
 * Whose answer a recommendationId belongs to. The owner, a campaign or a recommender, is written into the id as 24 bits
 * of an HMAC (SHA-256, RFC 2104) by a secret of the database. So any node can tell it at any time, without a row for
 * each answer, among the owners who come into question: those of one dataset group. Nobody else's is ever found.
 */
export class IdOwners {
  readonly #database: Database;
  #secret: string | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Reads the secret, which the first server of a database makes. Until then ids have no owner. */
  async start(): Promise<void> {
    const value = randomBytes(32).toString('hex');
    await this.#database
      .insertInto('meta')
      .values({ key: secretKey, value })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    const row = await this.#database
      .selectFrom('meta')
      .select('value')
      .where('key', '=', secretKey)
      .executeTakeFirstOrThrow();
    this.#secret = row.value;
  }

  /** The key of ids of an owner: 17 hexadecimal digits. */
  newKey(ownerArn: string): string {
    const nonce = randomBytes(8).toString('hex').slice(0, nonceDigits);
    return nonce + (this.#tagOf(nonce, ownerArn) ?? randomBytes(3).toString('hex'));
  }

  /** Tells owners from ids, among these. */
  among(ownerArns: readonly string[]): OwnerLookup {
    return new OwnerLookup(ownerArns, (key, owner) => {
      return this.#tagOf(key.slice(0, nonceDigits), owner) === key.slice(nonceDigits);
    });
  }

  #tagOf(nonce: string, ownerArn: string): string | undefined {
    if (this.#secret === undefined) return undefined;
    return createHmac('sha256', this.#secret).update(`${nonce} ${ownerArn}`).digest('hex').slice(0, tagDigits);
  }
}

/** The owners of ids, among some. */
export class OwnerLookup {
  readonly #owners: readonly string[];
  readonly #isOf: (key: string, ownerArn: string) => boolean;
  readonly #known = new Map<string, { readonly owner: string | undefined }>();

  constructor(ownerArns: readonly string[], isOf: (key: string, ownerArn: string) => boolean) {
    this.#owners = ownerArns;
    this.#isOf = isOf;
  }

  /** The owner whose answer had this id; undefined if none of these made it. */
  ownerOf(recommendationId: string): string | undefined {
    const start = recommendationId.slice(0, keyEnd);
    const known = this.#known.get(start);
    if (known) return known.owner;
    const key = keyIn(recommendationId);
    if (key === undefined) return undefined;
    const owner = this.#owners.find((candidate) => this.#isOf(key, candidate));
    if (this.#known.size >= rememberedKeys) this.#known.clear();
    this.#known.set(start, { owner });
    return owner;
  }
}

/**
 * A recommendationId: written as a random UUID (version 4), of a key of 17 digits, `rest` of 13, and the variant, which
 * says whether the list is remembered (8) or not (b).
 */
export const idOf = (key: string, variant: '8' | 'b', rest: string): string =>
  `RID-${key.slice(0, 8)}-${key.slice(8, 12)}-4${key.slice(12, 15)}-${variant}${key.slice(15)}${rest.slice(0, 1)}-${rest.slice(1)}`;

/** Where the digits of the key end. */
const keyEnd = 26;

const idPattern = /^RID-([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-[8b]([\da-f]{2})[\da-f]-[\da-f]{12}$/;

function keyIn(recommendationId: string): string | undefined {
  const [, ...digits] = idPattern.exec(recommendationId) ?? [];
  return digits.length === 0 ? undefined : digits.join('');
}
