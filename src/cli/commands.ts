import { evaluateOptions } from './options/evaluate-options.ts';
import type { ValuesOf } from './options/option.ts';
import { quickstartOptions, startOptions } from './options/server-options.ts';
import {
  backupOptions,
  doctorOptions,
  eventsOptions,
  explainOptions,
  importsOptions,
  restoreOptions,
} from './options/tool-options.ts';

/** The verbs of the command line, each with the options that it takes, in the order of `--help`. */
export const commands = {
  start: { description: 'run the server until SIGTERM or SIGINT', options: startOptions },
  quickstart: {
    description: 'run the server and go with it from data to recommendations, step by step',
    options: quickstartOptions,
  },
  evaluate: {
    description: 'train recipes on a part of a dataset and measure, beside baselines, how well they predict the rest',
    options: evaluateOptions,
  },
  events: {
    description: 'show the last events of a tracker or of a user, and what became of each',
    options: eventsOptions,
  },
  explain: {
    description: 'say why a campaign gives a user these items: which interactions and parts of the model carry each',
    options: explainOptions,
  },
  imports: {
    description: 'show the newest import jobs, and what was wrong with the rows of one',
    options: importsOptions,
  },
  backup: {
    description: "copy a server's database and the objects that it names, while it runs or not",
    options: backupOptions,
  },
  restore: {
    description: 'put a backup into a new home, or into a new database and an empty store',
    options: restoreOptions,
  },
  doctor: {
    description: 'check database, store, disk, clock and port, and say what is wrong and what to do',
    options: doctorOptions,
  },
};

export type VerbName = keyof typeof commands;

export const verbNames = Object.keys(commands).filter((name): name is VerbName => name in commands);

export type TableOf<Name extends VerbName> = (typeof commands)[Name]['options'];

/** What runs for each verb. */
export type Verbs = { readonly [Name in VerbName]: (options: ValuesOf<TableOf<Name>>) => Promise<void> };
