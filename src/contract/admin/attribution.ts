import { operation } from '../operation.ts';
import { double, integer, list, optional, string, structure } from '../shape.ts';
import { Seconds } from './common.ts';

const CountedMetric = structure({
  metricName: string(),
  eventType: string(),
  expression: string(),
});

/** A metric of one source within one interval. */
const Count = structure({
  metricName: string(),
  /** Absent for events without a source. */
  source: optional(string()),
  /** Beginning of the interval. */
  time: Seconds,
  value: double(),
});

/** What the events of a dataset group have been counted to by its metric attribution. */
export const ListAttributionCounts = operation({
  name: 'ListAttributionCounts',
  service: 'admin',
  method: 'GET',
  path: '/admin/attribution',
  shows: 'nothing',
  input: structure({
    /** The ARN of the dataset group, or its name where only one has that. */
    datasetGroup: string(),
    /** Only events that happened from then on … */
    from: optional(integer({ min: 0, max: 4_000_000_000 })),
    /** … and before. */
    to: optional(integer({ min: 0, max: 4_000_000_000 })),
    /** Seconds of an interval, which are whole windows of 900; 900 if it is absent. */
    step: optional(integer({ min: 900, max: 40_000_000 })),
  }),
  output: structure({
    datasetGroupArn: string(),
    metricAttributionArn: string(),
    status: string(),
    from: Seconds,
    to: Seconds,
    step: integer(),
    metrics: list(CountedMetric),
    /** By time, then by metric and source. */
    counts: list(Count),
  }),
  resources: [],
  errors: ['InvalidInputException'],
});
