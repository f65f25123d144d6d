import { circle, type Drawing, ellipse, line, path, rect, times } from '../paint.ts';

const tent: Drawing = (paint) => {
  const peak = paint.between(1, 62, 80);
  return [
    times(3, (n) => circle(40 + 55 * n, 40 + 12 * (n % 2), 2, '#ffffff')),
    path(`M24 168 L100 ${peak} L176 168 z`, paint.surface),
    path(`M100 ${peak} L128 168 H72 z`, paint.dark),
    path(`M100 ${peak + 20} Q104 140 120 168 H100 z`, '#f7d98b'),
    line(`M100 ${peak} V${peak - 14}`, paint.dark, 4),
    path(`M100 ${peak - 14} l18 6 l-18 7 z`, paint.accent),
    line('M24 168 l-10 6 M176 168 l10 6', '#6b5a44', 3),
  ].join('');
};

const backpack: Drawing = (paint) => {
  const top = paint.between(1, 50, 62);
  return [
    line(`M82 ${top + 4} q18 -26 36 0`, paint.dark, 8),
    rect(50, 104, 18, 50, paint.dark, 9),
    rect(132, 104, 18, 50, paint.dark, 9),
    rect(60, top, 80, 168 - top, paint.surface, 28),
    rect(70, 112, 60, 46, paint.dark, 12),
    line('M76 124 h48', paint.light, 3),
    rect(94, 120, 12, 12, paint.accent, 3),
    path(`M60 ${top + 34} q40 18 80 0`, 'none', { stroke: paint.dark, 'stroke-width': 5 }),
  ].join('');
};

const lantern: Drawing = (paint) => {
  const glass = paint.between(1, 24, 32);
  return [
    circle(100, 112, 62, '#ffe6a3', { opacity: 0.55 }),
    line('M76 74 q24 -52 48 0', paint.dark, 5),
    rect(80, 68, 40, 14, paint.surface, 5),
    rect(100 - glass, 82, 2 * glass, 62, '#fff2c4', 10),
    path('M100 94 q16 20 0 38 q-16 -18 0 -38 z', '#f6a623'),
    path('M100 108 q8 12 0 22 q-8 -10 0 -22 z', '#ffe08a'),
    line(`M${100 - glass} 100 v30 M${100 + glass} 100 v30`, paint.dark, 4),
    rect(70, 142, 60, 26, paint.surface, 7),
  ].join('');
};

const flask: Drawing = (paint) => {
  const top = paint.between(1, 60, 76);
  return [
    rect(74, top, 52, 168 - top, paint.surface, 12),
    rect(78, top - 26, 44, 30, paint.dark, 9),
    line('M122 68 q26 6 14 34', paint.dark, 6),
    path('M84 138 l10 -18 l7 11 l6 -8 l10 15 z', paint.pale),
    rect(80, top + 8, 7, 60, '#ffffff', 3, { opacity: 0.35 }),
    ellipse(100, 168, 26, 3, paint.dark),
  ].join('');
};

export const outdoors: Readonly<Record<string, Drawing>> = {
  Tents: tent,
  Backpacks: backpack,
  Lanterns: lantern,
  Flasks: flask,
};
