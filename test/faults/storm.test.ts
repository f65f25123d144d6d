import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { lookInto } from '../support/home.ts';
import { active, clients, eventsClient, gone, settled, steps } from '../support/personalize.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A server imports, trains, deploys, deletes and takes events, all at once, and is killed at a random moment, again and
// again. In every other round a second server with a home of its own starts on the same store. All that was
// acknowledged must be there and come to its end. STORM_KILLS=200 kills more often, KILL_SEED=7 at other moments.
const kills = Number(process.env.STORM_KILLS ?? 4);
const random = uniforms(Number(process.env.KILL_SEED ?? 1));
const longestMs = 2500;
const usersATaste = [60, 2500] as const;
const rows = usersATaste.map((users) => 40 * users);

let folder: string;
let server: ServerProcess;
let films: Awaited<ReturnType<typeof bringFilms>>;
const at = (name: string) => join(folder, name);
const options = () => [
  ...['--buckets', at('buckets'), '--store', at('store'), '--update-hours', '0.001'],
  // A deletion that was asked for in vain leaves its solution for good.
  ...['--quota', 'solutionsPerDatasetGroup=1000'],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-storm-'));
  for (const users of usersATaste)
    await putObject(at('buckets'), 'films', `${users}.csv`, twoTastes({ usersATaste: users }));
  server = await startServerProcess({ home: at('home'), options: options() });
  films = await bringFilms();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bringFilms() {
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  await create.importJob(await create.startImport(datasetArn, 'first', location(0)));
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  const solutionArn = await create.solution(datasetGroupArn, 'personal', 'aws-user-personalization');
  const solutionVersionArn = await create.startVersion(solutionArn);
  expect(await create.version(solutionVersionArn)).toMatchObject({ status: 'ACTIVE' });
  const campaignArn = await create.campaign('personal', solutionVersionArn);
  return { datasetGroupArn, datasetArn, trackingId, solutionArn, campaignArn };
}

const location = (round: number) => `s3://films/${usersATaste[round % 2]}.csv`;

/** What a round has asked for and got an answer to. */
type Acknowledged = {
  importJob?: string | undefined;
  version?: string | undefined;
  solution?: string | undefined;
  deleted?: string | undefined;
  deployed?: string | undefined;
  readonly events: string[];
};

/** Undefined where the server went away before it answered. A refusal is an error. */
async function answered<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
    if (httpStatusCode !== undefined) throw error;
    return undefined;
  }
}

/** Asks for everything at once. `before` is what the round before has left to deploy and to delete. */
function rage(
  round: number,
  before: Acknowledged,
): { acknowledged: Acknowledged; done: Promise<unknown>; stop(): void } {
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const acknowledged: Acknowledged = { events: [] };
  let running = true;
  const { datasetGroupArn, datasetArn, solutionArn, campaignArn } = films;
  const work = [
    async () => {
      acknowledged.importJob = await answered(create.startImport(datasetArn, `round-${round}`, location(round)));
    },
    async () => {
      acknowledged.version = await answered(create.startVersion(solutionArn));
    },
    async () => {
      acknowledged.solution = await answered(create.solution(datasetGroupArn, `s${round}`, 'aws-popularity-count'));
      if (acknowledged.solution) await answered(create.startVersion(acknowledged.solution));
    },
    async () => {
      const { solution } = before;
      if (solution && (await answered(personalize.deleteSolution({ solutionArn: solution })))) {
        acknowledged.deleted = solution;
      }
    },
    async () => {
      const { version } = before;
      if (version && (await answered(personalize.updateCampaign({ campaignArn, solutionVersionArn: version })))) {
        acknowledged.deployed = version;
      }
    },
    ...['a', 'b'].map((caller) => async () => {
      for (let n = 0; running && n < 400; n++) {
        const eventId = `${round}-${caller}-${n}`;
        if (!(await answered(putEvent(round, eventId)))) return;
        acknowledged.events.push(eventId);
        await sleep(5);
      }
    }),
  ];
  return {
    acknowledged,
    done: Promise.all(work.map((each) => each())),
    stop: () => {
      running = false;
    },
  };
}

