import { userCount } from '../learn/histories/histories.ts';
import { recipes } from '../learn/recipes/catalogue.ts';
import { frequentlyBoughtTogether } from '../learn/recipes/frequently-bought-together.ts';
import type { Recipe } from '../learn/recipes/recipe.ts';
import { type ItemRecipe, recommendsItems } from '../learn/recipes/recipe-types.ts';
import { requireProvider } from '../learn/tensor/index.ts';
import { encodeTexts } from '../learn/training-set/texts.ts';
import type { Progress } from '../util/progress.ts';
import { baselines, basketBaselines, relatedBaselines } from './baselines/baselines.ts';
import { chance } from './baselines/chance.ts';
import { popularChance } from './baselines/popular-chance.ts';
import type { CandidateModel, FitTask, Ranker, Skipped } from './candidate-model.ts';
import { asEvaluationError, EvaluationError } from './evaluation-error.ts';
import { type Measurement, measure } from './measure.ts';
import { type Protocol, type QueryKind, queryKinds } from './protocols/protocol.ts';
import { protocols } from './protocols/protocols.ts';
import type { Events } from './readers/events.ts';
import { type EventFiles, readEvents } from './readers/read-events.ts';
import { recipeCandidate } from './recipe-candidate.ts';
import { measureSimilarTexts } from './similar-texts/measure-similar-texts.ts';
import { tfIdf } from './similar-texts/tf-idf.ts';
import { prepareTrial, type Trial } from './trial.ts';
import { segmentBaselines } from './user-segments/segment-baselines.ts';
import { segmentCandidate } from './user-segments/segment-candidate.ts';

export type EvaluationRequest = EventFiles & {
  /** Name of a protocol. */
  readonly protocol: string;
  /** Names of recipes; without: those that recommend by a user's history. Baselines always take part. */
  readonly recipes?: readonly string[] | undefined;
  /** Lengths of the lists that are judged. */
  readonly k: readonly number[];
  /** How many times what depends on a seed is done, with the seeds 0, 1 … */
  readonly seeds: number;
  /** What computes training steps: an execution provider of ONNX Runtime, the processor unless given. */
  readonly provider?: string | undefined;
};

/** Called at each step of the work. */
export type Journal = {
  step<Result>(label: string, work: (progress: Progress) => Promise<Result>): Promise<Result>;
};

/** One model with one seed. */
export type Run = {
  readonly seed: number;
  readonly trainingSeconds: number;
  readonly rankingSeconds: number;
  readonly measurements: Readonly<Partial<Record<QueryKind, Measurement>>>;
};

export type Comparison = {
  /** Of the division with the first seed. */
  readonly training: { readonly users: number; readonly items: number; readonly interactions: number };
  readonly candidates: readonly (Pick<CandidateModel, 'name' | 'kind'> &
    (Skipped | { readonly runs: readonly Run[] }))[];
};

/**
 * Measures recipes and baselines on the same questions.
 *
 * @throws EvaluationError if a file, a protocol, a recipe, a provider or the data will not do
 */
export async function compare(request: EvaluationRequest, workFolder: string, journal: Journal): Promise<Comparison> {
  const protocol = findProtocol(request);
  if (request.provider !== undefined) await requireProvider(request.provider).catch(asEvaluationError);
  const candidates = candidatesFor(protocol, request);
  const events = await journal.step('Reading interactions', (progress) => readEvents(request, workFolder, progress));
  const trials = new Trials(events, protocol);
  const { training, items, queries } = trials.of(0);
  if (Object.values(queries).every(({ length }) => length === 0)) {
    throw new EvaluationError(
      `Nothing in ${request.dataset} can be asked: the protocol ${protocol.name} holds out no interaction.`,
    );
  }
  const results: Comparison['candidates'][number][] = [];
  for (const candidate of candidates) {
    const { name, kind } = candidate;
    results.push({ name, kind, ...(await runs(candidate, trials, { ...request, workFolder }, journal)) });
  }
  return {
    training: { users: userCount(training), items: items.size, interactions: training.items.length },
    candidates: results,
  };
}

function findProtocol({ protocol: name, test, items }: EvaluationRequest): Protocol {
  const protocol = protocols.find((one) => one.name === name);
  if (protocol === undefined) {
    throw new EvaluationError(
      `There is no protocol ${name}; there are ${protocols.map((one) => one.name).join(', ')}.`,
    );
  }
  if (protocol.needsTest && test === undefined) {
    throw new EvaluationError(`The protocol ${name} needs a test file: name it with --test.`);
  }
  if (protocol.needsItems && items === undefined) {
    throw new EvaluationError(`The protocol ${name} needs metadata of the items: name a file with --items.`);
  }
  if (!protocol.needsTest && test !== undefined) {
    throw new EvaluationError(`The protocol ${name} divides the dataset itself: leave --test out.`);
  }
  return protocol;
}

/** A candidate whose models are measured as the protocol asks. */
type Contestant = Pick<CandidateModel, 'name' | 'kind' | 'seeded'> & {
  fit(task: FitTask): Promise<Measured | Skipped>;
};

