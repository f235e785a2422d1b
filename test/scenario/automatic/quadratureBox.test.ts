import { describe, expect, it } from 'vitest';
import { fromRows } from '../../../src/core/batch.ts';
import { harmonic } from '../../../src/md/potentials/harmonic.ts';
import { quadratureBox } from '../../../src/scenario/automatic/quadratureBox.ts';

const near = [
  fromRows([
    [-0.1, 4.9],
    [0.1, 5.1],
  ]),
];

describe('quadratureBox', () => {
  it('grows from a few samples until U is 30 kT high on every edge, and not far beyond', () => {
    const potential = harmonic({ stiffness: [1, 100], center: [0, 5] });
    const box = quadratureBox(potential, near, 0, 2);
    if (box === undefined) throw new Error('no box');
    // ½ k x² = 60 at x = √120 and √1.2.
    for (const [i, edge] of [
      [0, Math.sqrt(120)],
      [1, Math.sqrt(1.2)],
    ]) {
      for (const side of [0, 1]) {
        const distance = Math.abs(box[i][side] - 5 * i);
        expect(distance).toBeGreaterThanOrEqual(edge);
        expect(distance).toBeLessThan(2 * edge);
      }
    }
  });

  it('is none where U does not rise, or where no integral could be done', () => {
    expect(quadratureBox(harmonic({ stiffness: [1, 0] }), near, 0, 1)).toBe(undefined);
    const three = [
      fromRows([
        [0, 0, 0],
        [1, 1, 1],
      ]),
    ];
    expect(quadratureBox(harmonic({ stiffness: [1, 1, 1] }), three, 0, 1)).toBe(undefined);
  });
});
