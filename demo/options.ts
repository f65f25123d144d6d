import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { DemoName } from './plan.ts';
import { type SizeName, sizes } from './world/world.ts';

export type DemoOptions = {
  readonly demo: DemoName;
  readonly port: number;
  /** A server that runs already; without it the demo starts one of its own. */
  readonly endpoint?: string | undefined;
  /** AWS itself is asked. */
  readonly aws: boolean;
  readonly home: string;
  readonly size: SizeName;
  readonly bucket: string;
  readonly role: string;
  readonly region: string;
  /** Ends once everything is set up. */
  readonly exit: boolean;
};

const names: readonly DemoName[] = ['retail', 'video'];
const ports: Readonly<Record<DemoName, number>> = { retail: 8650, video: 8651 };
const portTexts = names.map((name) => `${ports[name]} for ${name}`).join(', ');
const sizeNames = Object.keys(sizes).filter((name): name is SizeName => Object.hasOwn(sizes, name));

/** Reads the command line; ends the process with a message where it cannot be read. */
export function readOptions(parameters: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
    .description('Sets up a shop or a streaming service through the public API, and serves its site.')
    .addArgument(new Argument('<demo>', 'which').choices(names))
    .addOption(
      new Option('--port <n>', `where the site listens; 0 for any free port (default: ${portTexts})`).argParser(portOf),
    )
    .option('--endpoint <url>', 'a server of OpenPersonalize that runs; without it one is started')
    .option('--aws', 'use Amazon Personalize itself, with your credentials, --bucket and --role: it costs money', false)
    .option('--home <folder>', 'where the server that is started keeps everything (default: .openpersonalize-demo)')
    .addOption(new Option('--size <size>', 'how much of everything').choices(sizeNames).default('normal'))
    .option('--bucket <name>', 'the bucket that the data goes to', 'openpersonalize-demo')
    .option('--role <arn>', 'the role that import jobs take', 'arn:aws:iam::000000000000:role/Demo')
    .option('--region <name>', 'the region', 'us-east-1')
    .option('--exit', 'end once everything is set up', false)
    .parse(parameters, { from: 'user' });
  const demo = names.find((name) => name === command.args[0]) ?? 'retail';
  const given = command.opts<Omit<DemoOptions, 'demo' | 'home' | 'port'> & { home?: string; port?: number }>();
  const home = given.home ?? join(import.meta.dirname, '../.openpersonalize-demo', demo);
  if (given.aws && given.endpoint !== undefined) command.error('--aws and --endpoint exclude each other.');
  return { ...given, demo, home, port: given.port ?? ports[demo] };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return port;
}
