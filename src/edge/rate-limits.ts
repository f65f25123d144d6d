import { ServiceError } from '../contract/errors.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import type { Call } from './pipeline.ts';

/**
 * Calls per second that are let through, of each account in each region. The limit of an operation holds for each
 * campaign, event tracker or dataset on its own, `Runtime` for all recommendations together. Quotas of the service: 500
 * and 2,500, and 1,000 for PutEvents.
 */
export type RateLimits = Readonly<Partial<Record<OperationName | 'Runtime', number>>>;

export const isRateLimitName = (name: string): name is OperationName | 'Runtime' =>
  name === 'Runtime' || Object.hasOwn(operations, name);

/** @throws ServiceError ThrottlingException when a call comes too soon */
export type RateLimiter = (call: Pick<Call, 'operation' | 'caller' | 'input'>) => void;

/** Members that name what a limit is counted for. */
const counted = ['campaignArn', 'recommenderArn', 'trackingId', 'datasetArn'] as const;

/** @param now milliseconds of a clock that never goes back */
export function createRateLimiter(limits: RateLimits, now: () => number): RateLimiter {
  const buckets = new TokenBuckets(now);
  return ({ operation: { name, service }, caller: { account, region }, input }) => {
    const wanted: Token[] = [];
    const { [name]: own, Runtime: together } = limits;
    if (own !== undefined) wanted.push({ key: `${account} ${region} ${name} ${countedFor(input)}`, perSecond: own });
    if (together !== undefined && service === 'personalize-runtime') {
      wanted.push({ key: `${account} ${region} Runtime`, perSecond: together });
    }
    if (wanted.length > 0) buckets.take(wanted);
  };
}

function countedFor(input: object): string {
  const members: Partial<Record<string, unknown>> = { ...input };
  return String(counted.map((member) => members[member]).find((value) => value !== undefined) ?? '');
}

/** What a call takes from the bucket of a key, which fills at `perSecond`. */
type Token = { readonly key: string; readonly perSecond: number };

const sweepAbove = 10_000;

/** Milliseconds by which a sum of intervals may miss a whole second. */
const rounding = 1e-3;

/**
 * Token buckets that hold one second's worth of requests, each kept as the one moment at which it will be full again
 * (the generic cell rate algorithm, ITU-T I.371).
 */
class TokenBuckets {
  readonly #now: () => number;
  readonly #fullAt = new Map<string, number>();
  #sweepAt = sweepAbove;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes all of them, or none where one of the buckets is empty. */
  take(tokens: readonly Token[]): void {
    const now = this.#now();
    const filled = tokens.map(({ key, perSecond }) => {
      const interval = 1000 / perSecond;
      const fullAt = Math.max(this.#fullAt.get(key) ?? now, now) + interval;
      if (fullAt - now > Math.max(1000, interval) + rounding) {
        throw new ServiceError('ThrottlingException', 'Rate exceeded');
      }
      return [key, fullAt] as const;
    });
    for (const [key, fullAt] of filled) this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > this.#sweepAt) this.#sweep(now);
  }

  /** Keys come from callers without bound: those whose bucket is full again need not be remembered. */
  #sweep(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
    this.#sweepAt = Math.max(sweepAbove, 2 * this.#fullAt.size);
  }
}
