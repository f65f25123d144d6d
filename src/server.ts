import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AuditTrail } from './access/audit/audit-trail.ts';
import { TrailThread } from './access/audit/thread/trail-thread.ts';
import { nodeName } from './access/audit/trail-files.ts';
import type { BucketOwners } from './access/authorisation/bucket-owners.ts';
import { HeldPolicies } from './access/authorisation/held-policies.ts';
import { identityArns } from './access/authorisation/identity-arn.ts';
import type { Principal } from './access/principal.ts';
import { Principals } from './access/principals/principals.ts';
import { makeSecretKey, readSecretKey } from './access/principals/secret-key.ts';
import { s3Verifier, signatureVerifier } from './access/principals/verified-principal.ts';
import { openBucketParts } from './bucket-parts.ts';
import { auditFolder, bucketsLocation, databaseLocation, keyLocation, storeLocation } from './cli/locations.ts';
import { defaultServerOptions, type ServerOptions } from './cli/options/server-options.ts';
import { validate } from './contract/validate.ts';
import { accessFamily } from './control/access/access-family.ts';
import { resourceTags } from './control/access/resource-tags.ts';
import { type Control, createControl } from './control/control.ts';
import { families } from './control/families.ts';
import { withOutage } from './control/outages.ts';
import { openOwnStore } from './control/own-store.ts';
import { type Database, openDatabase } from './data/database/database.ts';
import { GroupKeys } from './data/encryption/group-keys.ts';
import { openHome } from './data/home/home-folder.ts';
import { ScratchFolder } from './data/home/scratch-folder.ts';
import { importCsv } from './data/import/import-csv.ts';
import { parseS3Uri } from './data/objects/buckets.ts';
import type { FolderBuckets } from './data/objects/folder-buckets/folder-buckets.ts';
import { SealedStore } from './data/objects/sealed-store.ts';
import { auditCalls } from './edge/audit/call-audit.ts';
import { recorderTo } from './edge/audit/recorder.ts';
import { authenticateBy, bearsToken } from './edge/authentication.ts';
import { authoriseBy } from './edge/authorisation.ts';
import { Certificate } from './edge/certificate.ts';
import { decodeInput } from './edge/decoding.ts';
import { isLoopback } from './edge/host.ts';
import { createHttpServer } from './edge/http-server.ts';
import { authoriseEach, authoriseKeysBy } from './edge/key-authorisation.ts';
import { createMetrics } from './edge/metrics.ts';
import { type OriginOf, originBehind } from './edge/origin.ts';
import type { Steps } from './edge/pipeline.ts';
import { createRateLimiter, rateLimiterElsewhere } from './edge/rate-limits.ts';
import { announceServer } from './edge/running-server.ts';
import { auditS3 } from './edge/s3/s3-audit.ts';
import { authenticateS3 } from './edge/s3/s3-authentication.ts';
import { authoriseS3 } from './edge/s3/s3-authorisation.ts';
import type { S3Parts } from './edge/s3/s3-handler.ts';
import { train } from './learn/training/train.ts';
import { openKeys } from './open-keys.ts';
import type { PrimaryLink } from './processes/primary-link.ts';
import { PropensityLog } from './serve/exploration/propensity-log.ts';
import { openServing } from './serve/open-serving.ts';
import {
  closingGraceMs,
  explainListening,
  openLog,
  openReserve,
  type Server,
  settingsOf,
  warnUnannounced,
  workFolderOf,
} from './server-parts.ts';
import { version } from './version.ts';

export type { Server } from './server-parts.ts';

/** A model that no request has used for so long leaves memory. */
const idleAfterMs = 30 * 60_000;

/** The share of the machine's memory that loaded models may hold together. */
const modelMemoryShare = 0.5;

/**
 * Puts the parts together and listens. Jobs that were under way when an earlier server ended run again.
 *
 * @param link of a process among several that answer: to the one that works for them
 * @throws Error whose message is one sentence for a person: the port is taken, the store is another database's, ….
 */
