/** A figure with its standard error, in the figure's own unit. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}
