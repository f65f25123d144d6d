import { describe, expect, test } from 'vitest';
import { arnOf, arnPaths, builtInArn, builtInName, isBuiltIn, latestVersionArn, solutionOfLatest } from './arn.ts';

const caller = { account: '123456789012', region: 'eu-west-1' };

describe('the ARN of a resource', () => {
  test('has the path of its kind, filled in', () => {
    const dataset = arnOf(caller, arnPaths.dataset, { datasetGroupName: 'films', datasetType: 'ITEMS' });
    expect(dataset).toBe('arn:aws:personalize:eu-west-1:123456789012:dataset/films/ITEMS');
    const version = arnOf(caller, arnPaths['solution-version'], { solutionName: 'films', id: '0a1b2c3d' });
    expect(version).toBe('arn:aws:personalize:eu-west-1:123456789012:solution/films/0a1b2c3d');
  });

  test('is in the partition of its region', () => {
    expect(arnOf({ ...caller, region: 'cn-north-1' }, arnPaths.campaign, { name: 'films' })).toMatch(/^arn:aws-cn:/);
    expect(arnOf({ ...caller, region: 'us-gov-west-1' }, arnPaths.campaign, { name: 'films' })).toMatch(
      /^arn:aws-us-gov:/,
    );
  });

  test('begins with its kind, save that versions lie under their solution', () => {
    const others = Object.entries(arnPaths).filter(([kind, path]) => !path.startsWith(`${kind}/{`));
    expect(others).toEqual([['solution-version', 'solution/{solutionName}/{id}']]);
  });
});

test('a built-in ARN names neither region nor account, and is read in any partition', () => {
  const arn = builtInArn('us-gov-west-1', 'recipe', 'aws-sims');
  expect(arn).toBe('arn:aws-us-gov:personalize:::recipe/aws-sims');
  expect(isBuiltIn(arn)).toBe(true);
  expect(builtInName(arn, 'recipe')).toBe('aws-sims');
  expect(builtInName(arn, 'algorithm')).toBeUndefined();
  expect(isBuiltIn(arnOf(caller, arnPaths.solution, { name: 'recipe' }))).toBe(false);
});

test('a solution’s newest version is read as it is written', () => {
  const solution = arnOf(caller, arnPaths.solution, { name: 'films' });
  expect(latestVersionArn(solution)).toBe(`${solution}/$LATEST`);
  expect(solutionOfLatest(latestVersionArn(solution))).toBe(solution);
  expect(solutionOfLatest(solution)).toBeUndefined();
});
