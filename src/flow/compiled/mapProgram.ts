import type { MapFunction } from '../stepper.ts';
import { nameOf, newGraph } from './graph.ts';
import type { ParameterLayout } from './parameterLayout.ts';
import type { GraphCall, GraphRuntime } from './runtime.ts';
import { savedModel } from './savedModel.ts';
import { shardRows } from './shardRows.ts';
import { trace } from './trace.ts';
import { after } from './variables.ts';

/** A map compiled for inputs of given shapes; its weights are fed, so any trainer's will do. */
export interface MapProgram {
  /** The vector of weights, then the inputs, to the outputs. */
  readonly call: GraphCall;
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
  // A map may return one of its inputs, which a session refuses to feed and fetch at once.
  const results = shardRows(graph, outputs, inputs).map((output) => after(graph, output, []));
  const session = runtime.load(savedModel([vector, ...inputs, ...results]));
  return {
    call: session.prepare([vector, ...inputs].map(nameOf), results.map(nameOf)),
    dispose: session.dispose,
  };
}
