import { row } from '../../core/batch.ts';
import { float64, int32 } from '../../hybrid/dataset.ts';
import type { Plan } from '../../hybrid/plan.ts';
import type { ProductionMeta } from '../../hybrid/producing.ts';
import type { ParticlePictures } from '../../scenario/scenario.ts';
import type { ParticleFrame, ParticleMove, ParticlePicturesData, Point } from '../reportData.ts';
import { rounded } from './rounded.ts';
import { localRecords, type Recorded, weightyDraws } from './stateRecords.ts';

/** Moves between different pairs of states, and states, that a figure has room for. */
const MOST_MOVES = 2;
const MOST_STATES = 4;

/**
 * Configurations of particles in the plane: before and after a flow move that changed the state, and in each
 * state a record of a local move beside a draw of the flow.
 *
 * Nothing is selected for its looks: of all that fits, the middle one in the order of the run is taken. Only
 * what is drawn is read. Null in another space than the plane, and without a diameter.
 */
export function particlePictures(
  plan: Pick<Plan, 'states' | 'identicalParticles'>,
  { diameter, walls }: ParticlePictures,
  production: Recorded,
  draws: Recorded | undefined,
): ParticlePicturesData | null {
  const { states, identicalParticles: labels } = plan;
  if (labels?.space !== 2 || diameter === undefined) return null;
  const shown = states.slice(0, MOST_STATES);
  return {
    diameter,
    walls: walls === undefined ? null : [point(walls[0]), point(walls[1])],
    kinds: labels.kinds,
    moves: statesChanged(states, production),
    pairs: shown.map(({ name }, s) => ({
      state: name,
      local: middle(production, localRecords(production, s)),
      drawn: draws === undefined ? null : middle(draws, weightyDraws(draws, s)),
    })),
  };
}

function point([from, to]: readonly [number, number]): Point {
  return [from, to];
}

/** Flow moves that led from one state to another, one for each of the first pairs of states. */
function statesChanged(states: Plan['states'], production: Recorded): ParticleMove[] {
  const { artifact, records } = production;
  const { chains, isFlowMove } = artifact.meta as ProductionMeta;
  const labels = int32(artifact, 'states');
  const found = new Map<string, number[]>();
  // The record before the first step is not kept.
  for (let after = chains; after < labels.length; after++) {
    if (!isFlowMove[Math.floor(after / chains) % isFlowMove.length]) continue;
    const [from, to] = [labels[after - chains], labels[after]];
    if (from < 0 || to < 0 || from === to) continue;
    const pair = `${from} ${to}`;
    found.set(pair, [...(found.get(pair) ?? []), after]);
  }
  return [...found.keys()]
    .sort()
    .slice(0, MOST_MOVES)
    .map((pair) => {
      const own = found.get(pair) ?? [];
      const at = own[Math.floor(own.length / 2)];
      const [before, after] = [at - chains, at].map((i) => row(records.rows(i, i + 1), 0));
      const squares = before.reduce((sum, x, i) => sum + (after[i] - x) ** 2, 0);
      return {
        from: states[labels[at - chains]].name,
        to: states[labels[at]].name,
        before: frame(production, at - chains),
        after: frame(production, at),
        moved: rounded(Math.sqrt(squares / (records.dim / 2)), 3),
      };
    });
}

function middle(recorded: Recorded, indices: readonly number[]): ParticleFrame | null {
  return indices.length === 0 ? null : frame(recorded, indices[Math.floor(indices.length / 2)]);
}

function frame({ artifact, records }: Recorded, index: number): ParticleFrame {
  return {
    positions: Array.from(row(records.rows(index, index + 1), 0), (x) => rounded(x)),
    coordinate: rounded(float64(artifact, 'coordinate')[index], 4),
  };
}
