import { hash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../util/logger.ts';
import type { Database } from '../database/database.ts';
import type { GroupKey } from '../encryption/group-key.ts';
import { type GroupKeys, openedText } from '../encryption/group-keys.ts';
import { sealText } from '../encryption/sealed-text.ts';
import { IdOwners, idOf } from './id-owners.ts';

const [compress, decompress] = [promisify(deflateRaw), promisify(inflateRaw)];

export type ImpressionsParts = {
  readonly database: Database;
  readonly clock: { now(): number };
  readonly log: Pick<Logger, 'warn'>;
  /** How long a list is known after it was shown. */
  readonly keepMs: number;
  /** Without, nothing is encrypted. */
  readonly keys?: GroupKeys | undefined;
  /** Asks the other processes of the server for a list that they showed a moment ago. */
  readonly askOthers?: (recommendationId: string) => Promise<(readonly string[] | undefined)[]>;
};

/** Lists that were shown within a moment: lines of JSON, one after another, and where each of them ends. */
type Batch = { readonly body: string; readonly ends: Uint32Array; readonly shownAt: number };

/** How long lists wait for others, to be written together … */
const batchMs = 250;
/** … and how many items of all of them at most. */
const batchItems = 16_384;
/** UTF-16 units of lists in memory: of a thousand answers a second with 25 items each, those of some minutes. */
const recentLength = 2 ** 25;
const removeEveryMs = 60_000;
/** Answers without a list whose ids have the same key. */
const idsOfKey = 4096;
/** Rows that are removed at once. */
const pageRows = 32;

/**
 * The lists that answers have shown, by their recommendationId, so that an event that names one says what there was to
 * choose from. An id names its batch, which is of one owner (`IdOwners`), the position in it, and a digest of the list,
 * so that nobody can make the id of another's list from one of their own. An answer waits for no write: batches are
 * written four times a second at most, into the server's database, where all nodes find them. What was shown within the
 * last quarter of a second is lost when the process is killed.
 */
export class Impressions {
  /** Tells whose answer an id belongs to. */
  readonly owners: IdOwners;
  readonly #parts: ImpressionsParts;
  readonly #recent = new LRUCache<string, Batch>({ maxSize: recentLength, sizeCalculation: ({ body }) => body.length });
  /** By their owner and the id of what seals them; the empty one for those that are not sealed. */
  readonly #open = new Map<string, OpenBatch>();
  /** Keys of answers without a list, by their owner. */
  readonly #keys = new LRUCache<string, { readonly key: string; uses: number }>({ max: 1000 });
  readonly #writing = new Set<Promise<void>>();
  #closing: NodeJS.Timeout | undefined;
  #removing: NodeJS.Timeout | undefined;

  constructor(parts: ImpressionsParts) {
    this.#parts = parts;
    this.owners = new IdOwners(parts.database);
  }

  start(): void {
    this.#removing = setInterval(() => this.#write(this.#removeOld()), removeEveryMs);
  }

  /** Ends once all lists are written. */
  async stop(): Promise<void> {
    clearInterval(this.#removing);
    this.#closeAll();
    await Promise.all(this.#writing);
  }

  /**
   * @param list the items of an answer, best first; or what makes them of the id's address, for an order that follows
   *   from the id
   * @param ownerArn the campaign or recommender that answers
   * @param sealing what the list is sealed with
   * @returns the recommendationId by which `find` knows the list
   */
  remember(
    list: readonly string[] | ((address: string) => readonly string[]),
    ownerArn: string,
    sealing?: GroupKey,
  ): string {
    const open = this.#batchFor(ownerArn, sealing);
    const items = typeof list === 'function' ? list(open.nextAddress) : list;
    if (items.length === 0) return this.unremembered(ownerArn);
    const id = open.add(items);
    if (open.items >= batchItems) this.#close(open);
    else this.#closing ??= setTimeout(() => this.#closeAll(), batchMs);
    return id;
  }

  /** An id of an answer whose list nobody needs: it says whose answer it was, and no more. */
  unremembered(ownerArn: string): string {
    let used = this.#keys.get(ownerArn);
    if (!used || used.uses === idsOfKey) {
      used = { key: this.owners.newKey(ownerArn), uses: 0 };
      this.#keys.set(ownerArn, used);
    }
    used.uses++;
    return idOf(used.key, 'b', randomDigits());
  }

  /** The items of an answer, best first; undefined if it is not known, or not any more. */
  async find(recommendationId: string): Promise<readonly string[] | undefined> {
    const address = addressIn(recommendationId);
    if (!address) return undefined;
    const { key, slot } = address;
    const line =
      this.#lineHere(address) ?? this.#lineOf(await this.#load(key).catch((error: unknown) => this.#warn(error)), slot);
    if (line !== undefined) return listIn(line, address);
    return (await this.#parts.askOthers?.(recommendationId))?.find((items) => items !== undefined);
  }

  /** As `find`, of the lists in memory alone. */
  recent(recommendationId: string): readonly string[] | undefined {
    const address = addressIn(recommendationId);
    const line = address && this.#lineHere(address);
    return address && line !== undefined ? listIn(line, address) : undefined;
  }

  #lineHere({ key, slot }: Address): string | undefined {
    const open = [...this.#open.values()].find((batch) => batch.key === key);
    return open ? open.lines[slot] : this.#lineOf(this.#recent.get(key), slot);
  }

  #lineOf(batch: Batch | undefined, slot: number): string | undefined {
    const oldest = this.#parts.clock.now() - this.#parts.keepMs;
    if (!batch || batch.shownAt < oldest || slot >= batch.ends.length) return undefined;
    return batch.body.slice(slot === 0 ? 0 : batch.ends[slot - 1], batch.ends[slot]);
  }

  #batchFor(ownerArn: string, sealing: GroupKey | undefined): OpenBatch {
    const id = batchName(ownerArn, sealing);
    const present = this.#open.get(id);
    if (present) return present;
    const batch = new OpenBatch(this.owners.newKey(ownerArn), ownerArn, sealing);
    this.#open.set(id, batch);
    return batch;
  }

  #closeAll(): void {
    clearTimeout(this.#closing);
    this.#closing = undefined;
    for (const batch of [...this.#open.values()]) this.#close(batch);
  }

  #close({ key, lines, ownerArn, sealing }: OpenBatch): void {
    this.#open.delete(batchName(ownerArn, sealing));
    if (lines.length === 0) return;
    const body = lines.join('');
    const shownAt = this.#parts.clock.now();
    this.#recent.set(key, { body, ends: endsOf(body), shownAt });
    this.#write(this.#store(key, body, shownAt, sealing));
  }

  #write(writing: Promise<void>): void {
    const written = writing.catch((error: unknown) => this.#warn(error)).finally(() => this.#writing.delete(written));
    this.#writing.add(written);
  }

  #warn(error: unknown): undefined {
    const message = 'The database did not take or give lists that were shown: events may not tell of them.';
    this.#parts.log.warn({ err: error }, message);
  }

  async #store(batch: string, body: string, shownAt: number, sealing?: GroupKey): Promise<void> {
    const text = (await compress(body)).toString('base64');
    const row = { batch, created_at: shownAt, body: sealing ? sealText(text, sealing, placeOf(batch)) : text };
    await this.#parts.database.insertInto('impressions').values(row).execute();
  }

  async #load(key: string): Promise<Batch | undefined> {
    const { database, keys } = this.#parts;
    const row = await database.selectFrom('impressions').selectAll().where('batch', '=', key).executeTakeFirst();
    if (!row) return undefined;
    const text = await openedText(row.body, keys, placeOf(key));
    const body = (await decompress(Buffer.from(text, 'base64'))).toString();
    const batch = { body, ends: endsOf(body), shownAt: row.created_at };
    this.#recent.set(key, batch);
    return batch;
  }

  /** A few at a time, as others wait for the database. */
  async #removeOld(): Promise<void> {
    const { database, clock, keepMs } = this.#parts;
    for (;;) {
      const rows = await database
        .selectFrom('impressions')
        .select('batch')
        .where('created_at', '<', clock.now() - keepMs)
        .limit(pageRows)
        .execute();
      if (rows.length === 0) return;
      const batches = rows.map(({ batch }) => batch);
      await database.deleteFrom('impressions').where('batch', 'in', batches).execute();
    }
  }
}

