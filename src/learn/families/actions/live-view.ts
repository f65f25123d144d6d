import { filePath } from '../../../data/encryption/file-path.ts';
import { personOf } from '../../../data/identity.ts';
import { actionEventType } from '../../../data/records/action-event-types.ts';
import { receivedColumn, sessionColumn } from '../../../data/records/event-lines.ts';
import { decodeLines, type Layout } from '../../../data/records/layout.ts';
import { streamedFiles } from '../../../data/records/pinned-dataset.ts';
import type { LogEntry } from '../../../data/records/record-log.ts';
import { timeOf } from '../../../data/views/event-time.ts';
import { fillFromFiles, fillFromImports } from '../../../data/views/live/fill.ts';
import { LiveHistories, type RecentEvents } from '../../../data/views/live/live-histories.ts';
import type { Snapshot } from '../../../data/views/view.ts';
import { type ActionEvents, actionEventCodes, noActionEvents } from '../../histories/action-data.ts';
import { isExposure } from '../../histories/exposures.ts';
import type { PropensityQuery } from '../../model/action-model.ts';
import type { ActionsQuery, LiveActionView, RecommendedActions } from '../../model/live-view.ts';
import { uint8Tensor } from '../../model/model-content.ts';
import { readActionIds, readTensors } from '../../model/model-folder.ts';
import type { LiveViewParts } from '../../recipes/live-answers.ts';
import { type ActionFacts, ActionTable, factsOf, type LiveAction } from './action-table.ts';
import { type Beta, drawBeta, priorOf } from './beta.ts';
import { readActionFacts, readTrials } from './read-actions.ts';

/** Newest events of a user that are held: as many as filters look at (spec quotas.md §1). */
const eventsPerUser = 300;
/** All events, whether a training has seen them or not. */
const allEvents = { after: -1, events: [] };

/** @throws what a store or a disk does */
export async function openActionView(parts: LiveViewParts): Promise<ActionView> {
  return await parts.withModel(async (folder) => {
    const actions = await readActionIds(folder);
    const tensors = await readTensors(folder, (name) => name === 'is_scored');
    const isScored = uint8Tensor({ tensors, constants: {} }, 'is_scored');
    return new ActionView(parts, new ActionTable((id) => actions.indexOf(id), isScored));
  });
}

/**
 * The actions of a dataset group and what users did with them, before the model of aws-next-best-action (spec
 * recipes.md §2.10). What has expired, and what a user had to do with lately, is left out at once. An action without
 * a propensity is explored by Thompson sampling (Thompson 1933; Chapelle and Li 2011): it takes the rank of a chance
 * that is drawn from what is known of its own.
 */
export class ActionView implements LiveActionView {
  readonly #parts: LiveViewParts;
  readonly #table: ActionTable;
  readonly #histories: LiveHistories | undefined;
  readonly #random: () => number;
  readonly #indexes = new Map<Layout, ReturnType<LiveHistories['indexesIn']>>();
  #prior: Beta = { successes: 1, failures: 1 };
  /** Whether anything is known of what users do with actions. */
  #isInformed = false;

  /** @param random uniform in [0, 1), for exploration */
  constructor(parts: LiveViewParts, table: ActionTable, random: () => number = Math.random) {
    this.#parts = parts;
    this.#table = table;
    this.#random = random;
    const events = parts.datasets.ACTION_INTERACTIONS;
    this.#histories =
      events &&
      new LiveHistories({
        schema: events.schema,
        type: 'ACTION_INTERACTIONS',
        fields: [],
        limit: eventsPerUser,
        after: 0,
      });
  }

  get model(): string {
    return this.#parts.model;
  }

