import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { extname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { openBucketParts } from './assembly/buckets.ts';
import { openMetricSink } from './assembly/cloudwatch.ts';
import { closingGraceMs, explainListening, type Server, warnUnannounced } from './assembly/listening.ts';
import { openLog } from './assembly/log.ts';
import { verifiesSignatures } from './assembly/principals.ts';
import { openReserve } from './assembly/reserve.ts';
import { settingsOf } from './assembly/settings.ts';
import { openStorage } from './assembly/storage.ts';
import { openTrail } from './assembly/trail.ts';
import { databaseLocation } from './cli/locations.ts';
import { defaultServerOptions, type ServerOptions } from './cli/options/server-options.ts';
import { type Control, createControl } from './control/control.ts';
import { families } from './control/families.ts';
import { servingElsewhere } from './control/peers.ts';
import { type DatabaseWithSnapshots, openDatabase } from './data/database/database.ts';
import type { Reserve } from './data/database/reserve.ts';
import { StatementsForOther } from './data/database/sqlite/statements-for-others.ts';
import { exportCsv } from './data/export/export-csv.ts';
import { openHome } from './data/home/home-folder.ts';
import { importCsv } from './data/import/import-csv.ts';
import { createMetrics } from './edge/metrics.ts';
import { TokenBuckets } from './edge/rate-limits.ts';
import { announceServer } from './edge/running-server.ts';
import { train } from './learn/training/train.ts';
import { type ApiProcess, ApiProcesses } from './processes/api-processes.ts';
import { JoinedProcesses } from './processes/joined-processes.ts';
import type { ApiProcessMethods, Listening, PeerMethods, PrimaryMethods, RoomState } from './processes/messages.ts';
import { wireErrors } from './processes/wire-errors.ts';
import { runBatch } from './serve/batch/run-batch.ts';
import { Channel, type Methods } from './util/channel/channel.ts';
import { TurnsForOther, turnsHere } from './util/turns.ts';

/** The program of a process that answers: as it stands in the repository, or where it is built. */
const apiProcess = fileURLToPath(new URL(`./api-process${extname(import.meta.url)}`, import.meta.url));

/** A process whose event loop has not turned for so long is killed: all that it is to be told of waits for it. */
const stuckAfterMs = 60_000;
const pingEveryMs = 5000;

/**
 * Starts a server of several processes. This one has the database, the jobs and the record log; the others answer
 * requests. They end with it, however it ends.
 *
 * @throws Error as `startServer`
 */
export async function startProcesses(given: Partial<ServerOptions> = {}): Promise<Server> {
  const options = { ...defaultServerOptions, ...given };
  const verifies = verifiesSignatures(options);
  const log = openLog(options);
  await using opened = new AsyncDisposableStack();
  const port = await freePort(options);
  await openHome(options.home);
  const database = await openDatabase(databaseLocation(options));
  opened.defer(database.close);
  const alone = database.dialect === 'sqlite';
  const trail = openTrail(options, { verifies, dialect: database.dialect, number: 0, log });
  opened.defer(() => trail?.close());
  trail?.start(String(port));
  const { keyService, ...storage } = await openStorage(options, { database, verifies, alone, trail, log }, opened);
  keyService.upkeep.start();
  const others = new JoinedProcesses<ApiProcessMethods>();
  const reserve = await openSharedReserve(options, database, others, log);
  const { bucketsFor } = await openBucketParts(options, { database: database.database, verifies, alone });
  const parts = {
    ...database,
    ...storage,
    bucketsFor,
    metricSink: openMetricSink(options, { database: database.database, verifies }),
    serving: servingElsewhere(others),
    reserve,
    takeSnapshot: database.snapshot,
    train,
    importCsv,
    exportCsv,
    runBatch,
    settings: settingsOf(options),
    clock: { now: () => Date.now() },
    log,
    others,
  };
  opened.defer(() => parts.metricSink?.close());
  const control = createControl(parts, families);
  await control.start();
  opened.defer(() => control.stop());

  const token = randomUUID();
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => {}); // awaited below
  let everything: AsyncDisposableStack | undefined;
  let withdraw: (() => void | Promise<void>) | undefined;
  opened.defer(() => withdraw?.());
  const waiting = new Set(Array.from({ length: options.processes }, (_, index) => index + 1));
  const startup = { options, port, count: options.processes, token };
  const serve = serving({ database, control, others, reserve, log });
  const processes = new ApiProcesses({
    entry: apiProcess,
    count: options.processes,
    log,
    onStart: (started) =>
      serve(started, {
        startup: () => ({ ...startup, number: started.number, ...(reserve && { room: stateOf(reserve) }) }),
        async listening({ url, fingerprint }: Listening) {
          const announced = { url, fingerprint, pid: process.pid, token };
          withdraw = await announceServer(options.home, announced).catch(warnUnannounced(log));
          waiting.delete(started.number);
          if (waiting.size === 0) listening.resolve(url);
        },
        failed(encoded: unknown) {
          const error = wireErrors.decode(encoded);
          if (everything) log.error({ err: error }, 'An API process could not start.');
          else listening.reject(error);
        },
      }),
    onGivenUp() {
      listening.reject(new Error('The processes that answer requests end as often as they are started.'));
      log.fatal({}, 'The processes that answer requests end as often as they are started: the server ends.');
      void everything?.disposeAsync().finally(() => process.exit(1));
    },
  });
  opened.defer(async () => {
    const closing = processes.close(closingGraceMs + 5000);
    await Promise.race([others.ask('close'), closing]);
    await closing;
  });
  processes.start();
  const url = await listening.promise;
  const all = opened.move();
  everything = all;
  return { url, close: () => all.disposeAsync() };
}