const placeOf = (batch: string) => `Lists that were shown, ${batch}`;

const batchName = (ownerArn: string, sealing: GroupKey | undefined) => `${ownerArn} ${sealing?.id ?? ''}`;

/** An id of an answer that is not shown to anybody: it leads nowhere. */
export function unrememberedId(): string {
  const uuid = randomUUID();
  return `RID-${uuid.slice(0, 19)}b${uuid.slice(20)}`;
}

/** 13 digits of a UUID that are random. */
function randomDigits(): string {
  const uuid = randomUUID();
  return uuid.slice(24) + uuid.slice(0, 1);
}

/** The batch is the key of the id; then, of the digest one digit, the position in 4, and the rest of the digest. */
const idPattern = /^RID-([\da-f]{8})-([\da-f]{4})-4([\da-f]{3})-8([\da-f]{2})([\da-f])-([\da-f]{4})([\da-f]{8})$/;

/** What an id says: its batch, the position in it as digits and as a number, and the digest of the list. */
type Address = { readonly key: string; readonly position: string; readonly slot: number; readonly digest: string };

function addressIn(recommendationId: string): Address | undefined {
  const parts = idPattern.exec(recommendationId) ?? [];
  const [, first = '', second = '', third = '', fourth = '', begin = '', position = '', end = ''] = parts;
  const key = first + second + third + fourth;
  return key === '' ? undefined : { key, position, slot: Number.parseInt(position, 16), digest: begin + end };
}

