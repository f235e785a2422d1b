import * as tf from '@tensorflow/tfjs-core';
import type { Graph, Value } from './graph.ts';
import {
  infoOf,
  type Recording,
  record,
  recording,
  TRACE_BACKEND,
  traceBackend,
  valueBehind,
} from './traceBackend.ts';
import { TraceError } from './traceError.ts';

/** What traced code works with: stand-ins for its inputs, and a way to name a result. */
export interface Tracing {
  /** The tensors that stand for the inputs, in their order. */
  readonly tensors: readonly tf.Tensor[];
  /** What a tensor stands for; to be asked while the tensor lives. */
  valueBehind(tensor: tf.Tensor): Value;
}

/**
 * Runs ordinary tfjs code once with stand-ins for `inputs`, and records into `graph` what it would
 * have computed. Gradients are recorded as all else is, since tfjs makes them of kernels too.
 *
 * Numbers that the code makes itself become constants; those made by `constant` keep their digits
 * where the graph's reals are float64. Branches and loops are those of this one run. The backend that
 * was active before is active again afterwards, whatever happens.
 *
 * @throws {TraceError} where the code reads a tensor's numbers or uses a kernel that has no rule.
 */
export function trace<Result>(
  graph: Graph,
  inputs: readonly Value[],
  code: (tracing: Tracing) => Result,
): Result {
  if (recording() !== undefined) throw new TraceError('a trace cannot start inside a trace');
  const engine = tf.engine();
  const previous = engine.backendName;
  const into: Recording = { graph, values: new Map() };
  tf.registerBackend(TRACE_BACKEND, () => traceBackend(into), 0);
  record(into);
  // Takes effect at once for a backend that is made synchronously; the promise is a formality.
  void engine.setBackend(TRACE_BACKEND);
  engine.startScope(TRACE_BACKEND);
  try {
    return code({
      tensors: inputs.map((value) => engine.makeTensorFromTensorInfo(infoOf(into, value))),
      valueBehind: (tensor) => valueBehind(into, tensor),
    });
  } catch (cause) {
    throw explained(cause);
  } finally {
    engine.endScope();
    record(undefined);
    tf.removeBackend(TRACE_BACKEND);
    if (previous) void engine.setBackend(previous);
  }
}

/** The same failure with the kernel's name and the place of the call, where a kernel is missing. */
function explained(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const kernel = /Kernel '(\w+)' not registered for backend 'ergoflow-trace'/.exec(
    cause.message,
  )?.[1];
  if (kernel === undefined) return cause;
  return new TraceError(
    `the tfjs kernel ${kernel} cannot be compiled; it was called ${callerOf(cause)}`,
    { cause },
  );
}

/** The innermost line of a stack that is neither tfjs's nor the tracer's. */
function callerOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = /node_modules|\/compiled\/(trace|traceBackend)\.[jt]s|node:internal/;
  return lines.find((line) => !own.test(line))?.trim() ?? 'at an unknown place';
}
