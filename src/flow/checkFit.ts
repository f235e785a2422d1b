import type { FitSpec, TrainingStage } from './fit.ts';
import type { Schedule } from './schedule.ts';

/** @throws {RangeError} naming everything in `spec` that cannot be trained with. */
export function checkFit(spec: FitSpec): void {
  const problems: string[] = [];
  const expect = (holds: boolean, path: string, expected: string, found: unknown): void => {
    if (!holds) problems.push(`"${path}" expected ${expected}, got ${String(found)}`);
  };
  const { data, heldOut, stages } = spec;
  const { dim } = spec.model.bijector;
  expect(data.dim === dim, 'data', `${dim} coordinates`, data.dim);
  expect(heldOut.dim === dim, 'heldOut', `${dim} coordinates`, heldOut.dim);
  expect(spec.clipNorm > 0, 'clipNorm', 'a positive number', spec.clipNorm);
  expect(spec.symmetries?.length !== 0, 'symmetries', 'at least one map', 'none');
  const bad = data.data.findIndex((value) => !Number.isFinite(value));
  expect(bad === -1, `data[${Math.floor(bad / dim)}]`, 'finite coordinates', data.data[bad]);
  stages.forEach((stage, n) => {
    checkStage(spec, stage, (holds, name, expected, found) =>
      expect(holds, `stages[${n}].${name}`, expected, found),
    );
  });
  if (problems.length > 0) throw new RangeError(`fit: ${problems.join('; ')}`);
}

function checkStage(
  spec: FitSpec,
  stage: TrainingStage,
  expect: (holds: boolean, name: string, expected: string, found: unknown) => void,
): void {
  const whole = (value: number, least: number): boolean =>
    Number.isInteger(value) && value >= least;
  const atLeastZero = (schedule: Schedule): boolean =>
    ends(schedule).every((value) => value >= 0 && value < Infinity);
  const used = (schedule: Schedule): boolean => ends(schedule).some((value) => value > 0);
  const { exampleBatch, energyBatch, weights, energyCap, earlyStop } = stage;

  expect(whole(stage.steps, 1), 'steps', 'an integer of at least 1', stage.steps);
  expect(whole(exampleBatch, 0), 'exampleBatch', 'an integer of at least 0', exampleBatch);
  expect(whole(energyBatch, 0), 'energyBatch', 'an integer of at least 0', energyBatch);
  expect(exampleBatch + energyBatch > 0, 'exampleBatch', 'a batch of either kind', 'none');
  expect(exampleBatch === 0 || spec.data.count > 0, 'exampleBatch', '0 without data', exampleBatch);
  expect(
    ends(stage.learningRate).every((rate) => rate >= 0 && rate < Infinity),
    'learningRate',
    'rates of at least 0',
    ends(stage.learningRate),
  );
  for (const [name, schedule] of Object.entries(weights)) {
    expect(atLeastZero(schedule), `weights.${name}`, 'weights of at least 0', ends(schedule));
  }
  if (energyBatch > 0) {
    const { bijector } = spec.model;
    expect(
      bijector.forwardOnTensors !== false,
      'energyBatch',
      `0 for ${bijector.name}, which is trained by example only`,
      energyBatch,
    );
    expect(spec.reducedEnergy !== undefined, 'energyBatch', '0 without an energy', energyBatch);
    expect(energyCap.high < energyCap.max, 'energyCap', 'high < max', [
      energyCap.high,
      energyCap.max,
    ]);
    const { temperatures } = stage;
    expect(
      temperatures.length > 0 && temperatures.every((tau) => tau > 0 && tau < Infinity),
      'temperatures',
      'positive numbers',
      temperatures,
    );
    expect(
      spec.reactionCoordinate !== undefined || !used(weights.reactionCoordinate),
      'weights.reactionCoordinate',
      '0 without a reaction coordinate',
      ends(weights.reactionCoordinate),
    );
  }
  if (earlyStop !== undefined) {
    expect(
      whole(earlyStop.every, 1),
      'earlyStop.every',
      'an integer of at least 1',
      earlyStop.every,
    );
    expect(
      whole(earlyStop.patience, 1),
      'earlyStop.patience',
      'an integer of at least 1',
      earlyStop.patience,
    );
    expect(spec.heldOut.count > 0, 'earlyStop', 'held-out data', 'none');
  }
}

function ends(schedule: Schedule): number[] {
  return typeof schedule === 'number' ? [schedule] : [schedule.from, schedule.to];
}
