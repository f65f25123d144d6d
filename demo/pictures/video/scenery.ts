import { circle, line, path, rect, times } from '../paint.ts';

/** What several posters have in common. A poster is 200 by 300; its scene fills the upper 215. */

/** Numbers from `from` to `to`, the same for the same poster and `index`. */
export type Chance = (index: number, from: number, to: number) => number;

export type Scene = {
  /** Colours of the sky, from the top down to the horizon. */
  readonly sky: readonly [string, string];
  readonly ink: string;
  readonly draw: (chance: Chance) => string;
};

export const stars = (chance: Chance, count: number, fill = '#ffffff') =>
  times(count, (n) => circle(chance(100 + n, 0, 200), chance(200 + n, 0, 150), chance(300 + n, 0.5, 1.6), fill));

export const hill = (height: number, lean: number, fill: string) =>
  path(`M0 ${height} Q${60 + lean} ${height - 34} 120 ${height - 4} T200 ${height - 14} V300 H0 z`, fill);

export const peaks = (chance: Chance, base: number, fill: string, snow: string) =>
  times(3, (n) => {
    const x = 30 + 68 * n + chance(10 + n, -16, 16);
    const height = chance(20 + n, 70, 120);
    const peak = `M${x - 60} ${base} L${x} ${base - height} L${x + 60} ${base} z`;
    const cap = `M${x} ${base - height} l15 30 l-9 -4 l-6 9 l-7 -9 l-8 4 z`;
    return path(peak, fill) + path(cap, snow);
  });

/** Houses with lit windows. */
export const skyline = (chance: Chance, base: number, fill: string, light: string) =>
  times(8, (n) => {
    const height = chance(30 + n, 40, 125);
    const windows = times(Math.floor(height / 16), (row) =>
      chance(40 + 9 * n + row, 0, 1) > 0.45
        ? rect(26 * n + 6 + 9 * (row % 2), base - height + 10 + 15 * row, 5, 7, light)
        : '',
    );
    return rect(26 * n - 4, base - height, 27, 300, fill) + windows;
  });

export const rain = (chance: Chance, stroke: string) =>
  times(34, (n) =>
    line(`M${chance(400 + n, 0, 210)} ${chance(500 + n, 0, 200)} l-4 12`, stroke, 1.2, { opacity: 0.5 }),
  );
