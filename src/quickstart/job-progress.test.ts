import { expect, test } from 'vitest';
import { readJobProgress } from './job-progress.ts';

test('progress is found on the metrics page by the resource', () => {
  const page = `# TYPE openpersonalize_job_progress gauge
openpersonalize_job_progress{kind="solution-version",resource="arn:a"} 0.5
openpersonalize_job_progress{kind="dataset-import-job",resource="arn:ab"} 0.25
`;
  expect(readJobProgress(page, 'arn:ab')).toBe(0.25);
  expect(readJobProgress(page, 'arn:a')).toBe(0.5);
  expect(readJobProgress(page, 'arn:c')).toBeUndefined();
});
