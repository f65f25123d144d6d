// `npm run bench -- [names…] [--quick] [--data DIR] [--interactions COUNT] [--json FILE]`: runs the named benches, or
// all, one after another.
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Machine, thisMachine } from './machine.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { keepsLimit, resultsPage } from './results-table.ts';

type Bench = (options: BenchOptions) => Promise<BenchResult[]>;

/** Imported when run: a bench whose peer is missing fails alone. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  import: async () => (await import('./import.ts')).benchImport,
  'training-set': async () => (await import('./training-set.ts')).benchTrainingSet,
  metadata: async () => (await import('./metadata.ts')).benchMetadata,
  accuracy: async () => (await import('./accuracy.ts')).benchAccuracy,
  propensities: async () => (await import('./propensities.ts')).benchPropensities,
  actions: async () => (await import('./actions.ts')).benchActions,
  als: async () => (await import('./als.ts')).benchAls,
  transformer: async () => (await import('./transformer.ts')).benchTransformer,
  related: async () => (await import('./related.ts')).benchRelated,
  'co-occurrence': async () => (await import('./co-occurrence.ts')).benchCoOccurrence,
  events: async () => (await import('./events.ts')).benchEvents,
  live: async () => (await import('./live.ts')).benchLive,
  'top-k': async () => (await import('./top-k.ts')).benchTopK,
  scoring: async () => (await import('./scoring.ts')).benchScoring,
  'events-by-type': async () => (await import('./events-by-type.ts')).benchEventsByType,
  filters: async () => (await import('./filters.ts')).benchFilters,
  attributes: async () => (await import('./attributes.ts')).benchAttributes,
  'filtered-requests': async () => (await import('./filtered-requests.ts')).benchFilteredRequests,
  training: async () => (await import('./training.ts')).benchTraining,
  update: async () => (await import('./update.ts')).benchUpdate,
  recommenders: async () => (await import('./recommenders.ts')).benchRecommenders,
  idle: async () => (await import('./idle.ts')).benchIdle,
  memory: async () => (await import('./memory.ts')).benchMemory,
  exploration: async () => (await import('./exploration.ts')).benchExploration,
  explanation: async () => (await import('./explanation.ts')).benchExplanation,
  segments: async () => (await import('./segments.ts')).benchSegments,
  semantic: async () => (await import('./semantic.ts')).benchSemantic,
  serving: async () => (await import('./serving.ts')).benchServing,
  trends: async () => (await import('./trends.ts')).benchTrends,
  simulator: async () => (await import('./simulator.ts')).benchSimulator,
  processes: async () => (await import('./processes.ts')).benchProcesses,
  access: async () => (await import('./access.ts')).benchAccess,
  batch: async () => (await import('./batch.ts')).benchBatch,
  encryption: async () => (await import('./encryption.ts')).benchEncryption,
};

const command = new Command('bench')
  .description('Measures what is fast, beside a peer or against a budget.')
  .argument('[names...]', `which benches to run: ${Object.keys(benches).join(', ')}`, Object.keys(benches))
  .option('--quick', 'small sizes: to see that the benches work, not how fast things are', false)
  .option('--data <folder>', 'a folder with data sets of your own')
  .option('--interactions <count>', 'of the benches memory and training; 2,000,000 and 1,000,000 unless given', Number)
  .option('--json <file>', 'write the results there, too')
  .parse();
const names: readonly string[] = command.args.length > 0 ? command.args : Object.keys(benches);
const options = command.opts<BenchOptions & { json?: string }>();

const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0)
  command.error(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}.`);

const results: BenchResult[] = [];
const failures: { readonly bench: string; readonly reason: string }[] = [];
for (const name of names) {
  process.stderr.write(`bench ${name} …\n`);
  try {
    const bench = await benches[name]?.();
    results.push(...((await bench?.(options)) ?? []));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    failures.push({ bench: name, reason });
    console.error(error);
  }
}

const machine = thisMachine();
console.log(`${describe(machine)}\n\n${resultsPage(results)}`);
for (const { bench, reason } of failures) console.log(`\nbench ${bench} failed: ${reason}`);
if (options.json) await writeFile(options.json, `${JSON.stringify({ machine, results, failures }, null, 2)}\n`);
const missed = results.filter((result) => keepsLimit(result) === false);
if (missed.length > 0) console.log(`\n${missed.length} beyond budget: ${missed.map(({ name }) => name).join('; ')}.`);
process.exitCode = failures.length > 0 || (missed.length > 0 && !options.quick) ? 1 : 0;

function describe({ cores, processor, memoryGiB, system, node }: Machine): string {
  return `${cores} cores of ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}`;
}
