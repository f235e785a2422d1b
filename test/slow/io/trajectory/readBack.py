"""Reads a trajectory with mdtraj and with MDAnalysis and prints what each found, as JSON.

    /usr/bin/python3 readBack.py <trajectory> [<topology.pdb>]

Positions come in ångström, in full for the first three frames and the last; times in ps.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
import mdtraj
import MDAnalysis
import numpy as np


def some(frames):
    return [np.asarray(f, dtype=float).ravel().tolist() for f in (*frames[:3], frames[-1])]


def with_mdtraj(path, top):
    t = mdtraj.load(path, **({"top": top} if top and not path.endswith((".h5", ".pdb")) else {}))
    cell = None
    if t.unitcell_lengths is not None:
        cell = [*(10 * t.unitcell_lengths[0]).tolist(), *t.unitcell_angles[0].tolist()]
    return {
        "frames": t.n_frames,
        "positions": some(10 * t.xyz.astype(np.float64)),
        "cell": cell,
        "times": t.time.tolist(),
        "names": [a.name for a in t.topology.atoms],
        "elements": [a.element.symbol if a.element is not None else "" for a in t.topology.atoms],
        "residues": [f"{r.name}{r.resSeq}" for r in t.topology.residues],
        "chains": t.topology.n_chains,
        "bonds": sorted(sorted((a.index, b.index)) for a, b in t.topology.bonds),
    }


def with_mdanalysis(path, top):
    if path.endswith(".h5"):
        return None
    u = MDAnalysis.Universe(*([top, path] if top and not path.endswith((".pdb", ".xyz")) else [path]))
    steps = [(ts.positions.copy(), ts.time, ts.dimensions) for ts in u.trajectory]
    cell = steps[0][2]
    return {
        "frames": len(steps),
        "positions": some([s[0] for s in steps]),
        "cell": None if cell is None or not cell.any() else cell.tolist(),
        "times": [float(s[1]) for s in steps],
        "names": u.atoms.names.tolist(),
        "elements": u.atoms.elements.tolist() if hasattr(u.atoms, "elements") else None,
        "residues": [f"{r.resname}{r.resid}" for r in u.residues] if hasattr(u.residues, "resnames") else None,
        "chains": None,
        "bonds": sorted(sorted(map(int, b.indices)) for b in u.bonds) if hasattr(u, "bonds") else None,
    }


path, top = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else None)
found = {"mdtraj": with_mdtraj(path, top), "MDAnalysis": with_mdanalysis(path, top)}
json.dump(found, sys.stdout)
