import type { Quotas } from '../control/settings.ts';
import type { RateLimits } from '../edge/rate-limits.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** Everything about a server that a person may set. */
export type ServerOptions = {
  /** The folder of all state that is not put elsewhere. */
  readonly home: string;
  /** An address of this machine: signatures are not verified, so nobody else may reach the server. */
  readonly host: string;
  /**
   * Names beside those of this machine under which clients ask for the server, as a proxy or a container's host has
   * them.
   */
  readonly allowedHosts: readonly string[];
  /** 0 picks a free one. */
  readonly port: number;
  /** Where `s3://bucket/key` is `<buckets>/bucket/key`; `<home>/buckets` when neither this nor `s3Endpoint` is given. */
  readonly buckets?: string | undefined;
  /** The S3 server where `s3://` URIs lead instead. */
  readonly s3Endpoint?: string | undefined;
  /** A folder or `s3://bucket/prefix` for Parquet files and models; `<home>/store` when not given. */
  readonly store?: string | undefined;
  /** Takes over a store that may be another database's. */
  readonly adoptStore?: boolean | undefined;
  /** URL of a PostgreSQL database; a SQLite file in `home` when not given. */
  readonly database?: string | undefined;
  /** 12 digits. */
  readonly account: string;
  /** The share of an import's rows that may be bad before it fails, 0 to 1. */
  readonly badRows: number;
  /** How often the models behind campaigns are brought up to date; 0: never. */
  readonly updateHours: number;
  /** Decides every random choice of a training. */
  readonly seed: number;
  /** A folder with `model.onnx` and `tokenizer.json`, by which texts of metadata become vectors; by their words when not given. */
  readonly textEncoder?: string | undefined;
  /** What computes training steps: an execution provider of ONNX Runtime; the processor when not given. */
  readonly provider?: string | undefined;
  /** How long the list of an answer is known by its recommendationId. */
  readonly recommendationIdHours: number;
  /** Whether exploration writes down its decisions, in `<home>/propensities`. */
  readonly propensities: boolean;
  /** Those that differ from the service's. */
  readonly quotas: Partial<Quotas>;
  /** None by default. */
  readonly rateLimits: RateLimits;
  readonly logLevel: (typeof logLevels)[number];
};

export const defaultServerOptions: ServerOptions = {
  home: './.openpersonalize',
  host: '127.0.0.1',
  allowedHosts: [],
  port: 8642,
  account: '000000000000',
  updateHours: 2,
  badRows: 0.01,
  seed: 0,
  recommendationIdHours: 24,
  propensities: false,
  quotas: {},
  rateLimits: {},
  logLevel: 'info',
};