type ServingParts = {
  readonly database: DatabaseWithSnapshots;
  readonly control: Control;
  readonly others: JoinedProcesses<ApiProcessMethods>;
  readonly reserve: Reserve | undefined;
  readonly log: Logger;
};

/** What this process does for one that it has started, beside what is particular to that one. */
function serving({ database, control, others, reserve, log }: ServingParts) {
  const turns = turnsHere();
  const buckets = new TokenBuckets(() => performance.now());
  const nothing = () => [];
  const metrics = createMetrics({
    runningJobs: control.runningJobs,
    loadedDeployments: nothing,
    views: nothing,
    liveHistories: nothing,
    candidates: nothing,
  });
  const own: Partial<PeerMethods> = { forget: control.peer.forget, measurements: metrics.measurements };
  type Particular = Pick<PrimaryMethods<ServerOptions>, 'startup' | 'listening' | 'failed'>;
  return ({ stream, kill }: ApiProcess, particular: Particular): void => {
    const channel = new Channel<ApiProcessMethods>(stream, {
      errors: wireErrors,
      onError: (error) => log.error({ err: error }, 'A process asked for what could not be done.'),
    });
    const statements = new StatementsForOther(database.database);
    const turnsOfIts = new TurnsForOther(turns);
    void channel.closed.then(async () => {
      turnsOfIts[Symbol.dispose]();
      await statements[Symbol.asyncDispose]();
    });
    killIfStuck(channel, kill);
    const methods: PrimaryMethods<ServerOptions> = {
      ...particular,
      ...statements.methods,
      ...turnsOfIts.methods,
      ...control.working,
      join: () => others.join(channel),
      snapshot: database.snapshot,
      take: (tokens) => buckets.take(tokens),
      releaseRoom: async () => (await reserve?.release()) ?? false,
      async restoreRoom() {
        const isHeld = (await reserve?.restore()) ?? false;
        if (reserve && isHeld) await others.ask('roomChanged', stateOf(reserve));
        return isHeld;
      },
      async askOthers(name, parameters) {
        const method = own[name];
        const here: unknown[] = method ? [await Reflect.apply(method, undefined, parameters)] : [];
        const known = parameters as Parameters<PeerMethods[typeof name]>; // as the process has called it
        return [...here, ...(await others.askAllBut(channel, name, ...known))];
      },
    };
    channel.serve(methods as Methods); // both ends are of one program
  };
}

const stateOf = ({ isHeld, advice }: Reserve): RoomState => ({ isHeld, advice });

async function openSharedReserve(
  options: ServerOptions,
  { database, dialect }: DatabaseWithSnapshots,
  others: JoinedProcesses<ApiProcessMethods>,
  log: Logger,
): Promise<Reserve | undefined> {
  if (dialect !== 'sqlite') return undefined;
  const reserve: Reserve = await openReserve(options, database, log, () => {
    others.ask('roomChanged', stateOf(reserve)).catch((error) => log.error({ err: error }, 'A process was not told.'));
  });
  return reserve;
}

function killIfStuck(channel: Channel<ApiProcessMethods>, kill: () => void): void {
  let answeredAt = performance.now();
  const answered = () => {
    answeredAt = performance.now();
  };
  const timer = setInterval(() => {
    if (performance.now() - answeredAt > stuckAfterMs) kill();
    channel.call('ping').then(answered, answered);
  }, pingEveryMs);
  void channel.closed.then(() => clearInterval(timer));
}

/** The port that the processes share: they cannot pick one, as those that are started later need the same. */
async function freePort(options: ServerOptions): Promise<number> {
  const probe = createServer();
  probe.listen({ host: options.host, port: options.port });
  await once(probe, 'listening').catch(explainListening(options));
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : options.port;
}
