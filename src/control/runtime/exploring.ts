import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { CandidateExploration } from '../../serve/exploration/explorer.ts';
import type { Context } from '../context.ts';
import { candidatesOf } from '../deployments/exploration-views.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

/**
 * Among which items an answer is to explore; undefined for the model's own.
 *
 * @param eligible what the answer may have; anything unless given
 */
export function exploringOf(
  { answers, propensities }: Pick<Context, 'answers' | 'propensities'>,
  { deployment, exploration }: ReadyDeployment,
  eligible?: Eligible,
): CandidateExploration | undefined {
  const candidates = exploration && candidatesOf(answers.views.explorations, deployment, exploration);
  if (!candidates) return undefined;
  const exploring = { candidates, rate: exploration.rate, withChoices: propensities !== undefined };
  return eligible ? { ...exploring, eligible: eligible.candidates(candidates) } : exploring;
}