  get bytes(): number {
    return this.#table.bytes + (this.#histories?.bytes ?? 0);
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    const { ACTIONS, ACTION_INTERACTIONS } = this.#parts.datasets;
    const reading = { temporaryFolder, signal };
    if (ACTIONS) {
      const files = of(ACTIONS.arn).files.map(({ path, key }) => filePath(path, key));
      await readActionFacts(this.#table, files, reading);
    }
    if (ACTION_INTERACTIONS && this.#histories) {
      const { files } = of(ACTION_INTERACTIONS.arn);
      const streamed = streamedFiles(files);
      const imported = files.filter(({ through }) => through === null).map(({ path, key }) => filePath(path, key));
      await fillFromImports(this.#histories, { files: imported, ...reading });
      await fillFromFiles(this.#histories, { files: streamed, sessionsSince: 0, ...reading });
      const paths = streamed.map(({ path, key }) => filePath(path, key));
      await readTrials(this.#table, { imported, streamed: paths, schema: ACTION_INTERACTIONS.schema }, reading);
    }
    this.#learnPrior();
  }

  /** What other actions have shown since says what to suppose of a new one. */
  expire(): void {
    this.#learnPrior();
  }

  #learnPrior(): void {
    const known = [...this.#table.all];
    this.#prior = priorOf(known);
    this.#isInformed = known.some(({ tried }) => tried > 0);
  }

  apply({ datasetArn, body, position, receivedAt }: LogEntry, layout: Layout): void {
    const { ACTIONS, ACTION_INTERACTIONS } = this.#parts.datasets;
    if (datasetArn === ACTIONS?.arn) this.#putActions(body, layout, receivedAt);
    if (datasetArn === ACTION_INTERACTIONS?.arn) this.#addEvents(body, layout, position);
  }

  async recommendActions(
    { userId, count, allows = () => true, streamed }: ActionsQuery,
    askModel: (query: PropensityQuery) => Promise<Float32Array>,
  ): Promise<RecommendedActions> {
    // Read once, so that an action that expires while the answer is made is in it or not, as of one moment.
    const now = this.#parts.clock.now() / 1000;
    const recent = this.#eventsOf(userId);
    const newest = new Map<string, number>();
    recent?.items.forEach((id, n) => {
      newest.set(id, recent.timestamps[n]);
    });
    const isDue = ({ facts: { id, repeatSeconds } }: LiveAction) =>
      repeatSeconds === 0 || now - (newest.get(id) ?? Number.NEGATIVE_INFINITY) >= repeatSeconds;
    const candidates = this.#table.considered(now).filter((action) => isDue(action) && allows(action.facts.id));
    const hasScores = candidates.some(({ isScored }) => isScored);
    // Without any feedback nothing is to be found out, and the order is by value.
    const explores = hasScores || this.#isInformed;
    const chances = hasScores
      ? await askModel({ userId, streamed, events: this.#known(recent), now })
      : new Float32Array();
    const ranked = candidates.map((action) => {
      const score = action.isScored ? chances[action.index] : 0;
      return { facts: action.facts, score, rank: action.isScored || !explores ? score : this.#drawn(action) };
    });
    ranked.sort((a, b) => b.rank - a.rank || inOrder(a.facts, b.facts));
    return { actions: ranked.slice(0, count).map(({ facts: { id }, score }) => ({ id, score })) };
  }

  #drawn({ tried, succeeded }: LiveAction): number {
    const { successes, failures } = this.#prior;
    const failed = Math.max(tried - succeeded, 0);
    return drawBeta({ successes: successes + succeeded, failures: failures + failed }, this.#random);
  }

  #eventsOf(userId: string): RecentEvents | undefined {
    return this.#histories && personOf(this.#histories.find(userId, allEvents), false)?.recent;
  }

  /** The events that the model can read. */
  #known(recent: RecentEvents | undefined): ActionEvents {
    if (!recent) return noActionEvents;
    const types = recent.columns.get('EVENT_TYPE') ?? [];
    const known = recent.items.flatMap((id, n) => {
      const index = this.#table.find(id)?.index ?? -1;
      const type = actionEventType(types[n] ?? '');
      return index >= 0 && type ? [{ index, time: recent.timestamps[n], type: actionEventCodes[type] }] : [];
    });
    return {
      actions: Uint32Array.from(known, ({ index }) => index),
      timestamps: Float64Array.from(known, ({ time }) => time),
      types: Uint8Array.from(known, ({ type }) => type),
    };
  }

  #putActions(body: string, layout: Layout, receivedAt: number): void {
    for (const values of decodeLines(body)) {
      const facts = factsOf((column) => values[layout.findIndex(({ name }) => name === column)] ?? '');
      const createdAt = Number.isNaN(facts.createdAt) ? receivedAt / 1000 : facts.createdAt;
      this.#table.put({ ...facts, createdAt });
    }
  }

  #addEvents(body: string, layout: Layout, position: number): void {
    const histories = this.#histories;
    if (!histories) return;
    const indexes = this.#indexesIn(histories, layout);
    const at = (name: string) => layout.findIndex((column) => column.name === name);
    const [user, session, received] = ['USER_ID', sessionColumn, receivedColumn].map(at);
    const [action, type, time] = ['ACTION_ID', 'EVENT_TYPE', 'TIMESTAMP'].map(at);
    for (const values of decodeLines(body)) {
      const live = this.#table.find(values[action] ?? '');
      const code = actionEventType(values[type] ?? '');
      if (!live || live.isScored || !code) {
        histories.add(values, indexes, position);
        if (live) this.#table.count(live, { tried: 0, succeeded: 0 }, Number(values[time]), Number(values[time]));
        continue;
      }
      const owner = values[user] || values[session] || '';
      const before = this.#eventsOf(owner);
      const isNew = histories.add(values, indexes, position);
      if (isNew) this.#count(live, code, before, timeOf(Number(values[time]), Number(values[received])));
    }
  }

  /** Counts an event that is no repetition, by the rule of exposures in a training. */
  #count(action: LiveAction, type: keyof typeof actionEventCodes, before: RecentEvents | undefined, time: number) {
    const last = before?.items.lastIndexOf(action.facts.id) ?? -1;
    const hasOpen = last >= 0 && actionEventType(before?.columns.get('EVENT_TYPE')?.[last] ?? '') === 'VIEWED';
    const tried = isExposure(actionEventCodes[type], hasOpen) ? 1 : 0;
    this.#table.count(action, { tried, succeeded: type === 'TAKEN' ? 1 : 0 }, time, time);
    this.#isInformed = true;
  }

  #indexesIn(histories: LiveHistories, layout: Layout) {
    const known = this.#indexes.get(layout) ?? histories.indexesIn(layout.map(({ name }) => name));
    this.#indexes.set(layout, known);
    return known;
  }
}

/** Between actions that are equally likely to be taken: the one of higher value, then the newer one. */
const inOrder = (one: ActionFacts, other: ActionFacts): number =>
  other.value - one.value ||
  (other.createdAt || 0) - (one.createdAt || 0) ||
  (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
