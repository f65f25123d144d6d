import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startProgressBar } from './progress-bar.ts';

function follow(output: PassThrough, seconds = 10) {
  let milliseconds = 0;
  const bar = startProgressBar(output, 'Training', () => milliseconds);
  for (const fraction of [0.01, 0.1, 0.3, 0.31, 0.32, 0.8]) {
    milliseconds = 1000 * seconds * fraction;
    bar.update(fraction);
  }
  milliseconds = 1000 * seconds;
  bar.done();
  return String(output.read());
}

test('a file or a pipe gets a plain line now and then', () => {
  const lines = follow(new PassThrough()).trimEnd().split('\n');
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'Training 30 % about 7 s left',
    'Training 80 % about 2 s left',
    'Training done in 10.0 s',
  ]);
});

test('what is done at once gets one line', () => {
  expect(follow(new PassThrough(), 1).trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^Training +done in 1\.0 s$/),
  ]);
});

test('a terminal gets one line, redrawn in place and never wider than it is', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const text = follow(terminal);
  expect(text.match(/\n/g)).toHaveLength(1);
  const drawn = text.trimEnd().split('\r').slice(1);
  expect(drawn).toHaveLength(8);
  for (const line of drawn) expect(line.replace('\u001b[K', '').length).toBeLessThan(60);
});