/** A model that can be measured on a trial. */
export type Measured = {
  measure(trial: Trial, ks: readonly number[], progress: Progress): Promise<Run['measurements']>;
};

function candidatesFor({ asksFor, needsItems }: Protocol, { recipes: names }: EvaluationRequest): Contestant[] {
  if (asksFor === 'users') {
    const known = recipes.filter((recipe) => recipe.recipeType === 'USER_SEGMENTATION');
    return [...named(known, names).map(segmentCandidate), ...segmentBaselines];
  }
  const known = recipes.filter(recommendsItems);
  if (asksFor === 'similar texts') {
    const related = known.filter(({ recipeType, domain }) => recipeType === 'RELATED_ITEMS' && domain === undefined);
    return [...named(related, names).map(recipeCandidate), tfIdf, chance].map(contestantBy(measureTexts));
  }
  const isRelated = asksFor === 'related items' || asksFor === 'bought together';
  const usualType = isRelated ? 'RELATED_ITEMS' : 'USER_PERSONALIZATION';
  const usual = (recipe: ItemRecipe) =>
    asksFor === 'bought together'
      ? recipe === frequentlyBoughtTogether
      : recipe.recipeType === usualType && recipe.domain === undefined;
  const chosen = names === undefined ? known.filter(usual) : named(known, names);
  const withMetadata = isRelated ? [popularChance, chance] : [chance];
  const ofType = isRelated ? relatedBaselines : baselines;
  const usualBaselines = asksFor === 'bought together' ? basketBaselines : ofType;
  const others = needsItems ? withMetadata : usualBaselines;
  return [...chosen.map(recipeCandidate), ...others].map(contestantBy(measureAll));
}

type Measure = (ranker: Ranker, ...of: Parameters<Measured['measure']>) => ReturnType<Measured['measure']>;

const contestantBy =
  (measureBy: Measure) =>
  (candidate: CandidateModel): Contestant => ({
    ...candidate,
    async fit(task) {
      const fitted = await candidate.fit(task);
      if ('skipped' in fitted) return fitted;
      return { measure: (...of) => measureBy(fitted, ...of) };
    },
  });

const measureTexts: Measure = async (...of) => ({ text: await measureSimilarTexts(...of) });

/** The recipes of these names; all without names. */
function named<Known extends Recipe>(
  known: readonly Known[],
  names: readonly string[] = known.map(({ name }) => name),
): readonly Known[] {
  return names.map((name) => {
    const recipe = known.find((one) => one.name === name);
    if (recipe !== undefined) return recipe;
    const reason = recipes.some((one) => one.name === name)
      ? `The protocol does not suit the recipe ${name}; it suits`
      : `There is no recipe ${name}; there are`;
    throw new EvaluationError(`${reason} ${known.map((one) => one.name).join(', ')}.`);
  });
}

/** Trials by seed; where the protocol does not depend on it, there is one. */
class Trials {
  readonly #events: Events;
  readonly #protocol: Protocol;
  readonly #made = new Map<number, Trial>();

  constructor(events: Events, protocol: Protocol) {
    this.#events = events;
    this.#protocol = protocol;
  }

  get seeded(): boolean {
    return this.#protocol.seeded;
  }

  of(seed: number): Trial {
    const key = this.seeded ? seed : 0;
    const trial = this.#made.get(key) ?? prepareTrial(this.#events, this.#protocol, key);
    this.#made.set(key, trial);
    return trial;
  }
}

async function runs(
  candidate: Contestant,
  trials: Trials,
  { k, seeds, provider, textEncoder, workFolder }: EvaluationRequest & { readonly workFolder: string },
  journal: Journal,
): Promise<Skipped | { readonly runs: readonly Run[] }> {
  const done: Run[] = [];
  const count = candidate.seeded || trials.seeded ? seeds : 1;
  for (let seed = 0; seed < count; seed++) {
    const label = count > 1 ? `${candidate.name}, seed ${seed}` : candidate.name;
    const trial = trials.of(seed);
    const started = performance.now();
    const fitted = await journal.step(`${label}: training`, (progress) =>
      candidate.fit({
        ...trial,
        seed,
        provider,
        encodeTexts: (metadata, report) => encodeTexts(metadata, { textEncoder, workFolder }, report),
        progress,
      }),
    );
    if ('skipped' in fitted) return fitted;
    const trained = performance.now();
    const measurements = await journal.step(`${label}: ranking`, (progress) => fitted.measure(trial, k, progress));
    const seconds = (from: number, to: number) => (to - from) / 1000;
    done.push({
      seed,
      trainingSeconds: seconds(started, trained),
      rankingSeconds: seconds(trained, performance.now()),
      measurements,
    });
  }
  return { runs: done };
}

async function measureAll(
  ranker: Ranker,
  trial: Trial,
  ks: readonly number[],
  progress: Progress,
): Promise<Run['measurements']> {
  const measurements: Partial<Record<QueryKind, Measurement>> = {};
  for (const kind of queryKinds) {
    const queries = trial.queries[kind];
    if (queries !== undefined) measurements[kind] = await measure(ranker, trial, queries, ks, progress);
  }
  return measurements;
}
