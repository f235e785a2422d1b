import { ErgoflowError } from '../core/errors.ts';

/** A description of a flow is not one: an unknown kind, or a setting that is missing or wrong. */
export class ArchitectureError extends ErgoflowError {
  override name = 'ArchitectureError' as const;
  /** Where in the description: `parts[1].dim`. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`architecture${path === '' ? '' : `, ${path}`}: ${message}`, options);
    this.path = path;
  }
}

/** Bytes are not a safetensors file, or not one of a flow. */
export class ModelFileError extends ErgoflowError {
  override name = 'ModelFileError' as const;
}

/** A flow was to be run in a direction that it does not have on tensors. */
export class OneWayError extends ErgoflowError {
  override name = 'OneWayError' as const;
}
