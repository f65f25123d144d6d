/** A line of the output that tells how a long step goes. */
export type ProgressBar = {
  /** `fraction` of the whole, 0 to 1. */
  update(fraction: number, note: string): void;
  /** Ends the line. */
  done(): void;
  failed(): void;
};

const barWidth = 28;
const labelWidth = 40;
/** Where nothing can be redrawn, a line is written each time this much more is done. */
const plainStep = 0.25;

/** Starts a bar: redrawn in place on a terminal, a plain line now and then elsewhere. */
export function startProgressBar(output: NodeJS.WritableStream, label: string): ProgressBar {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const padded = label.padEnd(labelWidth);
  const draw = isTerminal(output) ? terminalBar(output, padded) : plainLines(output, padded);
  draw.at(0, '');
  return {
    update: (fraction, note) => draw.at(Math.min(1, Math.max(0, fraction)), note),
    done: () => draw.end(1, `done in ${seconds()}`),
    failed: () => draw.end(undefined, `failed after ${seconds()}`),
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
    const line = `${label} ${bar} ${percent(fraction)}  ${note}`;
    // Carriage return, text cut to the terminal, erase what was there before.
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

function plainLines(output: NodeJS.WritableStream, label: string): Drawing {
  let next = plainStep;
  return {
    at: (fraction, note) => {
      if (fraction < next) return;
      next = fraction + plainStep;
      output.write(`${label} ${percent(fraction)}  ${note}\n`);
    },
    end: (_, note) => void output.write(`${label} ${note}\n`),
  };
}

const percent = (fraction: number) => `${Math.floor(100 * fraction)} %`.padStart(5);
