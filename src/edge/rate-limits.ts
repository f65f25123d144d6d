import { LRUCache } from 'lru-cache';
import { ServiceError } from '../contract/errors.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import type { Service } from '../contract/service.ts';
import type { Call } from './pipeline.ts';

/** Calls that are counted together, by the service that they ask; `All` is every call of the API. */
const groups = { Control: 'personalize', Events: 'personalize-events', Runtime: 'personalize-runtime' } as const;

type Group = keyof typeof groups | 'All';
type RateName = OperationName | Group;

/**
 * Calls per second that are let through, of each account. The limit of an operation holds for each region and for each
 * campaign, event tracker or dataset on its own, that of a group for each region, and that of `All` for the account.
 * With an account before it (`111122223333/Runtime`), a limit is that account's, in place of the one for all. Quotas of
 * the service: 500 for GetRecommendations, 2,500 for Runtime and 1,000 for PutEvents.
 */
export type RateLimits = Readonly<Partial<Record<RateName | `${string}/${RateName}`, number>>>;

/** What `--rate-limit` names, beside operations. */
export const rateGroups: readonly string[] = [...Object.keys(groups), 'All'];

export function isRateLimitName(name: string): name is keyof RateLimits & string {
  const slash = name.indexOf('/');
  const own = name.slice(slash + 1);
  if (slash >= 0 && !/^\d{12}$/.test(name.slice(0, slash))) return false;
  return rateGroups.includes(own) || Object.hasOwn(operations, own);
}

/** @throws ServiceError ThrottlingException when a call comes too soon */
export type RateLimiter = (call: LimitedCall) => void;

type LimitedCall = Pick<Call, 'operation' | 'caller' | 'input'>;

/** Members that name what a limit is counted for. */
const counted = ['campaignArn', 'recommenderArn', 'trackingId', 'datasetArn'] as const;

/** @param now milliseconds of a clock that never goes back */
export function createRateLimiter(limits: RateLimits, now: () => number): RateLimiter {
  if (Object.keys(limits).length === 0) return () => {};
  const buckets = new TokenBuckets(now);
  const tokensFor = tokensBy(limits);
  return (call) => buckets.take(tokensFor(call));
}

/** The same, where another process of the server counts the calls of all. @param take as of `TokenBuckets` */
export function rateLimiterElsewhere(
  limits: RateLimits,
  take: (tokens: readonly Token[]) => Promise<void>,
): (call: LimitedCall) => Promise<void> | void {
  const tokensFor = tokensBy(limits);
  return (call) => {
    const wanted = tokensFor(call);
    return wanted.length > 0 ? take(wanted) : undefined;
  };
}

function tokensBy(limits: RateLimits): (call: LimitedCall) => Token[] {
  const rateOf = rates(limits);
  return ({ operation: { name, service }, caller: { account, region }, input }) => {
    const wanted: Token[] = [];
    const want = (limited: RateName, key: string) => {
      const perSecond = rateOf(account, limited);
      if (perSecond !== undefined) wanted.push({ key: `${account} ${limited} ${key}`, perSecond });
    };
    want(name, `${region} ${countedFor(input)}`);
    const group = groupOf.get(service);
    // What people ask a server beyond the API is no account's.
    if (group === undefined) return wanted;
    want(group, region ?? '');
    want('All', '');
    return wanted;
  };
}

const groupOf: ReadonlyMap<Service, Group> = new Map([
  [groups.Control, 'Control'],
  [groups.Events, 'Events'],
  [groups.Runtime, 'Runtime'],
]);

/** Finds the limit that an account has: its own, or that of all. */
function rates(limits: RateLimits): (account: string, name: RateName) => number | undefined {
  const withOwn = new Set(Object.keys(limits).flatMap((name) => (name.includes('/') ? name.slice(0, 12) : [])));
  return (account, name) => (withOwn.has(account) ? limits[`${account}/${name}`] : undefined) ?? limits[name];
}

function countedFor(input: object): string {
  const members: Partial<Record<string, unknown>> = { ...input };
  return String(counted.map((member) => members[member]).find((value) => value !== undefined) ?? '');
}

/** What a call takes from the bucket of a key, which fills at `perSecond`. */
export type Token = { readonly key: string; readonly perSecond: number };

/**
 * Buckets that are remembered, a few megabytes. Callers name what they are counted for, so that there is no bound to
 * keys; one that was not asked for longest is forgotten first, and is full when it is asked for again.
 */
const mostBuckets = 50_000;

/** Milliseconds by which a sum of intervals may miss a whole second. */
const rounding = 1e-3;

/**
 * Token buckets that hold one second's worth of requests, each kept as the one moment at which it will be full again
 * (the generic cell rate algorithm, ITU-T I.371).
 */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #fullAt = new LRUCache<string, number>({ max: mostBuckets });

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes all of them, or none where one of the buckets is empty.
   *
   * @throws ServiceError ThrottlingException for none
   */
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
  }
}
