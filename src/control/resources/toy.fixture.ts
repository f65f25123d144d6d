import { arnOf } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { beginWriting, forgetUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import { Gate } from '../control.fixture.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Family, serve } from '../family.ts';
import type { Caller } from '../handler.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { requireNoUpdate } from './checks.ts';
import { createResource } from './creation.ts';
import { deleteResource } from './deletion.ts';
import { type CommonDocument, defineKind, type Resource, type Update, use } from './kind.ts';
import { creationLife, settingsLife, updateSteps } from './lifecycle.ts';
import { pageOfResources } from './pages.ts';
import { changeResource, getResource, selectResources } from './resource-store.ts';
import { updateSummaryOf } from './summaries.ts';
import type { Tags } from './tag-store.ts';
import { movedUpdate, newUpdate } from './updates.ts';

// A family of kinds of its own, in this one file: all that it takes to add a kind of resource.

type ToyDocument = CommonDocument & {
  readonly colour: string;
  readonly prefix: string;
  readonly latestUpdate?: Update<keyof typeof updateSteps, { readonly colour: string }>;
};

const toyKind = defineKind<ToyDocument>()({
  name: 'toy',
  arnPath: 'toy/{name}',
  life: { ...creationLife, updateSteps },
  isTaggable: true,
  parent: datasetGroupKind,
  quotas: [{ name: 'toys', most: 3, counts: 'live' }],
  jobs: { 'make-toy': { pool: 'quick', startsWithResource: true }, 'paint-toy': { pool: 'quick' } },
  objects: ({ prefix }) => [prefix],
});

/** Has the words of batch jobs, without CREATE, and goes with its toy. */
const repairKind = defineKind<CommonDocument>()({
  name: 'toy-repair',
  arnPath: 'toy-repair/{name}',
  life: {
    first: 'PENDING',
    steps: { PENDING: ['IN_PROGRESS'], IN_PROGRESS: ['COMPLETED', 'FAILED'], COMPLETED: [], FAILED: [] },
  },
  isTaggable: false,
  parent: toyKind,
  goesWithParent: true,
  quotas: [{ name: 'unfinishedToyRepairs', most: 1, counts: 'unfinished' }],
  jobs: { 'repair-toy': { pool: 'quick', startsWithResource: true, isSerial: true } },
});

const shopWindowKind = defineKind<CommonDocument & { readonly toyArn: string }>()({
  name: 'shop-window',
  arnPath: 'shop-window/{name}',
  life: settingsLife,
  isTaggable: false,
  uses: [use(toyKind, windowsWith)],
});

async function windowsWith(db: Database, { arn, account, region }: Resource): Promise<Resource[]> {
  const windows = await selectResources(db, shopWindowKind, { account, region });
  return windows.filter(({ document }) => document.toyArn === arn);
}

function toyOperations(context: Context) {
  const { database, transaction, settings } = context;
  return {
    async create(group: string, name: string, caller: Caller, tags?: Tags) {
      const arn = arnOf(caller, toyKind.arnPath, { name });
      const document = { colour: 'plain', prefix: `toys/${name}/` };
      const draft = { arn, name, parent: group, document, tags };
      await transaction(caller.account, (tx) => createResource(tx, toyKind, settings, caller, draft));
      return arn;
    },
    async repair(toyArn: string, name: string, caller: Caller) {
      const arn = arnOf(caller, repairKind.arnPath, { name });
      const draft = { arn, name, parent: toyArn, document: {} };
      await transaction(caller.account, (tx) => createResource(tx, repairKind, settings, caller, draft));
      return arn;
    },
    async show(toyArn: string, name: string, caller: Caller) {
      const arn = arnOf(caller, shopWindowKind.arnPath, { name });
      const draft = { arn, name, parent: null, document: { toyArn } };
      await transaction(caller.account, (tx) => createResource(tx, shopWindowKind, settings, caller, draft));
      return arn;
    },
    async describe(arn: string, caller: Caller) {
      const { name, status, document } = await getResource(database, toyKind, arn, caller);
      const { colour, failureReason, latestUpdate } = document;
      return { name, status, colour, failureReason, latestUpdate: latestUpdate && updateSummaryOf(latestUpdate) };
    },
    async list(page: { readonly maxResults?: number; readonly nextToken?: string }, caller: Caller) {
      const { resources, nextToken } = await pageOfResources(database, toyKind, caller, page);
      return { toys: resources.map(({ name }) => name), nextToken };
    },
    async paint(arn: string, colour: string, caller: Caller) {
      await transaction(caller.account, async (tx) => {
        const toy = await getResource(tx.db, toyKind, arn, caller);
        requireNoUpdate(toy);
        const latestUpdate = newUpdate({ colour }, 'CREATE PENDING', tx.now);
        await changeResource(tx, toy, { document: { latestUpdate } });
        await enqueue(tx, toyKind, 'paint-toy', toy);
      });
    },
    remove: (arn: string, caller: Caller) => deleteResource(context, toyKind, arn, caller),
    removeWindow: (arn: string, caller: Caller) => deleteResource(context, shopWindowKind, arn, caller),
  };
}

const toyMaking = ({ store }: Context, gate: Gate): JobHandler => ({
  async run(job, { signal }) {
    const { prefix } = await job.transaction(async (tx) => {
      const toy = await resourceOf(tx, toyKind, job);
      await beginWriting(tx.db, [toy.document.prefix], tx.now, job.id);
      return (await changeResource(tx, toy, { status: 'CREATE IN_PROGRESS' })).document;
    });
    await store.write(`${prefix}wood`, 'wood');
    await gate.pass(signal);
    return {
      async commit(tx) {
        await forgetUnreferenced(tx.db, [prefix]);
        await changeResource(tx, await resourceOf(tx, toyKind, job), { status: 'ACTIVE' });
      },
    };
  },
  async fail(tx, job, failureReason) {
    const toy = await resourceOf(tx, toyKind, job);
    await changeResource(tx, toy, { status: 'CREATE FAILED', document: { failureReason } });
  },
});

const painting: JobHandler = {
  async run(job) {
    await job.transaction(async (tx) => {
      const toy = await resourceOf(tx, toyKind, job);
      const latestUpdate = movedUpdate(toy, 'CREATE IN_PROGRESS', tx.now);
      await changeResource(tx, toy, { document: { latestUpdate } });
    });
    return {
      async commit(tx) {
        const toy = await resourceOf(tx, toyKind, job);
        const latestUpdate = movedUpdate(toy, 'ACTIVE', tx.now);
        await changeResource(tx, toy, { document: { latestUpdate, colour: latestUpdate.colour } });
      },
    };
  },
  fail: async () => {},
};

const repairing = (gate: Gate): JobHandler => ({
  async run(job, { signal }) {
    await job.transaction(async (tx) =>
      changeResource(tx, await resourceOf(tx, repairKind, job), { status: 'IN_PROGRESS' }),
    );
    await gate.pass(signal);
    return {
      async commit(tx) {
        await changeResource(tx, await resourceOf(tx, repairKind, job), { status: 'COMPLETED' });
      },
    };
  },
  async fail(tx, job) {
    await changeResource(tx, await resourceOf(tx, repairKind, job), { status: 'FAILED' });
  },
});

/** The family, and its operations once a control plane has been made with it. */
export function openWorkshop() {
  const [making, repairs] = [new Gate(), new Gate()];
  let opened: ReturnType<typeof toyOperations> | undefined;
  const family: Family = {
    kinds: [toyKind, repairKind, shopWindowKind],
    operations(context) {
      opened = toyOperations(context);
      return {};
    },
    services: (context) => [
      serve(toyKind, { jobs: { 'make-toy': toyMaking(context, making), 'paint-toy': painting } }),
      serve(repairKind, { jobs: { 'repair-toy': repairing(repairs) } }),
    ],
  };
  return {
    family,
    making,
    repairs,
    get toys() {
      if (!opened) throw new Error('No control plane has been made with this family.');
      return opened;
    },
  };
}
