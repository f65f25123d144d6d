import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { databaseKey } from './access/principals/database-key.ts';
import { openAnswering } from './assembly/answering.ts';
import { type BucketParts, openBucketParts } from './assembly/buckets.ts';
import { stepsOf } from './assembly/call-steps.ts';
import { openCertificate } from './assembly/certificate.ts';
import { openMetricSink } from './assembly/cloudwatch.ts';
import { closeHttpServer, explainListening, type Server, warnUnannounced } from './assembly/listening.ts';
import { openLog } from './assembly/log.ts';
import { openPrincipals, type Verified, verifiesSignatures } from './assembly/principals.ts';
import { openReserve } from './assembly/reserve.ts';
import { s3Of } from './assembly/s3.ts';
import { settingsOf } from './assembly/settings.ts';
import { openStorage } from './assembly/storage.ts';
import { openTrail, type ServerTrail } from './assembly/trail.ts';
import { databaseLocation, keyLocation } from './cli/locations.ts';
import { defaultServerOptions, type ServerOptions } from './cli/options/server-options.ts';
import { accessFamily } from './control/access/access-family.ts';
import { type Control, createControl } from './control/control.ts';
import { families } from './control/families.ts';
import { type DatabaseWithSnapshots, openDatabase } from './data/database/database.ts';
import { exportCsv } from './data/export/export-csv.ts';
import { openHome } from './data/home/home-folder.ts';
import { importCsv } from './data/import/import-csv.ts';
import { bearsToken } from './edge/authentication.ts';
import type { Certificate } from './edge/certificate.ts';
import { createHttpServer } from './edge/http-server.ts';
import { createMetrics, type Metrics } from './edge/metrics.ts';
import { originBehind } from './edge/origin.ts';
import { createRateLimiter, rateLimiterElsewhere } from './edge/rate-limits.ts';
import { announceServer } from './edge/running-server.ts';
import { train } from './learn/training/train.ts';
import type { PrimaryLink } from './processes/primary-link.ts';
import { runBatch } from './serve/batch/run-batch.ts';
import { version } from './version.ts';

export type { Server } from './assembly/listening.ts';

/** To the process that works for this one, of several that answer. */
type Link = PrimaryLink<ServerOptions>;

/** What this process is made of, from the bottom up. */
type Basis = {
  readonly options: ServerOptions;
  readonly link: Link | undefined;
  /** Nobody else can use the home. */
  readonly alone: boolean;
  readonly log: Logger;
  readonly database: DatabaseWithSnapshots;
  /** Undefined where signatures are not verified. */
  readonly verified: Verified | undefined;
  /** Undefined where nothing is recorded. */
  readonly trail: ServerTrail | undefined;
  readonly buckets: BucketParts;
};

type Working = { readonly control: Control; readonly metrics: Metrics };

/**
 * Puts the parts together and listens. Jobs that were under way when an earlier server ended run again.
 *
 * @param link of a process among several that answer: to the one that works for them
 * @throws Error whose message is one sentence for a person: the port is taken, the store is another database's, ….
 */
export async function startServer(given: Partial<ServerOptions> = {}, link?: Link): Promise<Server> {
  const options = { ...defaultServerOptions, ...given };
  const verifies = verifiesSignatures(options);
  const log = openLog(options);
  await using opened = new AsyncDisposableStack();
  const certificate = await openCertificate(options, log);
  opened.defer(() => certificate?.stop());
  if (options.provider !== undefined) {
    const { requireProvider } = await import('./learn/tensor/index.ts');
    await requireProvider(options.provider);
  }
  await openHome(options.home);
  const databaseAt = databaseLocation(options);
  const database = link && 'file' in databaseAt ? link.openDatabase() : await openDatabase(databaseAt);
  opened.defer(database.close);
  const verified = verifies ? await openPrincipals(options, database.database, log) : undefined;
  opened.defer(() => verified?.principals.stop());
  const { dialect } = database;
  const trail = openTrail(options, { verifies, dialect, number: link?.startup.number, log });
  opened.defer(() => trail?.close());
  // The home of a SQLite file has one server.
  const alone = dialect === 'sqlite' && !link;
  const toBuckets = { database: database.database, verifies, alone, turns: link?.turns };
  const buckets = await openBucketParts(options, toBuckets);
  const basis = { options, link, alone, log, database, verified, trail, buckets };
  const working = await startWorking(basis, opened);
  const url = await listen(basis, { ...working, certificate }, opened);
  const everything = opened.move();
  return { url, close: () => everything.disposeAsync() };
}