/** The items of a line; undefined if the id was not made for it. */
const listIn = (line: string, { key, position, digest }: Address): readonly string[] | undefined =>
  digestOf(key, position, line) === digest ? JSON.parse(line) : undefined;

/** The digits of an id that are known before its list is: its batch and the position in it. */
export const addressOf = (id: string): string =>
  `${id.slice(4, 12)}${id.slice(13, 17)}${id.slice(19, 22)}${id.slice(24, 26)}${id.slice(28, 32)}`;

/** What an id says of its list: 36 bits, which only those know who were shown the list. */
const digestOf = (key: string, position: string, line: string) =>
  hash('sha256', `${key} ${position} ${line}`).slice(0, 9);

/** Lists that wait to be written together. */
class OpenBatch {
  readonly key: string;
  readonly ownerArn: string;
  readonly sealing: GroupKey | undefined;
  /** Each is JSON with a line break. */
  readonly lines: string[] = [];
  items = 0;

  constructor(key: string, ownerArn: string, sealing: GroupKey | undefined) {
    this.key = key;
    this.ownerArn = ownerArn;
    this.sealing = sealing;
  }

  /** Of the list that is added next. */
  get nextAddress(): string {
    return this.key + this.#nextPosition;
  }

  get #nextPosition(): string {
    return this.lines.length.toString(16).padStart(4, '0');
  }

  add(items: readonly string[]): string {
    const { key } = this;
    const line = `${JSON.stringify(items)}\n`;
    const position = this.#nextPosition;
    this.lines.push(line);
    const digest = digestOf(key, position, line);
    this.items += items.length;
    return idOf(key, '8', digest.slice(0, 1) + position + digest.slice(1));
  }
}

/** Where each line ends, its line break included. */
function endsOf(body: string): Uint32Array {
  const ends: number[] = [];
  for (let end = body.indexOf('\n') + 1; end > 0; end = body.indexOf('\n', end) + 1) ends.push(end);
  return Uint32Array.from(ends);
}
