import { circle, type Drawing, ellipse, group, line, path, rect, times } from '../paint.ts';

const bean = (x: number, y: number, turn: number) =>
  group(
    `${ellipse(0, 0, 9, 6.5, '#5b3a26')}${line('M-8 0 q4 -3 8 0 t8 0', '#2f1c12', 1.6)}`,
    `translate(${x} ${y}) rotate(${turn})`,
  );

const coffee: Drawing = (paint) => {
  const top = paint.between(1, 46, 60);
  return [
    path(`M62 ${top} l4 -8 h68 l4 8 v${164 - top} q0 4 -4 4 h-68 q-4 0 -4 -4 z`, paint.surface),
    path(`M62 ${top} h76 v10 h-76 z`, paint.dark),
    rect(74, top + 28, 52, 50, paint.pale, 26),
    bean(92, top + 48, 20),
    bean(108, top + 58, 80),
    times(4, (n) => bean(44 + 9 * n + 76 * (n % 2), 163 - 4 * (n % 2), paint.between(n, 0, 180))),
  ].join('');
};

const tea: Drawing = (paint) => {
  const top = paint.between(1, 66, 84);
  return [
    rect(58, top, 84, 168 - top, paint.surface, 8),
    rect(54, top - 14, 92, 20, paint.dark, 8),
    ellipse(100, (top + 168) / 2 + 2, 30, 26, paint.pale),
    group(
      `${path('M0 16 q-18 -14 0 -36 q18 22 0 36 z', '#4f9154')}${line('M0 20 v-30', '#2f6436', 2)}`,
      `translate(100 ${(top + 168) / 2 + 2}) rotate(${paint.between(2, -40, 40)})`,
    ),
  ].join('');
};

const honey: Drawing = (paint) => {
  const top = paint.between(1, 72, 88);
  return [
    rect(64, top, 72, 168 - top, '#f2b233', 18),
    rect(64, top + 18, 72, 150 - top, '#e59a17', 18),
    rect(62, top - 14, 76, 18, paint.surface, 5),
    path(`M100 ${top + 26} l19 11 v22 l-19 11 l-19 -11 v-22 z`, '#fff4d2'),
    group(
      [ellipse(-7, -8, 8, 5, '#cfe6f2'), ellipse(7, -8, 8, 5, '#cfe6f2'), ellipse(0, 0, 10, 7, '#3b2c1a')].join('') +
        rect(-4, -7, 3.4, 14, '#f2b233') +
        rect(2.5, -6.4, 3.4, 13, '#f2b233'),
      `translate(100 ${top + 49}) rotate(${paint.between(2, -20, 20)})`,
    ),
    circle(150, 60, 3, '#3b2c1a'),
    line('M150 60 q-14 12 -8 26', '#3b2c1a', 1.4, { 'stroke-dasharray': '2 5' }),
  ].join('');
};

export const pantry: Readonly<Record<string, Drawing>> = { Coffee: coffee, Tea: tea, Honey: honey };
