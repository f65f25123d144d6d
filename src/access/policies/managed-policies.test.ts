import { describe, expect, it } from 'vitest';
import { requestFor, setOf } from './decision.fixture.ts';
import { decide } from './decision.ts';
import { managedPolicies, managedPolicy } from './managed-policies.ts';
import { refusal } from './refusal.fixture.ts';

describe('the managed policies', () => {
  const decisionOf = (name: string, action: string, context = {}) => {
    const document = managedPolicy(name)?.document ?? '';
    return decide({ identity: setOf(document) }, requestFor({ action, resource: '*', context })).allowed;
  };

  it('allow all of the service, and roles for it alone', () => {
    const full = 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess';
    expect(decisionOf(full, 'personalize:DeleteCampaign')).toBe(true);
    expect(decisionOf(full, 'iam:PassRole', { 'iam:PassedToService': 'personalize.amazonaws.com' })).toBe(true);
    expect(decisionOf(full, 'iam:PassRole', { 'iam:PassedToService': 'ec2.amazonaws.com' })).toBe(false);
    expect(decisionOf(full, 'iam:CreateUser')).toBe(false);
  });

  it('allow to read alone', () => {
    const allowed = ['DescribeCampaign', 'ListCampaigns', 'GetRecommendations', 'GetSolutionMetrics'];
    const denied = ['CreateCampaign', 'DeleteCampaign', 'PutEvents', 'TagResource', 'StopRecommender'];
    const asks = (name: string) => decisionOf('AmazonPersonalizeReadOnlyAccess', `personalize:${name}`);
    expect(allowed.filter((name) => !asks(name))).toEqual([]);
    expect(denied.filter(asks)).toEqual([]);
  });

  it('are documents in order, and found by name and ARN', () => {
    expect(new Set(managedPolicies.map(({ document }) => refusal(document)))).toEqual(new Set(['none']));
    expect(managedPolicy('arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess')?.name).toBe(
      'AmazonPersonalizeFullAccess',
    );
    expect(managedPolicy('arn:aws:iam::123456789012:policy/AmazonPersonalizeFullAccess')).toBeUndefined();
  });
});
