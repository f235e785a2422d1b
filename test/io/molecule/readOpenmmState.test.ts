import { describe, expect, it } from 'vitest';
import { readOpenmmState } from '../../../src/io/molecule/readOpenmmState.ts';
import { ofSystem, same } from './complaint.ts';

const state = (inside: string): string =>
  `<?xml version="1.0" ?>
<State openmmVersion="7.7" stepCount="0" time="0" type="State" version="1">
\t<PeriodicBoxVectors><A x="2" y="0" z="0"/><B x="0" y="2.5" z="0"/><C x="0" y="0" z="3"/></PeriodicBoxVectors>
${inside}
</State>`;
const positions =
  '<Positions><Position x="1" y="2" z=".5"/><Position x="3" y="4" z="-1e-3"/></Positions>';

describe('a State of OpenMM', () => {
  it('has positions, velocities where there are any, and a box, in our units', () => {
    const velocities =
      '<Velocities><Velocity x="1" y="0" z="0"/><Velocity x="0" y="2" z="0"/></Velocities>';
    const read = readOpenmmState(state(positions + velocities), 'a.xml');
    expect(read.frames).toEqual([Float64Array.of(1, 2, 0.5, 3, 4, -0.001)]);
    expect(read.velocities).toEqual(Float64Array.of(1, 0, 0, 0, 2, 0));
    expect(read.box).toEqual([2, 2.5, 3]);
    expect(readOpenmmState(state(positions), 'a.xml').velocities).toBeUndefined();
  });

  it('without positions, or with fewer velocities, is refused', () => {
    expect(() => readOpenmmState(state(''), 'a.xml')).toThrow(/line 2: <State> has no positions/);
    const fewer = `${positions}<Velocities><Velocity x="1" y="0" z="0"/></Velocities>`;
    expect(() => readOpenmmState(state(fewer), 'a.xml')).toThrow(
      'has 2 positions and 1 velocities',
    );
  });

  it('is no topology', () => {
    expect(ofSystem(same)).toBe('nothing');
    expect(ofSystem(() => state(positions))).toContain('is a State of OpenMM: a structure without');
  });
});