/** Opens the store and the models, and starts jobs and schedules. */
async function startWorking(basis: Basis, opened: AsyncDisposableStack): Promise<Working> {
  const { options, link, alone, log, database, verified, trail, buckets } = basis;
  const storageParts = { database, verifies: verified !== undefined, alone, trail, log };
  const { keyService, ...storage } = await openStorage(options, storageParts, opened);
  if (!link) keyService.upkeep.start();
  const reserve = link ? link.room : alone ? await openReserve(options, database.database, log) : undefined;
  const { count = 1 } = link?.startup ?? {};
  const parts = {
    database: database.database,
    dialect: database.dialect,
    ...storage,
    ...(await openAnswering(options, { store: storage.store, count, log }, opened)),
    bucketsFor: buckets.bucketsFor,
    metricSink: openMetricSink(options, { database: database.database, verifies: verified !== undefined }),
    reserve,
    takeSnapshot: database.snapshot,
    train,
    importCsv,
    exportCsv,
    runBatch,
    settings: settingsOf(options),
    clock: { now: () => Date.now() },
    log,
    ...(link && { others: link.others, primary: link.primary }),
  };
  opened.defer(() => parts.metricSink?.close());
  const control = createControl(parts, [...families, accessOf(basis), keyService.family]);
  const measured = {
    runningJobs: control.runningJobs,
    loadedDeployments: () => parts.serving.loaded(),
    views: control.views,
    liveHistories: control.liveHistories,
    candidates: control.candidates,
    attribution: control.attributedMetrics,
  };
  const metrics = createMetrics(measured, link && (() => link.others.ask('measurements')));
  await link?.join({
    ...control.peer,
    refreshPrincipals: async () => await verified?.principals.refresh(),
    measurements: metrics.measurements,
  });
  await control.start();
  opened.defer(() => control.stop());
  return { control, metrics };
}

const accessOf = ({ options, link, database, verified }: Basis) =>
  accessFamily({
    database: database.database,
    dialect: database.dialect,
    secretKey: () => databaseKey(database.database, keyLocation(options)),
    now: () => Date.now(),
    async onChange() {
      await Promise.all([verified?.principals.refresh(), link?.others.ask('refreshPrincipals')]);
    },
    rightsOf: verified?.policies.rightsOf,
  });

type Listening = Working & { readonly certificate: Certificate | undefined };

/** Answers calls from then on. @returns where */
async function listen(basis: Basis, working: Listening, opened: AsyncDisposableStack): Promise<string> {
  const { options, link, log, trail } = basis;
  const { certificate } = working;
  const token = link?.startup.token ?? randomUUID();
  const httpServer = httpServerOf(basis, { ...working, token, recorder: trail?.recorder });
  opened.defer(() => closeHttpServer(httpServer));
  const address = await httpServer
    .listen({ host: options.host, port: link?.startup.port ?? options.port })
    .catch(explainListening(options));
  const url = certificate ? address.replace(/^http:/, 'https:') : address;
  trail?.start(new URL(url).port);
  const announce = async () => {
    const where = { url, fingerprint: certificate?.fingerprint };
    if (link) return await link.listening(where);
    return await announceServer(options.home, { ...where, pid: process.pid, token }).catch(warnUnannounced(log));
  };
  const withdraw = await announce();
  opened.defer(() => withdraw?.());
  certificate?.onReplaced(announce);
  return url;
}

type HttpParts = Listening & {
  readonly token: string;
  readonly recorder: Parameters<typeof stepsOf>[1]['recorder'];
};

function httpServerOf(basis: Basis, { control, metrics, certificate, token, recorder }: HttpParts) {
  const { options, link, log, database, verified, buckets } = basis;
  const { count = 1 } = link?.startup ?? {};
  const originOf = originBehind(options.trustedProxies);
  const limit = link
    ? rateLimiterElsewhere(options.rateLimits, link.take)
    : createRateLimiter(options.rateLimits, () => performance.now());
  return createHttpServer({
    steps: stepsOf(options, { token, control, database: database.database, verified, limit, recorder, log }),
    s3: s3Of(options, { ...buckets, originOf, verified, recorder }),
    originOf,
    metrics,
    allowedHosts: verified ? 'any' : options.allowedHosts,
    ...(verified && { mayMeasure: (authorization) => bearsToken(authorization, token) }),
    certificate,
    connectionLimits: {
      // Connections are handed to processes in turn.
      all: Math.ceil(options.maxConnections / count),
      eachAddress: Math.ceil(options.maxConnectionsPerAddress / count),
      proxies: options.trustedProxies,
    },
    version,
    log,
  });
}
