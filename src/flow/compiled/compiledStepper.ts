import { ShapeError } from '../../core/errors.ts';
import type { Input, Stepper, StepperSpec, StepperState, StepReport } from '../stepper.ts';
import { sizeOf } from './graph.ts';
import { type MapProgram, mapProgram } from './mapProgram.ts';
import { parameterLayout } from './parameterLayout.ts';
import { placed, placedScalar, taken, withResidents } from './residents.ts';
import type { GraphRuntime, Resident } from './runtime.ts';
import { type StepProgram, stepProgram } from './stepProgram.ts';

/**
 * A stepper whose every step is one call of a TensorFlow graph: loss, gradient, clipping and Adam,
 * with weights and moments inside.
 *
 * A graph belongs to the shapes of its inputs. The first step and the first evaluation at new shapes
 * compile one, which takes some tenths of a second, and keep it. State moves between graphs bit for
 * bit, so that stages with different batches are one training.
 *
 * A first call throws `TraceError` where the loss or the map cannot be traced and `GraphRuntimeError`
 * where the runtime cannot take the graph. Nothing is lost then: `state()` is what it was.
 */
export function compiledStepper(spec: StepperSpec, runtime: GraphRuntime): Stepper {
  const layout = parameterLayout(spec.shapes);
  const { beta1, beta2, epsilon } = spec.adam;
  const programs = new Map<string, StepProgram>();
  const maps = new Map<string, MapProgram>();
  /** Weights and moments before the first step and after `restore`; later `active` has them. */
  let waiting = [spec.weights, zeros(spec), zeros(spec)].map((part) => layout.join(part));
  let active: StepProgram | undefined;
  /** Weights to feed maps with, until the next step changes them. */
  let weightsNow: Resident | undefined;
  let steps = 0;

  function forgetWeights(): void {
    weightsNow?.dispose();
    weightsNow = undefined;
  }

  function stateResidents(): readonly Resident[] {
    if (active !== undefined) return active.state([]);
    return waiting.map((vector) => runtime.place(vector, [layout.length]));
  }

  function activate(inputs: readonly Input[]): StepProgram {
    const shapes = inputs.map((input) => input.shape);
    const key = JSON.stringify(shapes);
    const program = programs.get(key) ?? stepProgram(spec, layout, shapes, runtime);
    programs.set(key, program);
    if (program !== active) {
      withResidents(withResidents(stateResidents(), program.assign), () => undefined);
      active = program;
    }
    return program;
  }

  function mapFor(name: string, inputs: readonly Input[]): MapProgram {
    const map = Object.hasOwn(spec.maps, name) ? spec.maps[name] : undefined;
    if (map === undefined) {
      throw new RangeError(
        `"map" expected one of ${Object.keys(spec.maps).join(', ')}, got ${name}`,
      );
    }
    const shapes = inputs.map((input) => input.shape);
    const key = `${name} ${JSON.stringify(shapes)}`;
    const program = maps.get(key) ?? mapProgram(map, layout, shapes, runtime);
    maps.set(key, program);
    return program;
  }

  function vectors(): readonly Float32Array[] {
    return active === undefined ? waiting : taken(active.state([]));
  }

  return {
    tier: 'compiled',
    step(inputs, learningRate): StepReport {
      checkInputs(inputs);
      const program = activate(inputs);
      forgetWeights();
      const t = steps + 1;
      const secondCorrection = Math.sqrt(1 - beta2 ** t);
      const rate = (learningRate * secondCorrection) / (1 - beta1 ** t);
      const scalars = [rate, epsilon * secondCorrection].map((x) => placedScalar(runtime, x));
      const [report] = taken(withResidents([...scalars, ...placed(runtime, inputs)], program.step));
      const changed = report[report.length - 1] === 1;
      if (changed) steps = t;
      return {
        loss: report[0],
        terms: Array.from(report.subarray(1, -2)),
        gradientNorm: report[report.length - 2],
        skipped: !changed,
      };
    },
    evaluate(name, inputs) {
      checkInputs(inputs);
      const program = mapFor(name, inputs);
      weightsNow ??= active?.weights([])[0] ?? runtime.place(waiting[0], [layout.length]);
      const weights = weightsNow;
      return taken(
        withResidents(placed(runtime, inputs), (residents) =>
          program.call([weights, ...residents]),
        ),
      );
    },
    weights: () => layout.split(active === undefined ? waiting[0] : taken(active.weights([]))[0]),
    state(): StepperState {
      const [weights, firstMoments, secondMoments] = vectors().map(layout.split);
      return { weights, firstMoments, secondMoments, steps };
    },
    restore(state) {
      const { weights, firstMoments, secondMoments } = state;
      waiting = [weights, firstMoments, secondMoments].map((part) => layout.join(part));
      steps = state.steps;
      active = undefined;
      forgetWeights();
    },
    dispose() {
      forgetWeights();
      for (const program of [...programs.values(), ...maps.values()]) program.dispose();
      programs.clear();
      maps.clear();
      waiting = [];
      active = undefined;
    },
  };
}

function zeros(spec: StepperSpec): Float32Array[] {
  return spec.shapes.map((shape) => new Float32Array(sizeOf(shape)));
}

function checkInputs(inputs: readonly Input[]): void {
  inputs.forEach(({ data, shape }, i) => {
    if (data.length !== sizeOf(shape)) {
      throw new ShapeError(
        `input ${i} of shape [${shape}] expected ${sizeOf(shape)} numbers, got ${data.length}`,
      );
    }
  });
}
