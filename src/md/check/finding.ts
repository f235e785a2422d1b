/** What `checkPotential` looks at, each named for the property that a sound potential has. */
export type FindingName =
  | 'evaluates'
  | 'argument untouched'
  | 'results not shared'
  | 'repeatable'
  | 'without memory'
  | 'rows independent'
  | 'one energy'
  | 'finite at temperature'
  | 'gradient'
  | 'precision'
  | 'continuous energy'
  | 'continuous force'
  | 'smooth force'
  | 'translation'
  | 'rotation'
  | 'permutation'
  | 'energy conservation'
  | 'confined'
  | 'minima'
  | 'barrier'
  | 'time step'
  | 'speed';

/** `failed` makes results wrong, `warned` makes them dear or needs a decision, `passed` is sound. */
export type FindingStatus = 'passed' | 'warned' | 'failed';

/** One thing that was looked at: what was found, in words and in numbers. */
export interface Finding {
  readonly name: FindingName;
  readonly status: FindingStatus;
  /** One or two sentences for a person. */
  readonly message: string;
  /** The numbers behind it, by name; units are the potential's own. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A finding with its figures, none by default. */
export function finding(
  name: FindingName,
  status: FindingStatus,
  message: string,
  figures: Readonly<Record<string, number>> = {},
): Finding {
  return { name, status, message, figures };
}

/** To `digits` significant digits, without trailing zeros. */
export function shown(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}
