import type { LoopFrame, LoopFrames } from '../expression/loopFrame.ts';

/**
 * The loops of `distanceGeometry` as source, for formulas to be put in: one pass instead of three.
 *
 * Pairs with the same first particle in a row share its position and its gradient, which stay in
 * registers. `first` and `second` hold where the coordinates of the particles start, `[pairs]`.
 */
export function distanceFrames(
  first: Int32Array,
  second: Int32Array,
  dimensions: 2 | 3,
): LoopFrames {
  const axes = ['x', 'y', 'z'].slice(0, dimensions);
  const squares = axes.map((axis) => `d${axis} * d${axis}`).join(' + ');
  const open = (row: readonly string[]): string[] => [
    'let term = 0;',
    'for (let row = 0; row < rows.length; row += 2) {',
    'const i = offset + rows[row];',
    'const end = rows[row + 1];',
    ...axes.map((axis, k) => `const ${axis}i = x[i + ${k}];`),
    ...row,
    'for (; term < end; term++) {',
    'const j = offset + second[term];',
    ...axes.map((axis, k) => `const d${axis} = ${axis}i - x[j + ${k}];`),
    `const v0 = ${squares};`,
  ];
  const energy: LoopFrame = {
    bound: { rows: rowsOf(first), second },
    parameters: ['x', 'offset'],
    open: open([]),
    close: ['}', '}'],
  };
  return {
    energy,
    gradient: {
      ...energy,
      parameters: ['x', 'offset', 'gradient'],
      open: open(axes.map((axis) => `let g${axis} = 0;`)),
      store: ([slope]) => [
        // Particles at one place have no direction to push each other.
        `const factor = v0 === 0 ? 0 : 2 * ${slope};`,
        ...axes.flatMap((axis, k) => [
          `const f${axis} = factor * d${axis};`,
          `g${axis} += f${axis};`,
          `gradient[j + ${k}] -= f${axis};`,
        ]),
      ],
      close: ['}', ...axes.map((axis, k) => `gradient[i + ${k}] += g${axis};`), '}'],
    },
  };
}

/** Where the coordinates of each first particle in a row start, and where its row of pairs ends. */
function rowsOf(first: Int32Array): Int32Array {
  const rows: number[] = [];
  first.forEach((start, term) => {
    if (term + 1 === first.length || first[term + 1] !== start) rows.push(start, term + 1);
  });
  return Int32Array.from(rows);
}
