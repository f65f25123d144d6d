import type { CandidateExploration } from '../../serve/exploration/explorer.ts';
import type { Context } from '../context.ts';
import { candidatesOf } from '../deployments/exploration-views.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

/** Among which items an answer is to explore; undefined for the model's own. */
export function exploringOf(
  { answers, propensities }: Pick<Context, 'answers' | 'propensities'>,
  { deployment, exploration }: ReadyDeployment,
): CandidateExploration | undefined {
  const candidates = exploration && candidatesOf(answers.views.explorations, deployment, exploration);
  return candidates && { candidates, rate: exploration.rate, withChoices: propensities !== undefined };
}
