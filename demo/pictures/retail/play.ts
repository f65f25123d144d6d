import { circle, type Drawing, ellipse, group, line, path, rect, times } from '../paint.ts';

const teddy: Drawing = (paint) => {
  const ears = paint.between(1, 12, 17);
  return [
    circle(72, 58, ears, paint.dark),
    circle(128, 58, ears, paint.dark),
    ellipse(100, 134, 40, 36, paint.main),
    ellipse(100, 138, 25, 23, paint.pale),
    circle(64, 126, 14, paint.main),
    circle(136, 126, 14, paint.main),
    circle(74, 160, 15, paint.dark),
    circle(126, 160, 15, paint.dark),
    circle(100, 80, 38, paint.surface),
    ellipse(100, 92, 17, 13, paint.pale),
    circle(86, 74, 4.5, '#2b2320'),
    circle(114, 74, 4.5, '#2b2320'),
    ellipse(100, 87, 6, 4, '#2b2320'),
    line('M92 95 q8 7 16 0', '#2b2320', 2.4),
    path('M100 118 l-18 -9 v18 z M100 118 l18 -9 v18 z', paint.accent),
  ].join('');
};

const kite: Drawing = (paint) => {
  const turn = paint.between(1, 12, 38);
  const sail = [
    path('M0 -62 L42 -10 L0 66 L-42 -10 z', paint.surface),
    path('M0 -62 L42 -10 H0 z M0 66 L-42 -10 H0 z', paint.dark, { opacity: 0.45 }),
    line('M0 -62 V66 M-42 -10 H42', paint.dark, 3),
  ].join('');
  return [
    ellipse(52, 62, 24, 10, '#ffffff', { opacity: 0.7 }),
    ellipse(150, 148, 22, 9, '#ffffff', { opacity: 0.7 }),
    group(sail, `translate(108 86) rotate(${turn})`),
    line('M82 144 q-26 4 -24 16 t-24 10', paint.dark, 2.4),
    times(3, (n) => path(`M${70 - 16 * n} ${148 + 8 * n} l-8 -7 v12 z l8 -6 v12 z`, paint.accent)),
  ].join('');
};

const robot: Drawing = (paint) => {
  const head = paint.between(1, 26, 36);
  return [
    line('M100 52 V36', paint.dark, 4),
    circle(100, 33, 6, paint.accent),
    rect(100 - head, 50, 2 * head, 42, paint.main, 10),
    circle(88, 68, 7, '#fffbe8'),
    circle(112, 68, 7, '#fffbe8'),
    circle(89, 69, 3, '#2b2320'),
    circle(113, 69, 3, '#2b2320'),
    line('M90 83 h20', '#2b2320', 3, { 'stroke-dasharray': '3 5' }),
    rect(64, 97, 72, 54, paint.surface, 9),
    rect(46, 102, 14, 38, paint.dark, 7),
    rect(140, 102, 14, 38, paint.dark, 7),
    circle(84, 122, 8, paint.pale),
    line('M84 122 l4 -4', '#c0392b', 2.4),
    rect(102, 114, 22, 5, paint.accent, 2),
    rect(102, 124, 16, 5, paint.pale, 2),
    rect(74, 151, 16, 17, paint.dark, 4),
    rect(110, 151, 16, 17, paint.dark, 4),
  ].join('');
};

const pieceOutline = 'M0 0 h16 q-4 -14 6 -14 t6 14 h16 v16 q14 -4 14 6 t-14 6 v16 h-44 v-16 q14 4 14 -6 t-14 -6 z';

const puzzle: Drawing = (paint) => {
  const piece = (fill: string, x: number, y: number, turn: number) =>
    group(path(pieceOutline, fill, { stroke: '#ffffff', 'stroke-width': 2 }), `translate(${x} ${y}) rotate(${turn})`);
  return [
    piece(paint.surface, 54, 74, 0),
    piece(paint.dark, 54, 118, 0),
    piece(paint.accent, 98, 118, 0),
    piece(paint.light, 112, 62, paint.between(1, 8, 30)),
  ].join('');
};

export const play: Readonly<Record<string, Drawing>> = { Teddies: teddy, Kites: kite, Robots: robot, Puzzles: puzzle };
