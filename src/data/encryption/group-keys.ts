import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '../database/database.ts';
import type { GroupKeyRow } from '../database/tables.ts';
import type { DataKeys, EncryptionContext, KeyUse } from './data-keys.ts';
import type { GroupKey } from './group-key.ts';
import { KeyError } from './key-error.ts';
import { SealedError } from './sealed-error.ts';
import { keyIdOfText, openText } from './sealed-text.ts';

export type GroupKeysParts = {
  readonly database: Database;
  readonly service: DataKeys;
  /** Milliseconds since the epoch. */
  now(): number;
};

/** An unwrapped key is asked for again after so long: so soon a key that is disabled takes effect. */
const livesMs = 30_000;
/** While the key service does not answer, it is used for so long. */
const mostMs = 60_000;
/** After so long a group gets another key, which the newest version of the key of the key service wraps. */
const renewedAfterMs = 7 * 24 * 3_600_000;
const lookEveryMs = 10_000;
/** Keys in memory: each is of one group and week. */
const mostHeld = 10_000;

type HeldKey = { readonly key: GroupKey; readonly unwrappedAt: number };

/**
 * The keys of encrypted dataset groups. The database has them wrapped by the key service; unwrapped ones are in memory
 * for a minute at most. Every method throws KeyError where the key service does not allow a use.
 */
export class GroupKeys {
  readonly #parts: GroupKeysParts;
  readonly #held = new LRUCache<string, HeldKey>({ max: mostHeld });
  readonly #unwrapping = new Map<string, Promise<GroupKey>>();
  #timer: NodeJS.Timeout | undefined;
  #onLost: (keyId: string) => void = () => {};

  constructor(parts: GroupKeysParts) {
    this.#parts = parts;
  }

  /**
   * Looks after the keys that are in memory.
   *
   * @param onLost is called with the id of one that may not be used any more
   */
  start(onLost: (keyId: string) => void): void {
    this.#onLost = onLost;
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#held.clear();
  }

