import {
  CreateCampaignCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
} from '@aws-sdk/client-personalize';
import { answered, type Session, untilActive } from './steps.ts';

export type TrainingOutcome = {
  readonly recipe: string;
  readonly solutionArn: string;
  readonly solutionVersionArn: string;
  /** By the service's names, such as `normalized_discounted_cumulative_gain_at_25`. */
  readonly metrics: Readonly<Record<string, number>>;
};

const trainingAdvice =
  'Mend that and start the quickstart again. (A training needs 1,000 interactions, and 25 people with two or more.)';

/** Trains one solution a recipe on the group's data, all at once, and fetches their metrics. */
export async function trainSolutions<R extends readonly string[]>(
  session: Session,
  group: { readonly run: string; readonly datasetGroupArn: string },
  recipes: R,
): Promise<{ [Place in keyof R]: TrainingOutcome }>;
export async function trainSolutions(
  session: Session,
  group: { readonly run: string; readonly datasetGroupArn: string },
  recipes: readonly string[],
): Promise<TrainingOutcome[]> {
  const started = await Promise.all(
    recipes.map(async (recipe) => {
      const solutionArn = await createSolution(session, group, recipe);
      const created = await session.personalize.send(new CreateSolutionVersionCommand({ solutionArn }));
      return { recipe, solutionArn, solutionVersionArn: answered(created.solutionVersionArn, 'solutionVersionArn') };
    }),
  );
  const trained: TrainingOutcome[] = [];
  for (const version of started) {
    const { solutionVersionArn } = version;
    const step = { arn: solutionVersionArn, label: `Training of ${version.recipe}`, advice: trainingAdvice };
    await untilActive(session, step, async () => {
      const described = await session.personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }));
      return described.solutionVersion;
    });
    const { metrics = {} } = await session.personalize.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    trained.push({ ...version, metrics });
  }
  return trained;
}

async function createSolution(
  session: Session,
  { run, datasetGroupArn }: { readonly run: string; readonly datasetGroupArn: string },
  recipe: string,
): Promise<string> {
  const created = await session.personalize.send(
    new CreateSolutionCommand({
      name: `${run}-${recipe.replace(/^aws-/, '')}`,
      datasetGroupArn,
      recipeArn: `arn:aws:personalize:::recipe/${recipe}`,
      performAutoTraining: false,
    }),
  );
  const solutionArn = answered(created.solutionArn, 'solutionArn');
  await untilActive(session, { arn: solutionArn, advice: 'Start the quickstart again.' }, async () => {
    const described = await session.personalize.send(new DescribeSolutionCommand({ solutionArn }));
    return described.solution;
  });
  return solutionArn;
}

/** Deploys a solution version in a campaign. */
export async function createCampaign(session: Session, name: string, solutionVersionArn: string): Promise<string> {
  const created = await session.personalize.send(
    new CreateCampaignCommand({ name, solutionVersionArn, minProvisionedTPS: 1 }),
  );
  const campaignArn = answered(created.campaignArn, 'campaignArn');
  await untilActive(
    session,
    { arn: campaignArn, label: 'Campaign', advice: 'Start the quickstart again.' },
    async () => {
      const described = await session.personalize.send(new DescribeCampaignCommand({ campaignArn }));
      return described.campaign;
    },
  );
  return campaignArn;
}
