import { inflateSync, strFromU8 } from 'fflate';
import type { BornModel } from '../term.ts';

/** Numbers of which many are equal: entry k is `values[at[k]]`. */
export interface NumberTable {
  readonly values: readonly number[];
  readonly at: readonly number[];
}

/** A molecule as `scripts/molecules.py` writes it; arrays as those of `Term`, in the same units. */
export interface PackedMolecule<State extends string> {
  readonly name: string;
  readonly atoms: readonly string[];
  readonly elements: readonly string[];
  readonly residueOf: readonly number[];
  /** Name, number and chain. */
  readonly residues: readonly (readonly [string, number, string])[];
  readonly bonded: readonly number[];
  readonly masses: NumberTable;
  readonly bonds: {
    readonly atoms: readonly number[];
    readonly length: NumberTable;
    readonly forceConstant: NumberTable;
  };
  readonly angles: {
    readonly atoms: readonly number[];
    readonly angle: NumberTable;
    readonly forceConstant: NumberTable;
  };
  readonly torsions: {
    readonly atoms: readonly number[];
    readonly periodicity: NumberTable;
    readonly phase: NumberTable;
    readonly forceConstant: NumberTable;
  };
  readonly charge: NumberTable;
  readonly sigma: NumberTable;
  readonly epsilon: NumberTable;
  readonly exceptions: {
    readonly atoms: readonly number[];
    readonly chargeProduct: NumberTable;
    readonly sigma: NumberTable;
    readonly epsilon: NumberTable;
  };
  readonly born: Readonly<
    Record<
      BornModel,
      {
        readonly solventDielectric: number;
        readonly radius: NumberTable;
        readonly screen: NumberTable;
        readonly rescaling?: NumberTable;
      }
    >
  >;
  /** Positions, `[3N]`, in units of 1e-5 nm. */
  readonly starts: Readonly<Record<State, readonly number[]>>;
}

/**
 * The molecule in one of the generated `*.data.ts`: JSON, deflated (RFC 1951), in base64.
 *
 * Python and JavaScript write doubles as the shortest decimals that read back the same, so every
 * parameter here is OpenMM's to the last bit.
 * @typeParam State the names of the starts; nothing checks them but the script that wrote the file.
 */
export function unpackMolecule<State extends string>(base64: string): PackedMolecule<State> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  // The generated file is the other half of this type.
  return JSON.parse(strFromU8(inflateSync(bytes))) as PackedMolecule<State>;
}

/** The numbers of a table, one an entry. */
export function expandTable({ values, at }: NumberTable): Float64Array {
  return Float64Array.from(at, (index) => values[index]);
}