  /** Asks the key service again about each key that has been in memory for long. */
  async look(): Promise<void> {
    // What is wrong is told to who uses the key.
    for (const id of [...this.#held.keys()]) await this.byId(id).catch(() => {});
  }

  /**
   * A first key for a dataset group that is about to be created: `keepGroupKey` it in the transaction that creates it.
   * It is unwrapped once, as a key of which that is refused would be of no use.
   */
  async create(datasetGroupArn: string, use: Pick<KeyUse, 'kmsKeyArn' | 'roleArn'>): Promise<GroupKeyRow> {
    const { service } = this.#parts;
    const id = randomBytes(16).toString('hex');
    const [asked, context] = [
      { ...use, datasetGroupArn, account: accountOf(datasetGroupArn) },
      contextOf(datasetGroupArn, id),
    ];
    const { wrapped } = await service.generate(asked, context);
    const now = this.#parts.now();
    this.#hold(id, await service.unwrap(asked, wrapped, context), now);
    return {
      id,
      dataset_group_arn: datasetGroupArn,
      kms_key_arn: use.kmsKeyArn,
      role_arn: use.roleArn,
      wrapped: Buffer.from(wrapped).toString('base64'),
      created_at: now,
    };
  }

  /** The key for what is written now of a dataset group; undefined if it is not encrypted. */
  async ofGroup(datasetGroupArn: string): Promise<GroupKey | undefined> {
    const { database, now } = this.#parts;
    const newest = await this.#newest(datasetGroupArn);
    if (!newest) return undefined;
    if (now() - newest.created_at < renewedAfterMs) return await this.#open(newest);
    const row = await this.create(datasetGroupArn, useOf(newest));
    await keepGroupKey(database, row);
    return await this.byId(row.id);
  }

  /** The same of the dataset group that a dataset belongs to. */
  async ofDataset(datasetArn: string): Promise<GroupKey | undefined> {
    const { database } = this.#parts;
    const dataset = await database
      .selectFrom('resources')
      .select('parent')
      .where('arn', '=', datasetArn)
      .executeTakeFirst();
    return dataset?.parent ? await this.ofGroup(dataset.parent) : undefined;
  }

  /** Whether a dataset group is encrypted. */
  async has(datasetGroupArn: string): Promise<boolean> {
    return (await this.#newest(datasetGroupArn)) !== undefined;
  }

  /** The key of an id, for what was written. @throws KeyError also if there is none any more */
  async byId(id: string): Promise<GroupKey> {
    const held = this.#held.get(id);
    if (held && this.#parts.now() - held.unwrappedAt < livesMs) return held.key;
    const row = await this.#parts.database.selectFrom('group_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return await this.#open(row);
    this.#lose(id);
    throw new KeyError(
      'notFound',
      '',
      `The key ${id} of a dataset group that was deleted is gone, and what it sealed.`,
    );
  }

  async #open(row: GroupKeyRow): Promise<GroupKey> {
    const held = this.#held.get(row.id);
    if (held && this.#parts.now() - held.unwrappedAt < livesMs) return held.key;
    const waiting = this.#unwrapping.get(row.id) ?? this.#unwrap(row, held);
    this.#unwrapping.set(row.id, waiting);
    return await waiting.finally(() => this.#unwrapping.delete(row.id));
  }

  async #unwrap(row: GroupKeyRow, held: HeldKey | undefined): Promise<GroupKey> {
    const { service, now } = this.#parts;
    const asked = now();
    try {
      const wrapped = Buffer.from(row.wrapped, 'base64');
      const plaintext = await service.unwrap(useOf(row), wrapped, contextOf(row.dataset_group_arn, row.id));
      return this.#hold(row.id, plaintext, asked);
    } catch (error) {
      const isSilent = error instanceof KeyError && error.kind === 'unreachable';
      if (isSilent && held && now() - held.unwrappedAt < mostMs) return held.key;
      this.#lose(row.id);
      throw error;
    }
  }

  #lose(id: string): void {
    this.#held.delete(id);
    this.#onLost(id);
  }

  #hold(id: string, plaintext: Uint8Array, unwrappedAt: number): GroupKey {
    const key = { id, secret: Buffer.from(plaintext).toString('base64') };
    this.#held.set(id, { key, unwrappedAt });
    return key;
  }

  async #newest(datasetGroupArn: string): Promise<GroupKeyRow | undefined> {
    return await this.#parts.database
      .selectFrom('group_keys')
      .selectAll()
      .where('dataset_group_arn', '=', datasetGroupArn)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
  }
}

/** Keeps a key: of a new dataset group in the transaction that creates it. */
export async function keepGroupKey(db: Database, row: GroupKeyRow): Promise<void> {
  await db.insertInto('group_keys').values(row).execute();
}

/** Forgets the keys of a dataset group: whatever they have sealed, in backups too, cannot be read from these rows. */
export async function forgetGroupKeys(db: Database, datasetGroupArn: string): Promise<void> {
  await db.deleteFrom('group_keys').where('dataset_group_arn', '=', datasetGroupArn).execute();
}

const useOf = ({ dataset_group_arn, kms_key_arn, role_arn }: GroupKeyRow): KeyUse => ({
  kmsKeyArn: kms_key_arn,
  account: accountOf(dataset_group_arn),
  datasetGroupArn: dataset_group_arn,
  roleArn: role_arn,
});

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

/** A wrapped key is good for its group alone. */
const contextOf = (datasetGroupArn: string, id: string): EncryptionContext => ({
  'openpersonalize:dataset-group': datasetGroupArn,
  'openpersonalize:key': id,
});

/** A text as it was before `sealText`, whatever key that was; one that is not sealed as it is. */
export async function openedText(
  text: string,
  keys: Pick<GroupKeys, 'byId'> | undefined,
  where: string,
): Promise<string> {
  const id = keyIdOfText(text);
  if (id === undefined) return text;
  if (!keys) throw new SealedError(where);
  return openText(text, await keys.byId(id), where);
}
