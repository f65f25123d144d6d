import { type Command, InvalidArgumentError } from 'commander';
import type { EvaluationRequest } from '../learn/evaluation/compare.ts';
import { protocols } from '../learn/evaluation/protocols/protocols.ts';
import { option } from './option.ts';

export type EvaluateOptions = EvaluationRequest & {
  /** A file for the report. */
  readonly json?: string | undefined;
};

/** Gives `evaluate` its options. */
export function evaluateOptions(command: Command): Command {
  return command
    .addOption(
      option(
        '--dataset <file>',
        'USER_ID,ITEM_ID,TIMESTAMP[,…] as CSV, or lines of "user item item …" as .txt; plain or .gz',
      ).makeOptionMandatory(),
    )
    .addOption(
      option('--protocol <name>', 'what trains and what is to be found: docs/evaluation.md')
        .choices(protocols.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .addOption(
      option(
        '--test <file>',
        'what is to be found, in the same form (times can be missing), for given-split and next-click',
      ),
    )
    .addOption(
      option(
        '--items <file>',
        'ITEM_ID[,…] as CSV: metadata of items, which can be recommended beside those of the dataset',
      ),
    )
    .addOption(option('--users <file>', 'USER_ID[,…] as CSV: metadata of users'))
    .addOption(option('--items-schema <file>', 'Avro schema of the items file (default: told by the values)'))
    .addOption(option('--users-schema <file>', 'Avro schema of the users file (default: told by the values)'))
    .addOption(
      option(
        '--text-encoder <dir>',
        'sentence encoder for texts of the items: model.onnx and tokenizer.json (default: by their words)',
      ),
    )
    .addOption(option('--event-type <type>', 'only events of this EVENT_TYPE count'))
    .addOption(option('--min-value <n>', 'only events with an EVENT_VALUE above this count').argParser(parseNumber))
    .addOption(
      option('--recipes <names>', 'with commas (default: all of the type USER_PERSONALIZATION)').argParser(parseNames),
    )
    .addOption(
      option('--k <n>', 'lengths of the lists that are judged, with commas')
        .default([10], '10')
        .argParser(parseLengths),
    )
    .addOption(option('--seeds <n>', 'how many models of each recipe are trained').default(1).argParser(parseCount))
    .addOption(
      option(
        '--provider <name>',
        'what computes training steps: an execution provider of ONNX Runtime, such as webgpu (default: cpu)',
      ),
    )
    .addOption(option('--json <file>', 'write the report there, too'));
}

function parseNumber(value: string): number {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is a number, such as 3.5.');
}

const parseNames = (value: string): readonly string[] => value.split(',').map((name) => name.trim());

function parseLengths(value: string): readonly number[] {
  if (/^\d{1,4}(,\d{1,4})*$/.test(value) && !value.split(',').some((k) => Number(k) === 0)) {
    return value.split(',').map(Number);
  }
  throw new InvalidArgumentError('Lengths are whole numbers from 1 to 9999, such as 10 or 10,20.');
}

function parseCount(value: string): number {
  if (/^[1-9]\d?$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is a whole number from 1 to 99.');
}
