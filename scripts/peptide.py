"""A peptide from its sequence and its torsions, with the ideal bond lengths and angles of the force field.

Each atom is placed from three placed before it (a Z-matrix): its bond length and angle are the force
field's own equilibrium values, and its torsion is the φ, ψ or χ that is asked for, 0 inside a ring, else
180 degrees; further atoms of the same centre follow at ±120 degrees, or at 180 around a flat one.
`molecules.py` minimises what comes out; the tests of its data look at the chirality of every centre.
"""

import math

import numpy as np
import openmm as mm
from openmm import app, unit

# The torsions by name: the atoms that follow one another along them.
PATHS = {
    ("C", "N", "CA", "C"): "phi",
    ("N", "CA", "C", "N"): "psi",
    ("N", "CA", "CB"): "chi1",
    ("CA", "CB", "CG"): "chi2",
    ("CB", "CG", "CD"): "chi3",
}


class Peptide:
    """Topology of the residues, charged at both ends, and `positions` of it by a system's parameters."""

    def __init__(self, residues):
        forcefield = app.ForceField("amber99sbildn.xml")
        self.topology = app.Topology()
        chain = self.topology.addChain("A")
        last = None
        for number, name in enumerate(residues):
            prefix = "N" if number == 0 else "C" if number == len(residues) - 1 else ""
            template = forcefield._templates[prefix + name]
            residue = self.topology.addResidue(name, chain, str(number + 1))
            atoms = [self.topology.addAtom(a.name, a.element, residue) for a in template.atoms]
            for i, j in template.bonds:
                self.topology.addBond(atoms[i], atoms[j])
            by_name = {a.name: a for a in atoms}
            if last is not None:
                self.topology.addBond(last["C"], by_name["N"])
            last = by_name

    def positions(self, system, torsions):
        """`torsions` has a dictionary for each residue: phi, psi, chi1 … in degrees, 180 where missing."""
        atoms = list(self.topology.atoms())
        neighbours = [[] for _ in atoms]
        for p, q in self.topology.bonds():
            neighbours[p.index].append(q.index)
            neighbours[q.index].append(p.index)
        length, angle = equilibrium(system)
        heavy_first = [
            sorted(n, key=lambda i: (atoms[i].element.symbol == "H", rank(atoms[i]), i)) for n in neighbours
        ]
        x = np.full((len(atoms), 3), np.nan)
        first = next(a.index for a in atoms if a.name == "N")
        second = next(i for i in heavy_first[first] if atoms[i].name == "CA")
        third = next(i for i in heavy_first[second] if atoms[i].name == "C")
        x[first] = 0
        x[second] = [length[first, second], 0, 0]
        bend, arm = angle[first, second, third], length[second, third]
        x[third] = [x[second][0] - arm * math.cos(bend), arm * math.sin(bend), 0]
        queue = [first, second, third]
        for centre in queue:
            placed = [i for i in heavy_first[centre] if not np.isnan(x[i][0])]
            near = placed[0]
            far = next(i for i in heavy_first[near] if i != centre and not np.isnan(x[i][0]))
            # The torsion of a placed neighbour of the centre about the bond centre–near, if there is one.
            known = [(i, torsion(x[far], x[near], x[centre], x[i])) for i in placed[1:]]
            children = [i for i in heavy_first[centre] if np.isnan(x[i][0])]
            flat = len(neighbours[centre]) == 3
            for child in children:
                if not known:
                    turn = self.first_torsion((far, near, centre, child), neighbours, torsions)
                elif flat:
                    turn = known[0][1] + math.pi
                else:
                    # Which gives L at CA, and (R) at CB of threonine, whose oxygen comes first.
                    turn = known[0][1] + (-1 if len(known) == 1 else 1) * 2 * math.pi / 3
                known.append((child, turn))
                x[child] = place(x[far], x[near], x[centre], length[centre, child], angle[near, centre, child], turn)
                queue.append(child)
        return x

    def first_torsion(self, path, neighbours, torsions):
        atoms = list(self.topology.atoms())
        names = tuple(atoms[i].name for i in path)
        asked = PATHS.get(names) or (PATHS.get(names[:3]) if atoms[path[3]].element.symbol != "H" else None)
        given = torsions[atoms[path[2]].residue.index]
        if asked in given:
            return math.radians(given[asked])
        return 0.0 if in_one_ring(set(path), neighbours) else math.pi


def rank(atom):
    """Backbone first, then what χ is measured to: these torsions are set, and those of their siblings follow."""
    return {"N": 0, "CA": 1, "C": 2, "OG1": 3}.get(atom.name, 4)


def equilibrium(system):
    length, angle = {}, {}
    for force in system.getForces():
        if isinstance(force, mm.HarmonicBondForce):
            for i in range(force.getNumBonds()):
                p, q, r, _ = force.getBondParameters(i)
                length[p, q] = length[q, p] = r.value_in_unit(unit.nanometer)
        if isinstance(force, mm.HarmonicAngleForce):
            for i in range(force.getNumAngles()):
                p, q, r, theta, _ = force.getAngleParameters(i)
                angle[p, q, r] = angle[r, q, p] = theta.value_in_unit(unit.radian)
    return length, angle


def in_one_ring(four, neighbours):
    """Whether a ring of five or six atoms holds all four."""

    def walk(path):
        if len(path) > 6:
            return False
        return any(
            (i == path[0] and len(path) > 4 and four <= set(path)) or (i not in path and walk([*path, i]))
            for i in neighbours[path[-1]]
        )

    return walk([min(four)])


def place(a, b, c, length, angle, turn):
    axis = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, axis)
    normal /= np.linalg.norm(normal)
    across = np.cross(normal, axis)
    return c + length * (
        -math.cos(angle) * axis + math.sin(angle) * (math.cos(turn) * across + math.sin(turn) * normal)
    )


def torsion(a, b, c, d):
    first, axis, last = b - a, c - b, d - c
    n0, n1 = np.cross(first, axis), np.cross(axis, last)
    return math.atan2(np.linalg.norm(axis) * np.dot(first, n1), np.dot(n0, n1))
