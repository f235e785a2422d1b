import type { GraphRuntime } from '../../../src/flow/compiled/runtime.ts';
import { chooseBackend, tensorflowBinding } from '../../../src/io/backend.ts';
import { graphRuntime, type TensorflowBinding } from '../../../src/io/graphRuntime.ts';

/** Native TensorFlow, which compiled flows run on. */
export interface Native {
  readonly binding: TensorflowBinding;
  readonly runtime: GraphRuntime;
}

/** Native TensorFlow where it is installed; elsewhere undefined, with a word about what is missed. */
export async function nativeTensorflow(): Promise<Native | undefined> {
  const backend = await chooseBackend();
  const binding = tensorflowBinding();
  if (binding === undefined) {
    console.warn(`SKIPPED: tests of compiled flows need native TensorFlow. ${backend.faster}`);
    return undefined;
  }
  return { binding, runtime: graphRuntime(binding) };
}

/** For the body of a suite that is skipped where `native` is undefined. */
export function given(native: Native | undefined): Native {
  if (native === undefined) throw new Error('the suite should have been skipped');
  return native;
}
