import type { Command } from 'commander';
import { endpointOption, limitOption } from './events-options.ts';
import { option } from './option.ts';

/** Gives `imports` its options. */
export function importsOptions(command: Command): Command {
  return command
    .addOption(endpointOption())
    .addOption(option('--job <arn>', 'one import job, with what was wrong with its rows'))
    .addOption(option('--dataset <arn>', 'only import jobs of this dataset'))
    .addOption(limitOption('how many problems, from 1 to 1000'));
}
