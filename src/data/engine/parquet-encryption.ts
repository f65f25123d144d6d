import { hash } from 'node:crypto';
import { type FilePath, keyOf, pathOf } from '../encryption/file-path.ts';
import { SealedError } from '../encryption/sealed-error.ts';

/**
 * Sealed Parquet files are encrypted by DuckDB itself (Parquet modular encryption, AES-256-GCM), which reads of them
 * what a query needs. Statements name a key and do not hold it: DuckDB quotes them in its errors.
 *
 * DuckDB's built-in cryptography calls itself unsafe for writing because it draws nonces, and the key of what spills,
 * from a generator that has 64 random bits of the system. Each file has a key of its own here and less than a million
 * nonces, so that none comes twice. The key of what spills is as strong as 64 bits, and ends with the DuckDB.
 */
export function* encryptionStatements(keys: ReadonlySet<string>): Generator<string> {
  if (keys.size > 0) yield "SET force_mbedtls_unsafe = 'true'; SET temp_file_encryption = true;";
  for (const key of keys) yield `PRAGMA add_parquet_key('${nameOf(key)}', '${key}')`;
}

/** As the last argument of `read_parquet`, and as an option of COPY: nothing for a file that is not sealed. */
export const encryptionArgument = (file: FilePath): string => optional(file, ', encryption_config = ');
export const encryptionOption = (file: FilePath): string => optional(file, ', ENCRYPTION_CONFIG ');

/** The same, with half as many bytes to encrypt: that costs less than it saves. */
export const compressedEncryptionOption = (file: FilePath): string =>
  keyOf(file) === undefined ? '' : `, COMPRESSION zstd, COMPRESSION_LEVEL 1${encryptionOption(file)}`;

function optional(file: FilePath, begin: string): string {
  const key = keyOf(file);
  return key === undefined ? '' : `${begin}{footer_key: '${nameOf(key)}'}`;
}

const nameOf = (key: string): string => `key_${hash('sha256', `name of ${key}`).slice(0, 32)}`;

/** DuckDB's error for what cannot be decrypted as ours; any other as it is. */
export const asSealedError = (error: unknown): unknown =>
  error instanceof Error && /AES tag differs|is encrypted, but/.test(error.message)
    ? new SealedError('A Parquet file', { cause: error })
    : error;

export const isSealed = (files: readonly FilePath[]): boolean => files.some((file) => keyOf(file) !== undefined);

export const pathsOf = (files: readonly FilePath[]): string[] => files.map(pathOf);
