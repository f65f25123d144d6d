const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as one line of bars, the largest of all as high as the line; what is below 0 is as 0. */
export function sparkline(values: readonly number[], largest = Math.max(...values)): string {
  return values.map((value) => eighths[partsOf(value, largest, 8)] ?? ' ').join('');
}

/** Of `height` parts, those that a value reaches; one at least if it is above 0. */
function partsOf(value: number, largest: number, height: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.max(1, Math.round((height * value) / largest));
}

export type PlotOptions = {
  /** Lines of bars. */
  readonly height: number;
  /** Under the first and the last bar. */
  readonly ends: readonly [string, string];
  /** A value on the axis. */
  readonly show: (value: number) => string;
};

/** Values as bars side by side over an axis, the largest as high as the plot. */
export function barPlot(values: readonly number[], { height, ends, show }: PlotOptions): string {
  const largest = Math.max(...values, 0);
  const top = show(largest);
  const width = Math.max(top.length, 1);
  const lines: string[] = [];
  for (let line = height; line > 0; line--) {
    const label = line === height ? top : '';
    const bars = values.map((value) => {
      const parts = partsOf(value, largest, 8 * height) - 8 * (line - 1);
      return eighths[Math.max(0, Math.min(8, parts))] ?? ' ';
    });
    lines.push(`${label.padStart(width)} ${line === height ? '┤' : '│'}${bars.join('')}`);
  }
  lines.push(`${'0'.padStart(width)} └${'─'.repeat(values.length)}`);
  const [first, last] = ends;
  const gap = Math.max(1, values.length - first.length - last.length);
  lines.push(`${' '.repeat(width + 2)}${first}${' '.repeat(gap)}${last}`);
  return lines.map((text) => `  ${text.trimEnd()}\n`).join('');
}
