import { ErgoflowError, type Issue } from '../core/errors.ts';
import type { Symmetry } from '../flow/augmented.ts';
import { symmetryGroup } from '../flow/symmetryGroup.ts';
import { isRecord } from './scenarioSchema.ts';

/** A flow is averaged over symmetries that are there, and that are a group of rigid maps. */
export function symmetryIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['flow']) || input['flow']['symmetrised'] !== true) {
    return [];
  }
  const training = isRecord(input['training']) ? input['training'] : {};
  const path = 'training.symmetries';
  const { symmetries } = training;
  if (symmetries === undefined) {
    return [
      { path, message: 'expected the maps that `flow.symmetrised` averages over, got nothing' },
    ];
  }
  const dim = isRecord(input['potential']) ? input['potential']['dim'] : undefined;
  if (!isMaps(symmetries) || typeof dim !== 'number') return [];
  try {
    symmetryGroup(symmetries, dim);
    return [];
  } catch (error) {
    if (error instanceof ErgoflowError) return [{ path, message: error.message }];
    throw error;
  }
}

function isMaps(value: unknown): value is readonly Symmetry[] {
  return (
    Array.isArray(value) &&
    value.every((map) => isRecord(map) && typeof map['apply'] === 'function')
  );
}
