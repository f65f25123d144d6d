// `npm run demo -- retail|video`: sets a demo up, then serves its site until Ctrl+C.
import { once } from 'node:events';
import { readOptions } from './options.ts';
import { startOwnServer } from './own-server.ts';
import { plans } from './plan.ts';
import { openService } from './set-up/service.ts';
import { setUp } from './set-up/set-up.ts';
import { checkPort, startSite } from './site/site.ts';

const options = readOptions(process.argv.slice(2));
const plan = plans[options.demo];
const output = process.stdout;

/** The first signal ends the demo cleanly. */
const stopped = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));

async function run(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  if (!options.exit) await checkPort(options.port);
  const own = options.aws || options.endpoint !== undefined ? undefined : await startOwnServer(options.home);
  if (own) {
    cleanUp.defer(() => own.stop());
    output.write(`A server of its own listens on ${own.url}, its home is ${options.home}\n`);
  }
  const url = options.aws ? undefined : (own?.url ?? options.endpoint);
  await Promise.race([serve(url, cleanUp), stopped, ...(own ? [own.gone] : [])]);
}

/** Sets the demo up and serves its site; ends only where that was all. */
async function serve(url: string | undefined, cleanUp: AsyncDisposableStack): Promise<void> {
  const { bucket, role: roleArn, region, port, size } = options;
  const service = openService({ url, bucket, roleArn, region, output });
  output.write(`\n${plan.title}: ${plan.tagline.toLowerCase()}\n\n`);
  const demo = await setUp(service, plan, size);
  const { items, interactions } = demo.world;
  output.write(`\n${items.length} items and ${interactions.length} interactions are in place.\n`);
  if (options.exit) return;
  const site = await startSite(service, demo, port);
  cleanUp.defer(() => site.close());
  output.write(`\n${plan.title} is open: ${site.url}    (Ctrl+C ends it)\n`);
  await stopped;
}

const code = await run().then(
  () => 0,
  (error: unknown) => {
    console.error(error instanceof Error ? `\n${error.message}` : error);
    return 1;
  },
);
process.exit(code);
