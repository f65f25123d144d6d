import { RemainingTime } from '../util/remaining-time.ts';

/** A line of the output that shows how a long step goes. */
export type ProgressBar = {
  /** `fraction` of the whole, 0 to 1. */
  update(fraction: number): void;
  /** Ends the line. */
  done(): void;
  failed(): void;
};

const barWidth = 28;
const labelWidth = 38;
/** Where nothing can be redrawn, a line is written each time this much more is done. */
const plainStep = 0.25;
/** … and no line before so many seconds: what is done sooner needs none. */
const plainAfter = 2;

/** Starts a bar: redrawn in place on a terminal, a plain line now and then elsewhere. */
export function startProgressBar(
  output: NodeJS.WritableStream,
  label: string,
  now = () => performance.now(),
): ProgressBar {
  const started = now();
  const elapsed = () => (now() - started) / 1000;
  const remaining = new RemainingTime(now);
  const draw = isTerminal(output) ? terminalBar(output, label) : plainLines(output, label, elapsed);
  draw.at(0, '');
  return {
    update(fraction) {
      remaining.update(fraction);
      const seconds = remaining.seconds();
      draw.at(fraction, seconds === undefined ? '' : `about ${Math.ceil(seconds)} s left`);
    },
    done: () => draw.end(1, `done in ${elapsed().toFixed(1)} s`),
    failed: () => draw.end(undefined, `failed after ${elapsed().toFixed(1)} s`),
  };
}

type Drawing = { at(fraction: number, note: string): void; end(fraction: number | undefined, note: string): void };

type Terminal = NodeJS.WritableStream & { readonly columns: number };

function isTerminal(output: NodeJS.WritableStream): output is Terminal {
  return 'isTTY' in output && output.isTTY === true && 'columns' in output && typeof output.columns === 'number';
}

function terminalBar(output: Terminal, label: string): Drawing {
  let reached = 0;
  const redraw = (fraction: number, note: string) => {
    reached = fraction;
    const filled = Math.round(fraction * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    const line = `${label.padEnd(labelWidth)} ${bar} ${percent(fraction)}  ${note}`;
    // Back to the start of the line, text cut to the terminal, the rest of what was there erased.
    output.write(`\r${line.slice(0, Math.max(20, output.columns - 1))}\u001b[K`);
  };
  return {
    at: redraw,
    end: (fraction = reached, note) => {
      redraw(fraction, note);
      output.write('\n');
    },
  };
}

function plainLines(output: NodeJS.WritableStream, label: string, elapsed: () => number): Drawing {
  let next = plainStep;
  return {
    at: (fraction, note) => {
      if (fraction < next || fraction >= 1 || elapsed() < plainAfter) return;
      next = fraction + plainStep;
      output.write(`${label.padEnd(labelWidth)} ${percent(fraction)}  ${note}\n`);
    },
    end: (_, note) => void output.write(`${label.padEnd(labelWidth)} ${note}\n`),
  };
}

const percent = (fraction: number) => `${Math.floor(100 * fraction)} %`.padStart(5);