export async function startServer(
  given: Partial<ServerOptions> = {},
  link?: PrimaryLink<ServerOptions>,
): Promise<Server> {
  const options = { ...defaultServerOptions, ...given };
  const verifies = options.auth === 'on' || !isLoopback(options.host);
  if (verifies && options.auth === 'off') throw new Error(openBeyond(options.host));
  const log = openLog(options);
  const { number, count = 1 } = link?.startup ?? {};
  await using opened = new AsyncDisposableStack();
  const certificate = await openCertificate(options, log);
  opened.defer(() => certificate?.stop());
  if (options.provider !== undefined) {
    const { requireProvider } = await import('./learn/tensor/index.ts');
    await requireProvider(options.provider);
  }
  await openHome(options.home);

  const databaseAt = databaseLocation(options);
  const opening = link && 'file' in databaseAt ? link.openDatabase() : await openDatabase(databaseAt);
  const { database, dialect, snapshot, close: closeDatabase } = opening;
  opened.defer(closeDatabase);
  const verified = verifies ? await openPrincipals(options, database, log) : undefined;
  opened.defer(() => verified?.principals.stop());
  const keyService = openKeys(options, { database, dialect, verifies, log });
  opened.defer(() => keyService.stop());
  const location = storeLocation(options);
  const groupKeys = new GroupKeys({ database, service: keyService.dataKeys, now: () => Date.now() });
  opened.defer(() => groupKeys.stop());
  const ownStore = await openOwnStore({ location, database, adopt: options.adoptStore ?? false, log });
  const store = new SealedStore(ownStore, groupKeys);
  const reserve = link ? link.room : dialect === 'sqlite' ? await openReserve(options, database, log) : undefined;
  // Nobody else can use the home of a SQLite file, which has one server.
  const work = new ScratchFolder(workFolderOf(options), { alone: dialect === 'sqlite' && !link });
  const workFolder = opened.use(await work.claim()).path;
  const serving = await openServing({
    store,
    workers: Math.max(1, Math.floor((availableParallelism() - 1) / count)),
    idleAfterMs,
    memoryLimitBytes: (modelMemoryShare * (process.constrainedMemory() || totalmem())) / count,
    now: () => performance.now(),
  });
  opened.defer(() => serving.close());
  const propensities = options.propensities ? openPropensities(options, log) : undefined;
  opened.defer(() => propensities?.close());
  const toBuckets = { database, verifies, turns: link?.turns };
  const { bucketsFor, ownerOf, folderBuckets } = await openBucketParts(options, toBuckets);
  const access = accessFamily({
    database,
    secretKey: () => makeSecretKey(keyLocation(options)),
    now: () => Date.now(),
    async onChange() {
      await Promise.all([verified?.principals.refresh(), link?.others.ask('refreshPrincipals')]);
    },
    rightsOf: verified?.policies.rightsOf,
  });
  const parts = {
    database,
    dialect,
    store,
    bucketsFor,
    keys: groupKeys,
    serving,
    propensities,
    reserve,
    takeSnapshot: snapshot,
    train,
    importCsv,
    settings: settingsOf(options),
    workFolder,
    clock: { now: () => Date.now() },
    log,
    ...(link && { others: link.others, primary: link.primary }),
  };
  const control = createControl(parts, [...families, access, keyService.family]);
  const measured = {
    runningJobs: control.runningJobs,
    loadedDeployments: () => serving.loaded(),
    views: control.views,
    liveHistories: control.liveHistories,
    candidates: control.candidates,
  };
  const metrics = createMetrics(measured, link && (() => link.others.ask('measurements')));
  await link?.join({
    ...control.peer,
    refreshPrincipals: async () => await verified?.principals.refresh(),
    measurements: metrics.measurements,
  });
  await control.start();
  opened.defer(() => control.stop());

  const audit = options.audit ?? (verifies ? 'on' : 'off');
  // A home has one server if its database is a SQLite file, and else one at each port of each machine.
  const processName = number === undefined ? '' : `p${number}`;
  let node = dialect === 'sqlite' ? processName : undefined;
  if (audit === 'off' && options.auditBucket !== undefined) {
    throw new Error('Nothing is recorded, so nothing comes into --audit-bucket: give --audit on or --audit all, too.');
  }
  const trailThread = audit === 'off' ? undefined : openTrail(options, () => node, log);
  const trail = trailThread && new AuditTrail(trailThread);
  opened.defer(() => trail?.close());
  const recorder = trail && recorderTo({ trail, all: audit === 'all', now: () => Date.now() });
  const token = link?.startup.token ?? randomUUID();
  const originOf = originBehind(options.trustedProxies);
  const httpServer = createHttpServer({
    steps: stepsOf(options, {
      token,
      control,
      database,
      verified,
      limit: link
        ? rateLimiterElsewhere(options.rateLimits, link.take)
        : createRateLimiter(options.rateLimits, () => performance.now()),
      audit: recorder && auditCalls(recorder),
      log,
    }),
    s3: {
      ...s3Of(options, { folderBuckets, ownerOf, originOf, verified }),
      ...(recorder && { audit: auditS3(recorder, originOf) }),
    },
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
  opened.defer(() => closeHttpServer(httpServer));
  const address = await httpServer
    .listen({ host: options.host, port: link?.startup.port ?? options.port })
    .catch(explainListening(options));
  const url = certificate ? address.replace(/^http:/, 'https:') : address;
  node ??= [hostname(), new URL(url).port, ...(processName === '' ? [] : [processName])].join('-');
  if (options.auditBucket !== undefined || options.auditDays !== undefined) trailThread?.start();
  const announce = async () => {
    const where = { url, fingerprint: certificate?.fingerprint };
    if (link) return await link.listening(where);
    return await announceServer(options.home, { ...where, pid: process.pid, token }).catch(warnUnannounced(log));
  };
  const withdraw = await announce();
  opened.defer(() => withdraw?.());
  certificate?.onReplaced(announce);

  const everything = opened.move();
  return { url, close: () => everything.disposeAsync() };
}

/** Who has keys, and what they may do. */
type Verified = { readonly principals: Principals; readonly policies: HeldPolicies };

type StepParts = {
  readonly token: string;
  readonly control: Control;
  readonly database: Database;
  readonly verified: Verified | undefined;
  readonly limit: Steps['limit'];
  readonly audit: Steps['audit'];
  readonly log: Logger;
};

/** Without verified signatures, every caller may do everything in the account. */
const stepsOf = (
  { account }: ServerOptions,
  { token, control, database, verified, limit, audit, log }: StepParts,
): Steps => ({
  authenticate: authenticateBy({
    account,
    token,
    verify: verified && signatureVerifier({ principals: verified.principals, now: () => Date.now() }),
  }),
  decode: decodeInput,
  validate,
  limit,
  authorise: withOutage(
    authoriseEach({
      keys: authoriseKeysBy({ database, rightsOf: verified?.policies.rightsOf ?? rootRights, now: () => Date.now() }),
      others:
        verified &&
        authoriseBy({
          rightsOf: verified.policies.rightsOf,
          tagsOf: resourceTags(database),
          identityOf: identityArns(database),
          now: () => Date.now(),
        }),
    }),
    log,
  ),
  dispatch: control.dispatch,
  ...(audit && { audit }),
});

const rootRights = ({ arn }: Principal) => ({ policies: undefined, principalTags: [], principalArn: arn });

const openBeyond = (host: string) =>
  `With --auth off the server listens on this machine alone: leave it out to have signatures verified on ${host}.`;

/** @throws Error with a sentence if a server beyond this machine has no credential that it could accept */
async function openPrincipals(options: ServerOptions, database: Database, log: Logger): Promise<Verified> {
  const policies = new HeldPolicies((error) => log.error({ err: error }, 'A policy cannot be read, and denies all.'));
  const principals = new Principals({
    database,
    secretKey: () => readSecretKey(keyLocation(options)),
    alsoRead: (database) => policies.refresh(database),
    onError: (error) => log.warn({ err: error }, 'Access keys are used as last known.'),
  });
  await principals.start();
  if (principals.hasActive || isLoopback(options.host)) return { principals, policies };
  await principals.stop();
  throw new Error(
    `On ${options.host} the server answers those alone who have an access key, and there is none: make one with ` +
      '"openpersonalize access create-key" and the same --home, --database and --key-file, then start again.',
  );
}

type S3ServerParts = {
  readonly folderBuckets: FolderBuckets | undefined;
  readonly ownerOf: BucketOwners;
  readonly originOf: OriginOf;
  readonly verified: Verified | undefined;
};

function s3Of(
  { account, allowedHosts }: ServerOptions,
  { folderBuckets, ownerOf, originOf, verified }: S3ServerParts,
): S3Parts {
  return {
    buckets: folderBuckets,
    folderAccount: account,
    hostNames: allowedHosts,
    authenticate: authenticateS3({
      account,
      verifier: verified && s3Verifier({ principals: verified.principals, now: () => Date.now() }),
    }),
    ...(verified && {
      authorise: authoriseS3({ rightsOf: verified.policies.rightsOf, ownerOf, originOf, now: () => Date.now() }),
    }),
  };
}

async function openCertificate({ tlsCert, tlsKey }: ServerOptions, log: Logger): Promise<Certificate | undefined> {
  if (tlsCert !== undefined && tlsKey !== undefined) return await Certificate.open({ cert: tlsCert, key: tlsKey, log });
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  throw new Error('For TLS the server needs a certificate and its key: give both --tls-cert and --tls-key.');
}

const openPropensities = ({ home }: ServerOptions, log: Logger) =>
  new PropensityLog({
    folder: join(home, 'propensities'),
    now: () => Date.now(),
    onError: (error) => log.warn({ err: error }, 'What exploration has decided could not be written down.'),
  });

/** What went wrong with the audit trail, for the log. */
const trailTasks = {
  write: 'The audit trail cannot be written: what is to be recorded waits.',
  deliver: 'The audit trail cannot be brought to its bucket: it is tried again.',
  remove: 'Old files of the audit trail cannot be removed: it is tried again.',
};

const openTrail = (options: ServerOptions, node: () => string | undefined, log: Logger) =>
  new TrailThread({
    plan: () => ({
      folder: auditFolder(options.home),
      node: nodeName(node() ?? 'starting'),
      delivery: deliveryOf(options),
      days: options.auditDays,
    }),
    onError: (task, error, lostRecords) => log.error({ err: error, lostRecords }, trailTasks[task]),
  });

function deliveryOf({ auditBucket, auditMinutes, account, ...options }: ServerOptions) {
  if (auditBucket === undefined) return undefined;
  const { bucket, key } = parseS3Uri(auditBucket);
  return {
    buckets: bucketsLocation(options),
    bucket,
    prefix: key === '' || key.endsWith('/') ? key : `${key}/`,
    origin: { account, region: 'us-east-1' },
    everyMs: auditMinutes * 60_000,
  };
}

/** Answers requests under way, but waits for slow clients no longer than `closingGraceMs`. */
async function closeHttpServer(httpServer: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => httpServer.server.closeAllConnections(), closingGraceMs);
  await httpServer.close();
  clearTimeout(timer);
}
