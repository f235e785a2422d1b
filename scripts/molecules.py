"""Makes the molecules that ergoflow ships: parameters, topology and starts, and what OpenMM says of them.

    apt-get install python3-simtk
    apt-get download python-mdtraj-doc libball1.5-data     # the two structures
    for package in *.deb; do dpkg -x $package structures; done
    /usr/bin/python3 scripts/molecules.py structures
    npx biome check --write test/md/molecule/systems/openmm.json

It writes src/md/molecule/systems/*.data.ts and test/md/molecule/systems/openmm.json. The force field is
Amber ff99SB-ILDN (Lindorff-Larsen et al., Proteins 78, 1950, 2010) as in OpenMM's amber99sbildn.xml; the
implicit solvents are OBC2 with the parameters of amber99_obc.xml, and HCT, OBC1, GBn and GBn2 with
Amber's own radii (bondi, mbondi, mbondi2, mbondi3), as in OpenMM's implicit/*.xml, all with the ACE
surface term. There are no constraints. The same Debian packages give the same files: every minimisation
runs on OpenMM's Reference platform, and Python's generator, which places hydrogens, is seeded.
"""

import base64
import json
import math
import pathlib
import random
import sys
import zlib

import numpy as np
import openmm as mm
from openmm import app, unit
from openmm.app.internal import customgbforces as gb

from peptide import Peptide

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEMS = ROOT / "src/md/molecule/systems"
FIXTURE = ROOT / "test/md/molecule/systems/openmm.json"
SOLVENTS = ["vacuum", "hct", "obc1", "obc2", "gbn", "gbn2"]
FILES = {"vacuum": [], "obc2": ["amber99_obc.xml"]}
FORCES = {
    mm.HarmonicBondForce: "bonds",
    mm.HarmonicAngleForce: "angles",
    mm.PeriodicTorsionForce: "torsions",
    mm.NonbondedForce: "nonbonded",
    mm.GBSAOBCForce: "born",
    mm.CustomGBForce: "born",
}


def make_system(topology, solvent):
    files = FILES.get(solvent, [f"implicit/{solvent}.xml"])
    return app.ForceField("amber99sbildn.xml", *files).createSystem(
        topology, nonbondedMethod=app.NoCutoff, constraints=None, removeCMMotion=False
    )


def context_of(system):
    platform = mm.Platform.getPlatformByName("Reference")
    return mm.Context(system, mm.VerletIntegrator(0.001), platform)


def positions_of(context):
    state = context.getState(getPositions=True)
    return state.getPositions(asNumpy=True).value_in_unit(unit.nanometer)


def minimised(system, positions, iterations=0, tolerance=1.0):
    context = context_of(system)
    context.setPositions(positions)
    mm.LocalEnergyMinimizer.minimize(context, tolerance, iterations)
    return positions_of(context)


def rounded(positions):
    """To whole units of 1e-5 nm, which is what is shipped."""
    return [int(c) for c in np.rint(np.asarray(positions) * 1e5).ravel()]


def energies(topology, positions, with_forces):
    """Energy of each force, kJ/mol, in each solvent, at positions in units of 1e-5 nm."""
    x = np.array(positions, dtype=float).reshape(-1, 3) / 1e5
    found = {}
    for solvent in SOLVENTS:
        system = make_system(topology, solvent)
        for group, force in enumerate(system.getForces()):
            force.setForceGroup(group)
        context = context_of(system)
        context.setPositions(x)

        def energy(groups):
            state = context.getState(getEnergy=True, groups=groups)
            return state.getPotentialEnergy().value_in_unit(unit.kilojoule_per_mole)

        terms = {FORCES[type(f)]: energy(1 << g) for g, f in enumerate(system.getForces())}
        forces = context.getState(getForces=True).getForces(asNumpy=True)
        forces = forces.value_in_unit(unit.kilojoule_per_mole / unit.nanometer)
        found[solvent] = {
            "terms": terms,
            "total": energy(-1),
            "rootMeanSquareForce": float(np.sqrt(np.mean(forces**2))),
            **({"forces": forces.ravel().tolist()} if with_forces else {}),
        }
    return found


# The file: arrays of few distinct numbers as these numbers and, for each entry, which of them it is.


def table(numbers):
    values = sorted(set(numbers))
    index = {value: i for i, value in enumerate(values)}
    return {"values": values, "at": [index[number] for number in numbers]}


def born_parameters(topology):
    """Intrinsic radii (nm), screening factors, and for GBn2 α β γ, by model."""
    # The system must live as long as its forces are asked.
    system = make_system(topology, "obc2")
    obc = next(f for f in system.getForces() if type(f) is mm.GBSAOBCForce)
    rows = [obc.getParticleParameters(i) for i in range(obc.getNumParticles())]
    found = {
        "obc2": {
            "solventDielectric": obc.getSolventDielectric(),
            "radius": table([r[1].value_in_unit(unit.nanometer) for r in rows]),
            "screen": table([r[2] for r in rows]),
        }
    }
    models = {
        "hct": gb.GBSAHCTForce,
        "obc1": gb.GBSAOBC1Force,
        "gbn": gb.GBSAGBnForce,
        "gbn2": gb.GBSAGBn2Force,
    }
    for name, model in models.items():
        standard = np.asarray(model.getStandardParameters(topology))
        found[name] = {
            "solventDielectric": 78.5,
            # Ångström divided by ten: 0.11700000000000002 was meant to be 0.117.
            "radius": table([round(float(r), 9) for r in standard[:, 0]]),
            "screen": table(standard[:, 1].tolist()),
            **({"rescaling": table(standard[:, 2:].ravel().tolist())} if name == "gbn2" else {}),
        }
    return found


