/** What is written down about an object beside its content. */
export type ObjectDescription = {
  /** Of S3's headers for objects, by name in lower case: `content-type`, `cache-control`, …. */
  readonly headers: Readonly<Record<string, string>>;
  /** The caller's own, by name in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: ObjectChecksum | undefined;
};

export type ObjectChecksum = {
  /** As in the header `x-amz-checksum-crc32`. */
  readonly algorithm: string;
  /** In base64; of a composite one with `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
};

/** The ETag without quotes: the MD5 of the content in hexadecimal, or a text with `-N` that is none. */
export type ObjectRecord = ObjectDescription & { readonly etag: string };

export type ObjectFacts = ObjectRecord & {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
};
