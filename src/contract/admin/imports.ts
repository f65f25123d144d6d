import { operation } from '../operation.ts';
import { enumeration, integer, list, nullable, optional, string, structure } from '../shape.ts';
import { Limit, Milliseconds } from './common.ts';

/** A row, or a value of it, that breaks a rule. */
const Problem = structure({
  uri: string(),
  line: integer(),
  column: optional(string()),
  value: optional(string()),
  rule: string(),
  outcome: enumeration(['row left out', 'value missing']),
});

const InspectedImport = structure({
  datasetImportJobArn: string(),
  datasetArn: nullable(string()),
  dataLocation: string(),
  status: string(),
  failureReason: optional(string()),
  createdAt: Milliseconds,
  rows: optional(integer()),
  rowsLeftOut: optional(integer()),
  /** Cells of rows that were taken, which count as missing because they could not be read or were empty. */
  valuesMissing: optional(integer()),
  problems: list(Problem),
});

/** The newest import jobs, newest first, with the number of their rows and what was wrong with them. */
export const ListImports = operation({
  name: 'ListImports',
  service: 'admin',
  method: 'GET',
  path: '/admin/imports',
  shows: 'nothing',
  input: structure({
    /** The ARN of an import job: only this one. */
    job: optional(string()),
    /** The ARN of a dataset: only import jobs of it. */
    dataset: optional(string()),
    /** Most problems of each job. */
    limit: optional(Limit),
  }),
  output: structure({ imports: list(InspectedImport) }),
  resources: ['job', 'dataset'],
  errors: ['InvalidInputException'],
});
