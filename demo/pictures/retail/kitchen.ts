import { circle, type Drawing, ellipse, line, path, rect, times } from '../paint.ts';

const mug: Drawing = (paint) => {
  const height = paint.between(1, 66, 88);
  const top = 168 - height;
  return [
    line(`M128 ${top + 16} h14 a14 14 0 0 1 14 14 v${height / 4} a14 14 0 0 1 -14 14 h-14`, paint.dark, 9),
    path(`M62 ${top} h70 v${height - 14} a14 14 0 0 1 -14 14 h-42 a14 14 0 0 1 -14 -14 z`, paint.surface),
    ellipse(97, top, 35, 8, paint.dark),
    ellipse(97, top + 1, 29, 5.5, '#5b3a26'),
    times(3, (n) => line(`M${82 + 15 * n} ${top - 14} q-7 -9 0 -18 t0 -18`, '#ffffff', 3.5, { opacity: 0.75 })),
  ].join('');
};

const kettle: Drawing = (paint) => {
  const width = paint.between(1, 44, 54);
  return [
    line(`M${100 - width + 8} 92 q${width - 8} -74 ${2 * width - 16} 0`, paint.dark, 8),
    path(`M${100 + width - 10} 128 q22 -6 26 -42 l12 4 q-2 46 -34 60 z`, paint.main),
    path(
      `M${100 - width} 160 q0 -74 ${width} -76 q${width} 2 ${width} 76 q0 8 -8 8 h-${2 * width - 16} q-8 0 -8 -8 z`,
      paint.surface,
    ),
    rect(84, 78, 32, 9, paint.dark, 4),
    circle(100, 72, 7, paint.accent),
  ].join('');
};

const pan: Drawing = (paint) => {
  const radius = paint.between(1, 44, 54);
  return [
    rect(78 + radius - 6, 106, 62, 15, paint.dark, 7),
    circle(124 + radius, 113.5, 3, paint.pale),
    circle(78, 113, radius, paint.dark),
    circle(78, 113, radius - 6, paint.surface),
    circle(78, 113, radius - 14, 'none', { stroke: paint.light, 'stroke-width': 2 }),
    ellipse(70, 110, 20, 17, '#fffdf5'),
    circle(66, 108, 8, '#f5b52e'),
  ].join('');
};

const board: Drawing = (paint) => {
  const top = paint.between(1, 40, 58);
  return [
    rect(56, top, 78, 168 - top, '#c99a66', 14),
    rect(62, top + 6, 66, 156 - top, '#d9b07f', 10),
    times(4, (n) => line(`M${72 + 14 * n} ${top + 34} q4 30 0 ${110 - top}`, '#b98450', 2)),
    circle(95, top + 15, 6, '#8a5f38'),
    rect(120, 96, 12, 40, paint.dark, 5),
    path('M120 98 h12 v-52 q-14 14 -12 52 z', '#dfe5ea'),
    circle(74, 158, 10, '#e2503c'),
    path('M74 149 l-5 -5 M74 149 l5 -5', 'none', { stroke: '#3f7d3a', 'stroke-width': 3 }),
  ].join('');
};

export const kitchen: Readonly<Record<string, Drawing>> = { Mugs: mug, Kettles: kettle, Pans: pan, Boards: board };
