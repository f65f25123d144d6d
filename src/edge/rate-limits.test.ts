import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { createRateLimiter, type RateLimits } from './rate-limits.ts';

const caller = { account: '000000000000', region: 'us-east-1', accessKeyId: 'key', requestId: 'id' };

/** How many of `requests` to a campaign pass at the moment the clock shows. */
function limiterAt(clock: { ms: number }, limits: RateLimits) {
  const limit = createRateLimiter(limits, () => clock.ms);
  return (campaignArn: string, requests: number, by: Partial<typeof caller> = {}) => {
    let passed = 0;
    for (let request = 0; request < requests; request++) {
      try {
        limit({ operation: operations.GetRecommendations, input: { campaignArn }, caller: { ...caller, ...by } });
        passed++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'ThrottlingException' });
      }
    }
    return passed;
  };
}

describe('createRateLimiter', () => {
  it('lets everything through by default', () => {
    expect(limiterAt({ ms: 0 }, {})('a', 10_000)).toBe(10_000);
  });

  it("holds a second's worth of requests, filled again as time goes", () => {
    const clock = { ms: 0 };
    const passed = limiterAt(clock, { GetRecommendations: 30 });
    expect(passed('a', 100)).toBe(30);
    clock.ms = 100;
    expect(passed('a', 100)).toBe(3);
    clock.ms = 60_000;
    expect(passed('a', 100)).toBe(30);
  });

  it('lets one request through when the limit is below one a second', () => {
    const clock = { ms: 0 };
    const passed = limiterAt(clock, { GetRecommendations: 0.5 });
    expect(passed('a', 2)).toBe(1);
    clock.ms = 1999;
    expect(passed('a', 2)).toBe(0);
    clock.ms = 2000;
    expect(passed('a', 2)).toBe(1);
  });

  it('counts for each campaign, and Runtime for all together', () => {
    const passed = limiterAt({ ms: 0 }, { GetRecommendations: 10, Runtime: 15 });
    expect(passed('a', 100)).toBe(10);
    expect(passed('b', 100)).toBe(5);
  });

  it('counts no request of a campaign that the limit for all together has refused', () => {
    const clock = { ms: 0 };
    const passed = limiterAt(clock, { GetRecommendations: 10, Runtime: 15 });
    expect(passed('a', 10)).toBe(10);
    expect(passed('b', 100)).toBe(5);
    clock.ms = 400;
    expect(passed('b', 100)).toBe(6);
  });

  it('counts for each account and region on its own', () => {
    const passed = limiterAt({ ms: 0 }, { Runtime: 10 });
    expect(passed('a', 100)).toBe(10);
    expect(passed('a', 100, { account: '111111111111' })).toBe(10);
    expect(passed('a', 100, { region: 'eu-west-1' })).toBe(10);
    expect(passed('b', 1)).toBe(0);
  });
});
