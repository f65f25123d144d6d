#!/usr/bin/env node
/** The program: reads the command line, runs its verb, ends on signals. */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { listeningText, type Server } from './assembly/listening.ts';
import { accessVerbs } from './cli/access.ts';
import { policyVerbs } from './cli/access-policies.ts';
import { roleVerbs } from './cli/access-roles.ts';
import { auditVerbs } from './cli/audit.ts';
import { runCommandLine } from './cli/command-line.ts';
import { keyVerbs } from './cli/keys.ts';
import type { EvaluateOptions } from './cli/options/evaluate-options.ts';
import type { QuickstartOptions, ServerOptions } from './cli/options/server-options.ts';
import type {
  AttributionOptions,
  BackupOptions,
  DoctorOptions,
  EventsOptions,
  ExplainOptions,
  ImportsOptions,
  RecommendOptions,
  RestoreOptions,
} from './cli/options/tool-options.ts';
import { restartOf } from './cli/restart.ts';
import { withSmallYoungGeneration } from './util/small-young-generation.ts';
import { version } from './version.ts';

/** A signal that comes again within so long is the same one, passed on by the terminal and by npm. */
const echoMs = 1000;

/** Once the process has begun to end, what fails for lack of a server is no failure. */
let ending: Promise<never> | undefined;

async function start(options: ServerOptions): Promise<void> {
  await listen(options);
}

async function quickstart({ ratings, exit, ...options }: QuickstartOptions): Promise<void> {
  const server = await listen(options);
  const { runQuickstart } = await import('./quickstart/quickstart.ts');
  const bucketsFolder = options.buckets ?? join(options.home, 'buckets');
  try {
    const restart = exit ? restartOf(options) : undefined;
    await runQuickstart({ url: server.url, bucketsFolder, ratings, restart, output: process.stdout });
    if (exit) await end(server, 0);
  } catch (error) {
    if (!ending) tell(error);
    await end(server, 1);
  }
}

async function evaluate({ json, ...request }: EvaluateOptions): Promise<void> {
  const signal = stopSignal();
  const { evaluate: run } = await import('./cli/evaluate.ts');
  const { EvaluationError } = await import('./evaluate/evaluation-error.ts');
  try {
    await run(request, { tables: process.stdout, progress: process.stderr, json }, signal);
  } catch (error) {
    tell(error);
    process.exit(error instanceof EvaluationError ? 2 : 1);
  }
}

async function backup(options: BackupOptions): Promise<void> {
  const { backUp } = await import('./cli/backup.ts');
  await backUp(options, { output: process.stdout, version, signal: stopSignal() });
}

async function restore(options: RestoreOptions): Promise<void> {
  const { restore: run } = await import('./cli/backup.ts');
  await run(options, { output: process.stdout, version, signal: stopSignal() });
}

async function doctor(options: DoctorOptions): Promise<void> {
  const { examine } = await import('./cli/doctor.ts');
  if (!(await examine(options, process.stdout))) process.exitCode = 1;
}

/** Aborted by the first signal to this process. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort(new Error('Stopped.')));
  return stop.signal;
}

async function events(options: EventsOptions): Promise<void> {
  const { showEvents } = await import('./cli/events.ts');
  await showEvents(options, process.stdout);
}

async function explain(options: ExplainOptions): Promise<void> {
  const { showExplanation } = await import('./cli/explain.ts');
  await showExplanation(options, process.stdout);
}

async function imports(options: ImportsOptions): Promise<void> {
  const { showImports } = await import('./cli/imports.ts');
  await showImports(options, process.stdout);
}

async function recommend(options: RecommendOptions): Promise<void> {
  const { recommend: run } = await import('./cli/recommend/recommend.ts');
  const streams = { output: process.stdout, messages: process.stderr, signal: stopSignal() };
  if (!(await run(options, streams))) process.exitCode = 1;
}

async function attribution(options: AttributionOptions): Promise<void> {
  const { showAttribution } = await import('./cli/attribution.ts');
  await showAttribution(options, process.stdout);
}

/** What the server needs is loaded here, so that `--help` answers at once. */
async function listen(options: ServerOptions): Promise<Server> {
  const server = await withSmallYoungGeneration(async () => {
    if (options.processes === 1) return await (await import('./server.ts')).startServer(options);
    return await (await import('./primary.ts')).startProcesses(options);
  });
  endOnSignal(server);
  console.log(listeningText(options, server.url));
  return server;
}

/** The first signal ends the process cleanly, a second one at once. */
function endOnSignal(server: Server): void {
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    firstAt ??= now;
    if (now - firstAt > echoMs) process.exit(1);
    void end(server, 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
}

function end(server: Server, exitCode: number): Promise<never> {
  ending ??= server.close().then(
    () => process.exit(exitCode),
    (error) => fail(error),
  );
  return ending;
}

function fail(error: unknown): never {
  tell(error);
  process.exit(1);
}

/** What went wrong as a sentence; a defect of ours with its stack. */
function tell(error: unknown): void {
  const isDefect = [TypeError, ReferenceError, RangeError, SyntaxError].some((kind) => error instanceof kind);
  console.error(error instanceof Error && !isDefect ? error.message : error);
}

// A reader that has seen enough, such as head, closes the pipe. What the verb does goes on to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    start,
    quickstart,
    evaluate,
    events,
    explain,
    imports,
    recommend,
    attribution,
    backup,
    restore,
    doctor,
    ...accessVerbs(process.stdout),
    ...policyVerbs(process.stdout),
    ...roleVerbs(process.stdout),
    ...auditVerbs(process.stdout),
    ...keyVerbs(process.stdout),
  },
  version,
).catch(fail);
if (exitCode !== undefined) process.exitCode = exitCode;
