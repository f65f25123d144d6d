import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../durable-files.ts';
import type { ObjectRecord } from './object-facts.ts';
import { replaceFile } from './replace-file.ts';

/** A record holds for the file that has this size and time of change. */
type StoredRecord = ObjectRecord & { readonly version: string };

/**
 * What is written down about the objects of a bucket, a file for each object, outside of the bucket's folder. A record
 * is there before its file takes the place of the one before; a file that a person puts there has none.
 */
export class ObjectRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async find(key: string, stats: BigIntStats): Promise<ObjectRecord> {
    const version = versionOf(stats);
    const record = (await this.#read(key)).find((stored) => stored.version === version);
    return record ?? { etag: `${hash('md5', `${key} ${version}`)}-1`, headers: {}, metadata: {} };
  }

  /**
   * One writer of a key at a time.
   *
   * @param next the finished file that is to be the object
   * @param current the one that still is
   */
  async write(key: string, record: ObjectRecord, next: BigIntStats, current: BigIntStats | undefined): Promise<void> {
    const path = this.#pathOf(key);
    const former = current ? (await this.#read(key)).filter(({ version }) => version === versionOf(current)) : [];
    const records: readonly StoredRecord[] = [{ ...record, version: versionOf(next) }, ...former.slice(0, 1)];
    await replaceFile(path, JSON.stringify(records), `${path}.partial`);
  }

  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  async #read(key: string): Promise<readonly StoredRecord[]> {
    const text = await readFile(this.#pathOf(key), 'utf8').catch(unlessMissing);
    return text === undefined ? [] : JSON.parse(text);
  }

  #pathOf(key: string): string {
    const name = hash('sha256', key);
    return join(this.#folder, name.slice(0, 2), `${name}.json`);
  }
}

const versionOf = ({ size, mtimeNs }: BigIntStats) => `${size} ${mtimeNs}`;
