/** Prints the counts of vitest's JSON report as one plain line; fails where a test failed, was skipped, or none ran. */
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
if (text === '') {
  console.error('The tests did not run to their end.');
  process.exit(1);
}
const report = JSON.parse(text);
const skipped = report.numPendingTests + report.numTodoTests;
// A file that fails as a whole, such as by an import, reports no failed test of its own.
const failedFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
);
const failed = report.numFailedTests + failedFiles.length;
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = report.success && failed + skipped === 0 && report.numPassedTests > 0 ? 0 : 1;