def packed(name, topology, starts):
    system = make_system(topology, "vacuum")
    kind = {FORCES[type(force)]: force for force in system.getForces()}
    bonds = [kind["bonds"].getBondParameters(i) for i in range(kind["bonds"].getNumBonds())]
    angles = [kind["angles"].getAngleParameters(i) for i in range(kind["angles"].getNumAngles())]
    torsions = [
        kind["torsions"].getTorsionParameters(i) for i in range(kind["torsions"].getNumTorsions())
    ]
    count = system.getNumParticles()
    particles = [kind["nonbonded"].getParticleParameters(i) for i in range(count)]
    exceptions = [
        kind["nonbonded"].getExceptionParameters(i)
        for i in range(kind["nonbonded"].getNumExceptions())
    ]

    def column(rows, place):
        md = unit.md_unit_system
        bare = [r[place] for r in rows]
        return table([v.value_in_unit_system(md) if unit.is_quantity(v) else v for v in bare])

    def atoms(rows, width):
        return [int(i) for r in rows for i in r[:width]]

    masses = [system.getParticleMass(i).value_in_unit(unit.dalton) for i in range(count)]
    return {
        "name": name,
        "atoms": [a.name for a in topology.atoms()],
        "elements": [a.element.symbol for a in topology.atoms()],
        "residueOf": [a.residue.index for a in topology.atoms()],
        "residues": [[r.name, int(r.id), r.chain.id.strip()] for r in topology.residues()],
        "bonded": [i for b in sorted(sorted((p.index, q.index)) for p, q in topology.bonds()) for i in b],
        "masses": table(masses),
        "bonds": {"atoms": atoms(bonds, 2), "length": column(bonds, 2), "forceConstant": column(bonds, 3)},
        "angles": {"atoms": atoms(angles, 3), "angle": column(angles, 3), "forceConstant": column(angles, 4)},
        "torsions": {
            "atoms": atoms(torsions, 4),
            "periodicity": column(torsions, 4),
            "phase": column(torsions, 5),
            "forceConstant": column(torsions, 6),
        },
        "charge": column(particles, 0),
        "sigma": column(particles, 1),
        "epsilon": column(particles, 2),
        "exceptions": {
            "atoms": atoms(exceptions, 2),
            "chargeProduct": column(exceptions, 2),
            "sigma": column(exceptions, 3),
            "epsilon": column(exceptions, 4),
        },
        "born": born_parameters(topology),
        "starts": starts,
    }


def write_module(file, data):
    text = json.dumps(data, separators=(",", ":"))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    code = base64.b64encode(deflate.compress(text.encode()) + deflate.flush()).decode()
    lines = [f"  '{code[i:i + 96]}'," for i in range(0, len(code), 96)]
    first = f"// Made by scripts/molecules.py; {len(text)} bytes of JSON, deflated. Do not edit."
    (SYSTEMS / file).write_text("\n".join([first, "export default [", *lines, "].join('');", ""]))
    print(f"{file}: {len(code)} bytes")


def dihedral(x, i, j, k, l):
    b0, b1, b2 = x[j] - x[i], x[k] - x[j], x[l] - x[k]
    n0, n1 = np.cross(b0, b1), np.cross(b1, b2)
    return math.atan2(np.linalg.norm(b1) * np.dot(b0, n1), np.dot(n0, n1))


# φ and ψ of the states of alanine dipeptide, degrees.
STATES = {
    "c7eq": (-80, 75),
    "c5": (-150, 155),
    "alphaR": (-70, -35),
    "alphaL": (55, 45),
    "c7ax": (65, -60),
}


def turned(topology, x, torsion, angle):
    """`x` with what is behind the bond j–k of a torsion i–j–k–l turned rigidly, until it has that angle.

    A minimiser that is pulled there by a restraint may invert a chiral centre on its way.
    """
    _, j, k, _ = torsion
    neighbours = [set() for _ in x]
    for p, q in topology.bonds():
        neighbours[p.index].add(q.index)
        neighbours[q.index].add(p.index)
    behind = {k}
    while True:
        more = set().union(*(neighbours[i] for i in behind)) - {j} | behind
        if more == behind:
            break
        behind = more
    turn = angle - dihedral(x, *torsion)
    axis = (x[k] - x[j]) / np.linalg.norm(x[k] - x[j])
    out = x.copy()
    for i in behind:
        arm = x[i] - x[k]
        out[i] = x[k] + arm * math.cos(turn) + np.cross(axis, arm) * math.sin(turn)
        out[i] += axis * np.dot(axis, arm) * (1 - math.cos(turn))
    return out


