import type { BucketsLocation } from '../../../data/objects/buckets.ts';
import type { Origin } from '../delivery/batch-objects.ts';

/** What the thread is started with. */
export type TrailPlan = {
  readonly folder: string;
  readonly node: string;
  /** Where records are brought to. */
  readonly delivery?: DeliveryPlan | undefined;
  /** Days before today whose records are kept; all are if it is undefined. */
  readonly days?: number | undefined;
};

export type DeliveryPlan = {
  readonly buckets: BucketsLocation;
  readonly bucket: string;
  /** Empty, or with a `/` at its end. */
  readonly prefix: string;
  /** Where records stand that name neither account nor region. */
  readonly origin: Origin;
  /** How long records wait for others. */
  readonly everyMs: number;
};

export type TrailRequest =
  | {
      readonly kind: 'append';
      readonly ticket: number;
      readonly records: Uint8Array<ArrayBuffer>;
      readonly isSynced: boolean;
    }
  | { readonly kind: 'close' };

/** An error of the file system, which loses its code on the way to another thread. */
export type TrailFailure = {
  readonly message: string;
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
};

/** What went wrong, for the log. */
export type TrailTask = 'write' | 'deliver' | 'remove';

export type TrailReply =
  | { readonly kind: 'appended'; readonly ticket: number; readonly result: ArrayBuffer | TrailFailure }
  | { readonly kind: 'problem'; readonly task: TrailTask; readonly failure: TrailFailure; readonly lostRecords: number }
  | { readonly kind: 'closed' };

export function failureOf(error: unknown): TrailFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const facts = Object.entries(error).filter(([name, fact]) => named.has(name) && typeof fact === 'string');
  return { message: error.message, ...Object.fromEntries(facts) };
}

const named = new Set(['code', 'syscall', 'path']);

export const errorOf = ({ message, ...rest }: TrailFailure): Error => Object.assign(new Error(message), rest);
