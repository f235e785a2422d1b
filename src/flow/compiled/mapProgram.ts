import type { MapFunction } from '../stepper.ts';
import { type ElementType, nameOf, newGraph } from './graph.ts';
import type { ParameterLayout } from './parameterLayout.ts';
import type { GraphCall, GraphRuntime } from './runtime.ts';
import { savedModel } from './savedModel.ts';
import { trace } from './trace.ts';

/** A map compiled for inputs of given shapes; its weights are fed, so any trainer's will do. */
export interface MapProgram {
  /** The vector of weights, then the inputs, to the outputs. */
  readonly call: GraphCall;
  readonly outputTypes: readonly ElementType[];
  dispose(): void;
}

/** @throws {TraceError} where the map cannot be traced. @throws {GraphRuntimeError} from `runtime`. */
export function mapProgram(
  map: MapFunction,
  layout: ParameterLayout,
  shapes: readonly (readonly number[])[],
  runtime: GraphRuntime,
): MapProgram {
  const graph = newGraph('float32');
  const vector = graph.placeholder('float32', [layout.length]);
  const inputs = shapes.map((shape) => graph.placeholder('float32', shape));
  const parameters = layout.splitIn(graph, vector);
  const outputs = trace(graph, [...parameters, ...inputs], ({ tensors, valueBehind }) =>
    map(tensors.slice(0, parameters.length), tensors.slice(parameters.length)).map(valueBehind),
  );
  const session = runtime.load(savedModel([vector, ...inputs, ...outputs]));
  return {
    call: session.prepare([vector, ...inputs].map(nameOf), outputs.map(nameOf)),
    outputTypes: outputs.map((output) => output.type),
    dispose: session.dispose,
  };
}