def alanine_dipeptide(pdb):
    index = {(a.residue.name, a.name): a.index for a in pdb.topology.atoms()}
    phi = [index["ACE", "C"], index["ALA", "N"], index["ALA", "CA"], index["ALA", "C"]]
    psi = [*phi[1:], index["NME", "N"]]
    native = pdb.getPositions(asNumpy=True).value_in_unit(unit.nanometer)
    starts = {}
    for name, angles in STATES.items():
        system = make_system(pdb.topology, "obc2")
        hold = mm.CustomTorsionForce("0.5 * k * min(d, 2 * pi - d)^2; d = abs(theta - t); pi = 3.14159265358979")
        hold.addPerTorsionParameter("k")
        hold.addPerTorsionParameter("t")
        for atoms, degrees in zip((phi, psi), angles):
            hold.addTorsion(*atoms, [500, math.radians(degrees)])
        system.addForce(hold)
        x = native
        for atoms, degrees in zip((phi, psi), angles):
            x = turned(pdb.topology, x, atoms, math.radians(degrees))
        x = minimised(system, x)
        # Those that are minima in this solvent find their own place; the others stay where they were put.
        free = minimised(make_system(pdb.topology, "obc2"), x)
        asked = [math.radians(degrees) for degrees in angles]
        moved = [math.remainder(dihedral(free, *t) - a, math.tau) for t, a in zip((phi, psi), asked)]
        x = free if max(map(abs, moved)) < math.radians(30) else x
        starts[name] = rounded(x)
        found = [round(math.degrees(dihedral(x, *t)), 1) for t in (phi, psi)]
        print(f"alanine dipeptide {name}: φ, ψ = {found}, {'a minimum' if x is free else 'held there'}")
    return starts, rounded(native)


# Torsions of the backbone (φ, ψ) and side chains (χ) in the first model of 1UAO, to the degree (Honda et al.,
# Structure 12, 1507, 2004; coordinates in the Protein Data Bank, which are in the public domain).
HAIRPIN = [
    {"psi": -177},
    {"phi": -85, "psi": 98, "chi1": 180, "chi2": 87},
    {"phi": -72, "psi": 115, "chi1": -175, "chi2": 57},
    {"phi": -76, "psi": -13, "chi1": 22},
    {"phi": -60, "psi": -39, "chi1": -156, "chi2": -107, "chi3": 28},
    {"phi": -107, "psi": -22, "chi1": 75},
    {"phi": 91, "psi": 34},
    {"phi": -161, "psi": 165, "chi1": 16},
    {"phi": -69, "psi": 107, "chi1": -36, "chi2": 95},
    {"phi": -49},
]
EXTENDED = [{"phi": -120, "psi": 130}] * 10


def chignolin():
    peptide = Peptide("GLY TYR ASP PRO GLU THR GLY THR TRP GLY".split())
    system = make_system(peptide.topology, "obc2")
    return peptide.topology, {
        name: rounded(minimised(system, peptide.positions(system, torsions)))
        for name, torsions in (("hairpin", HAIRPIN), ("extended", EXTENDED))
    }


def bpti(pdb):
    random.seed(1)
    modeller = app.Modeller(pdb.topology, pdb.positions)
    forcefield = app.ForceField("amber99sbildn.xml", "amber99_obc.xml")
    modeller.addHydrogens(forcefield, pH=7.0, platform=mm.Platform.getPlatformByName("Reference"))
    x = np.array(modeller.positions.value_in_unit(unit.nanometer))
    return modeller.topology, minimised(make_system(modeller.topology, "obc2"), x, iterations=100)


def main(structures):
    fixture = {}
    native = app.PDBFile(str(structures / "usr/share/doc/python-mdtraj-doc/examples/data/native.pdb"))
    starts, crude = alanine_dipeptide(native)
    write_module("alanineDipeptide.data.ts", packed("alanine dipeptide", native.topology, starts))
    fixture["native"] = {"positions": crude, "solvents": energies(native.topology, crude, True)}
    fixture["alanineDipeptide"] = {"solvents": energies(native.topology, starts["c7eq"], True)}

    topology, starts = chignolin()
    write_module("chignolin.data.ts", packed("chignolin", topology, starts))
    fixture["chignolin"] = {"solvents": energies(topology, starts["hairpin"], False)}

    topology, x = bpti(app.PDBFile(str(structures / "usr/share/BALL-1.5/structures/bpti.pdb")))
    starts = {"crystal": rounded(x)}
    write_module("bpti.data.ts", packed("BPTI", topology, starts))
    fixture["bpti"] = {"solvents": energies(topology, starts["crystal"], False)}

    FIXTURE.write_text(json.dumps(fixture, indent=1) + "\n")
    for name, entry in fixture.items():
        for solvent, found in entry["solvents"].items():
            terms = ", ".join(f"{term} {value:.4f}" for term, value in found["terms"].items())
            print(f"{name} in {solvent}: {terms}; total {found['total']:.4f} kJ/mol")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