const putEvent = (round: number, eventId: string) =>
  eventsClient(server.url).putEvents({
    trackingId: films.trackingId,
    sessionId: `s${round}`,
    userId: `visitor-${round}`,
    eventList: [{ eventId, eventType: 'watch', itemId: `a${round % 40}`, sentAt: new Date() }],
  });

/** Starts a server with a home of its own on the same store: it must refuse, whatever the first one does meanwhile. */
async function intrude(): Promise<void> {
  const program = runOpenPersonalize(['start', '--port', '0', '--home', at('intruder'), '--store', at('store')]);
  program.process.stdout.once('data', () => program.process.kill('SIGKILL')); // it listens: then there is no exit code
  const [code] = await once(program.process, 'close');
  expect(code, program.output()).toBe(1);
  expect(program.errors()).toContain(at('store'));
}

/** What was acknowledged is there, ends well, and the campaign has answered all the while. */
async function check(round: number, { importJob, version, solution, deleted, deployed, events }: Acknowledged) {
  const { personalize, runtime } = clients(server.url);
  const { campaignArn } = films;
  const { itemList } = await runtime.getRecommendations({ campaignArn, userId: 'ua1' });
  expect(itemList).toHaveLength(25);
  const patience = 300_000;
  if (importJob) {
    const describe = async () =>
      (await personalize.describeDatasetImportJob({ datasetImportJobArn: importJob })).datasetImportJob;
    await active(describe, patience);
  }
  if (version) {
    const describe = async () =>
      (await personalize.describeSolutionVersion({ solutionVersionArn: version })).solutionVersion;
    await active(describe, patience);
  }
  if (solution) {
    await active(async () => (await personalize.describeSolution({ solutionArn: solution })).solution, patience);
    const { solutionVersions = [] } = await personalize.listSolutionVersions({ solutionArn: solution });
    for (const { solutionVersionArn } of solutionVersions) {
      const describe = async () => (await personalize.describeSolutionVersion({ solutionVersionArn })).solutionVersion;
      await active(describe, patience);
    }
  }
  if (deleted) await gone(() => personalize.describeSolution({ solutionArn: deleted }), patience);
  if (deployed) {
    const describe = async () => (await personalize.describeCampaign({ campaignArn })).campaign?.latestCampaignUpdate;
    expect(await settled(describe, patience)).toMatchObject({ status: 'ACTIVE', solutionVersionArn: deployed });
  }
  const answer = await fetch(`${server.url}/admin/events?userId=visitor-${round}&limit=1000`);
  const shown: { events: { eventId: string }[] } = JSON.parse(await answer.text());
  const kept = new Set(shown.events.map(({ eventId }) => eventId));
  expect(events.filter((eventId) => !kept.has(eventId))).toEqual([]);
  expect(kept.size, 'events that are there twice').toBe(shown.events.length);
}

test('whatever is under way when the server is killed, nothing acknowledged is lost', {
  timeout: 600_000 + kills * 120_000,
}, async () => {
  let before: Acknowledged = { events: [] };
  let events = 0;
  for (let round = 1; round <= kills; round++) {
    const { acknowledged, done, stop } = rage(round, before);
    const intruder = round % 2 === 0 ? intrude() : undefined;
    await sleep(random() * longestMs);
    await server.kill('SIGKILL');
    stop();
    await Promise.all([done, intruder]);
    expect(rows).toContain((await lookInto(at('home'), at('store'))).imported.get(films.datasetArn));
    server = await startServerProcess({ home: at('home'), options: options() });
    await check(round, acknowledged);
    before = acknowledged;
    events += acknowledged.events.length;
  }
  expect(events, 'events that were acknowledged').toBeGreaterThan(0);
  expect(await server.stop(), server.log()).toBe(0);
  expect((await lookInto(at('home'), at('store'))).strayFiles).toEqual([]);
});
