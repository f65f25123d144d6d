import { type BucketOwners, bucketOwners } from '../access/authorisation/bucket-owners.ts';
import { type BucketUse, decideBucketUse } from '../access/authorisation/bucket-use.ts';
import { bucketsByRole } from '../access/authorisation/role-buckets.ts';
import { bucketsLocation } from '../cli/locations.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Database } from '../data/database/database.ts';
import { ScratchFolder } from '../data/home/scratch-folder.ts';
import { openBuckets } from '../data/objects/buckets.ts';
import { FolderBuckets } from '../data/objects/folder-buckets/folder-buckets.ts';
import type { Buckets } from '../data/objects/object-store.ts';
import type { Turns } from '../util/turns.ts';

/** The users' buckets. */
export type BucketParts = {
  /** As the service may use them. */
  readonly bucketsFor: (use: BucketUse) => Buckets;
  readonly ownerOf: BucketOwners;
  /** As clients use them; undefined where they are on a server of S3. */
  readonly folderBuckets: FolderBuckets | undefined;
};

type Parts = {
  readonly database: Database;
  /** Whether signatures are verified. */
  readonly verifies: boolean;
  /** Nobody else can use the home: what is left of earlier work in it may go. */
  readonly alone: boolean;
  /** Of all processes that write into the folder of buckets; of this one unless given. */
  readonly turns?: Turns | undefined;
};

export async function openBucketParts(
  options: ServerOptions,
  { database, verifies, alone, turns }: Parts,
): Promise<BucketParts> {
  const location = bucketsLocation(options);
  // Copies of objects that a killed import has left: they may be of an encrypted dataset group, and are in clear.
  if ('cacheFolder' in location) await new ScratchFolder(location.cacheFolder, { alone }).sweep();
  const buckets = await openBuckets(location);
  const folderBuckets = 'folder' in location ? new FolderBuckets(location.folder, turns) : undefined;
  const ownerOf = folderBuckets ? bucketOwners(folderBuckets, options.account) : ownedElsewhere;
  const decide = decideBucketUse({ database, ownerOf, now: () => Date.now() });
  const bucketsFor = (use: BucketUse) => (verifies ? bucketsByRole(buckets, use, decide) : buckets);
  return { bucketsFor, ownerOf, folderBuckets };
}

/** A server of S3 knows whose its buckets are. */
const ownedElsewhere: BucketOwners = async () => undefined;
