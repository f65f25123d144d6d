import { circle, type Drawing, ellipse, group, line, path, rect, times } from '../paint.ts';

const greens = ['#3f8f4f', '#56a35a', '#2f7a4a', '#74b266'] as const;

const plant: Drawing = (paint) => {
  const leaves = Math.round(paint.between(1, 5, 9));
  const length = paint.between(2, 52, 72);
  const width = paint.between(3, 9, 17);
  return [
    times(leaves, (n) => {
      const turn = -70 + (140 * n) / (leaves - 1);
      const leaf = path(
        `M0 0 q${-width} ${-length * 0.55} 0 ${-length} q${width} ${length * 0.45} 0 ${length} z`,
        greens[n % 4] ?? greens[0],
      );
      return group(`${leaf}${line(`M0 -4 V${-length * 0.8}`, '#256338', 1.4)}`, `translate(100 116) rotate(${turn})`);
    }),
    path('M68 112 h64 l-8 52 q-1 4 -5 4 h-38 q-4 0 -5 -4 z', paint.surface),
    rect(63, 106, 74, 14, paint.dark, 5),
  ].join('');
};

const wateringCan: Drawing = (paint) => {
  const height = paint.between(1, 56, 70);
  const top = 168 - height;
  return [
    line(`M70 ${top + 6} q-34 4 -24 ${height - 26} q6 10 24 10`, paint.dark, 8),
    path(`M116 ${top + 34} l36 -44 l10 8 l-34 60 z`, paint.main),
    group(rect(-15, -5, 30, 10, paint.dark, 4), `translate(158 ${top - 14}) rotate(45)`),
    path(`M66 ${top} h56 l6 ${height - 6} q0 6 -6 6 h-56 q-6 0 -6 -6 z`, paint.surface),
    ellipse(94, top, 28, 6, paint.dark),
    times(5, (n) => line(`M${164 + 7 * (n % 3)} ${top + 4 + 11 * n} v7`, '#6db6de', 3)),
  ].join('');
};

const seeds: Drawing = (paint) => {
  const petals = Math.round(paint.between(1, 5, 9));
  return [
    group(
      [
        rect(-38, -60, 76, 112, paint.pale, 5),
        rect(-38, -60, 76, 26, paint.surface, 5),
        line('M0 40 V6', '#3f8f4f', 4),
        path('M0 34 q-18 -2 -20 -16 q18 0 20 16 z M0 28 q18 -2 20 -16 q-18 0 -20 16 z', '#56a35a'),
        times(petals, (n) =>
          group(ellipse(0, -14, 6, 11, paint.main), `translate(0 -2) rotate(${(360 * n) / petals})`),
        ),
        circle(0, -2, 7, '#f2b233'),
      ].join(''),
      `translate(100 114) rotate(${paint.between(2, -9, 9)})`,
    ),
    times(4, (n) => ellipse(46 + 32 * n, 164 + (n % 2) * 3, 4, 2.6, '#7a5a38')),
  ].join('');
};

const birdhouse: Drawing = (paint) => {
  const top = paint.between(1, 52, 66);
  return [
    rect(95, 140, 10, 30, '#8a6a48'),
    path(`M66 ${top + 28} h68 v70 h-68 z`, paint.surface),
    path(`M54 ${top + 34} L100 ${top - 8} L146 ${top + 34} l-6 7 L100 ${top + 6} L60 ${top + 41} z`, paint.dark),
    circle(100, top + 54, 13, '#2b2320'),
    line(`M100 ${top + 78} h14`, '#8a6a48', 4),
    group(
      [
        ellipse(0, 0, 11, 8, paint.accent),
        circle(9, -7, 6, paint.accent),
        path('M14 -8 l7 2 l-7 3 z', '#f2b233'),
        circle(10, -8, 1.4, '#222'),
      ].join(''),
      `translate(${paint.between(2, 128, 140)} ${top + 14})`,
    ),
  ].join('');
};

export const garden: Readonly<Record<string, Drawing>> = {
  Plants: plant,
  'Watering cans': wateringCan,
  Seeds: seeds,
  Birdhouses: birdhouse,
};
