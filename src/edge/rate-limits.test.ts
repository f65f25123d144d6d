import { describe, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { createRateLimiter, isRateLimitName, type RateLimits } from './rate-limits.ts';

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

  it("takes an account's own limit in place of that of all", () => {
    const own = { GetRecommendations: 10, '111111111111/GetRecommendations': 3, '222222222222/All': 2 };
    const passed = limiterAt({ ms: 0 }, own);
    expect(passed('a', 100)).toBe(10);
    expect(passed('a', 100, { account: '111111111111' })).toBe(3);
    expect(passed('a', 100, { account: '222222222222' })).toBe(2);
  });

  it('counts All for an account over its regions and operations, and no call of operators', () => {
    const limit = createRateLimiter({ All: 3 }, () => 0);
    const call = (operation: keyof typeof operations, region: string, account = caller.account) =>
      limit({ operation: operations[operation], input: {}, caller: { ...caller, region, account } });
    call('ListRecipes', 'eu-west-1');
    call('PutEvents', 'us-east-1');
    call('GetRecommendations', 'eu-west-2');
    expect(() => call('ListRecipes', 'eu-west-3')).toThrow('Rate exceeded');
    call('ListRecipes', 'eu-west-3', '111111111111');
    call('ListEvents', 'eu-west-1');
  });

  it('counts the calls of a service together', () => {
    const limit = createRateLimiter({ Control: 1, Events: 1 }, () => 0);
    const call = (operation: keyof typeof operations) => limit({ operation: operations[operation], input: {}, caller });
    call('ListRecipes');
    call('PutEvents');
    expect(() => call('ListSchemas')).toThrow('Rate exceeded');
    expect(() => call('PutItems')).toThrow('Rate exceeded');
    call('GetRecommendations');
  });

  it('forgets buckets that were not asked for longest, whatever callers name', () => {
    const clock = { ms: 0 };
    const passed = limiterAt(clock, { GetRecommendations: 0.001 });
    expect(passed('first', 2)).toBe(1);
    for (let i = 0; i < 50_000; i++) passed(`campaign ${i}`, 1);
    expect(passed('first', 2)).toBe(1);
    expect(passed('campaign 49999', 1)).toBe(0);
  });
});

describe('isRateLimitName', () => {
  it.each(['GetRecommendations', 'All', '111122223333/Runtime', '111122223333/PutEvents'])('takes %s', (name) =>
    expect(isRateLimitName(name)).toBe(true),
  );
  it.each(['Get', '/Runtime', '1/Runtime', '111122223333/', '111122223333/Get', 'Runtime/111122223333', 'toString'])(
    'refuses %s',
    (name) => expect(isRateLimitName(name)).toBe(false),
  );
});
