import { circle, type Drawing, group, line, path, rect, times } from '../paint.ts';

const shirt: Drawing = (paint) => {
  const emblem = paint.between(1, 0, 3);
  return [
    path('M74 50 L40 68 L52 100 L68 93 V166 H132 V93 L148 100 L160 68 L126 50 Q100 68 74 50 z', paint.surface),
    path('M74 50 Q100 68 126 50 l-6 -3 Q100 60 80 47 z', paint.dark),
    line('M68 93 V80 M132 93 V80', paint.dark, 3),
    emblem < 1
      ? path('M100 124 q-20 -14 -10 -24 q8 -5 10 4 q2 -9 10 -4 q10 10 -10 24 z', paint.pale)
      : emblem < 2
        ? `${circle(100, 108, 14, paint.pale)}${circle(100, 108, 7, paint.accent)}`
        : path('M82 120 L96 96 L106 112 L112 104 L120 120 z', paint.pale),
  ].join('');
};

const hat: Drawing = (paint) => {
  const pompom = paint.between(1, 12, 20);
  return [
    circle(100, 62, pompom, paint.accent),
    path('M52 134 Q50 66 100 64 Q150 66 148 134 z', paint.surface),
    rect(44, 126, 112, 34, paint.dark, 12),
    times(9, (n) => line(`M${54 + 11.5 * n} 132 v22`, paint.main, 3)),
  ].join('');
};

const boot = (paint: Parameters<Drawing>[0]) =>
  [
    path('M-26 -62 h36 v52 q26 6 34 26 v8 h-70 z', paint.surface),
    rect(-28, 22, 76, 9, '#3d2e24', 4),
    rect(-30, -68, 44, 14, paint.dark, 6),
    times(4, (n) => line(`M2 ${-42 + 11 * n} l10 4`, paint.pale, 3)),
  ].join('');

const boots: Drawing = (paint) => {
  const apart = paint.between(1, 0, 10);
  return group(boot(paint), `translate(${72 - apart} 128)`) + group(boot(paint), `translate(${118 + apart} 137)`);
};

const sock = (paint: Parameters<Drawing>[0]) =>
  [
    path('M-16 -62 h32 v66 q0 8 8 14 l24 16 q10 8 0 20 q-8 8 -20 2 l-38 -28 q-8 -6 -8 -18 z', paint.surface),
    rect(-19, -68, 38, 16, paint.dark, 5),
    path('M-13 8 q6 16 18 14 l12 -10 q-8 -6 -8 -12 z', paint.accent),
  ].join('');

const socks: Drawing = (paint) =>
  group(sock(paint), `translate(70 108) rotate(${paint.between(1, 2, 12)})`) +
  group(sock(paint), 'translate(116 112) rotate(-6)');

export const wardrobe: Readonly<Record<string, Drawing>> = { 'T-shirts': shirt, Hats: hat, Boots: boots, Socks: socks };
