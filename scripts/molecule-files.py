"""Files of molecules in the formats that people have, and OpenMM's energies for them, for test/io/molecule.

    apt-get install python3-simtk python-mdtraj-doc
    /usr/bin/python3 scripts/molecule-files.py [native.pdb] test/fixtures/molecule
    npx biome check --write test/fixtures/molecule

Alanine dipeptide in amber99sb-ildn, with a made-up correction map so that every section is used, as prmtop
and inpcrd (written here, read by OpenMM), as serialised Systems with each implicit solvent, as PDB and
mmCIF; and a made-up molecule with every other force, in a periodic box. energies.json has what OpenMM's
Reference platform says of each, force by force in kJ/mol, with forces in kJ/mol/nm for one of them.
"""

import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import openmm as mm
from openmm import app, unit

NATIVE = "/usr/share/doc/python-mdtraj-doc/examples/data/native.pdb"
SOLVENTS = {"hct": app.HCT, "obc1": app.OBC1, "obc2": app.OBC2, "gbn": app.GBn, "gbn2": app.GBn2}
KCAL = 4.184
BOX = [30.0, 32.0, 35.0]


def section(flag, form, values):
    per, kind = int(form[: form.index(form.lstrip("0123456789")[0])]), form.lstrip("0123456789")
    width = int(kind[1:].split(".")[0])
    write = {
        "a": lambda v: str(v).ljust(width),
        "I": lambda v: str(int(v)).rjust(width),
        "E": lambda v: f"{v:{width}.8E}",
        "F": lambda v: f"{v:{width}.5f}",
    }[kind[0]]
    lines = ["".join(write(v) for v in values[k : k + per]) for k in range(0, len(values), per)] or [""]
    return [f"%FLAG {flag}", f"%FORMAT({form})", *lines]


def prmtop(topology, system, energies):
    """Amber's own order of sections; `energies` is the correction map, [phi, psi] from -pi, kcal/mol."""
    forces = {f.getName(): f for f in system.getForces()}
    atoms = list(topology.atoms())
    hydrogen = [a.element.symbol == "H" for a in atoms]
    nonbonded = forces["NonbondedForce"]
    lj = []
    for i in range(len(atoms)):
        q, sigma, epsilon = (v._value for v in nonbonded.getParticleParameters(i))
        lj.append((round(sigma, 12), round(epsilon, 12)))
    kinds = sorted(set(lj))
    a, b, index = [], [], [0] * len(kinds) ** 2
    for i, (si, ei) in enumerate(kinds):
        for j, (sj, ej) in enumerate(kinds[: i + 1]):
            sigma, epsilon = 5 * (si + sj), math.sqrt(ei * ej) / KCAL
            a.append(4 * epsilon * sigma**12)
            b.append(4 * epsilon * sigma**6)
            index[i * len(kinds) + j] = index[j * len(kinds) + i] = len(a)

    def typed(rows):
        """Rows of (atoms, parameters): types, and lists with hydrogen and without."""
        types = sorted({p for _, p in rows})
        lists = [[], []]
        for group, p in rows:
            pointers = [3 * k if isinstance(k, int) else k for k in group]
            lists[0 if any(hydrogen[abs(k) // 3] for k in pointers) else 1] += [*pointers, types.index(p) + 1]
        return types, lists

    f = forces["HarmonicBondForce"]
    bonds = [f.getBondParameters(k) for k in range(f.getNumBonds())]
    bond_types, bond_lists = typed([((i, j), (k._value / KCAL / 200, r._value * 10)) for i, j, r, k in bonds])
    f = forces["HarmonicAngleForce"]
    angles = [f.getAngleParameters(n) for n in range(f.getNumAngles())]
    angle_types, angle_lists = typed(
        [((i, j, k), (c._value / KCAL / 2, t._value)) for i, j, k, t, c in angles]
    )

    excluded = [set() for _ in atoms]
    scaled = set()
    for n in range(nonbonded.getNumExceptions()):
        i, j, q, _, epsilon = nonbonded.getExceptionParameters(n)
        excluded[min(i, j)].add(max(i, j) + 1)
        if q._value != 0 or epsilon._value != 0:
            scaled.add((min(i, j), max(i, j)))
    f = forces["PeriodicTorsionForce"]
    bonded = {frozenset((i, j)) for i, j, *_ in bonds}
    rows, counted = [], set()
    for n in range(f.getNumTorsions()):
        i, j, k, l, periodicity, phase, barrier = f.getTorsionParameters(n)
        proper = all(frozenset(pair) in bonded for pair in ((i, j), (j, k), (k, l)))
        if proper and 0 in (k, l):
            i, j, k, l = l, k, j, i
        pair = (min(i, l), max(i, l))
        counts = proper and pair in scaled and pair not in counted
        if counts:
            counted.add(pair)
        third = 3 * k if counts else -3 * k
        fourth = 3 * l if proper else -3 * l
        rows.append(((3 * i, 3 * j, third, fourth), (barrier._value / KCAL, periodicity, phase._value)))
    # 1-4 pairs that no torsion of the force field counts have one without a barrier, as tleap writes them.
    for i, l in sorted(scaled - counted):
        j, k = next((j, k) for j in range(len(atoms)) for k in range(len(atoms))
                    if {frozenset((i, j)), frozenset((j, k)), frozenset((k, l))} <= bonded)
        i, j, k, l = (l, k, j, i) if 0 in (k, l) else (i, j, k, l)
        rows.append(((3 * i, 3 * j, 3 * k, 3 * l), (0.0, 2, 0.0)))
    torsion_types = sorted({p for _, p in rows})
    torsion_lists = [[], []]
    for group, p in rows:
        where = 0 if any(hydrogen[abs(k) // 3] for k in group) else 1
        torsion_lists[where] += [*group, torsion_types.index(p) + 1]

    residues = list(topology.residues())
    first = [next(r.atoms()).index + 1 for r in residues]
    listed = [sorted(e) or [0] for e in excluded]
    gb = app.internal.customgbforces.GBSAOBC1Force.getStandardParameters(topology)
    counts = [0] * 31
    for at, number in {
        **{0: len(atoms), 1: len(kinds), 10: sum(map(len, listed)), 11: len(residues), 27: 1},
        **{2: len(bond_lists[0]) // 3, 3: len(bond_lists[1]) // 3, 12: len(bond_lists[1]) // 3},
        **{4: len(angle_lists[0]) // 4, 5: len(angle_lists[1]) // 4, 13: len(angle_lists[1]) // 4},
        **{6: len(torsion_lists[0]) // 5, 7: len(torsion_lists[1]) // 5, 14: len(torsion_lists[1]) // 5},
        **{15: len(bond_types), 16: len(angle_types), 17: len(torsion_types), 18: len(kinds)},
    }.items():
        counts[at] = number
    phi_psi = [next(a.index + 1 for a in atoms if a.name == n and a.residue.index == r)
               for n, r in (("C", 0), ("N", 1), ("CA", 1), ("C", 1), ("N", 2))]
    lines = [
        "%VERSION  VERSION_STAMP = V0001.000  DATE = 01/01/26  00:00:00",
        *section("TITLE", "20a4", ["alan", "ine ", "dipe", "ptid", "e"]),
        *section("POINTERS", "10I8", counts),
        *section("ATOM_NAME", "20a4", [a.name for a in atoms]),
        *section("CHARGE", "5E16.8", [nonbonded.getParticleParameters(i)[0]._value * 18.2223 for i in range(len(atoms))]),
        *section("ATOMIC_NUMBER", "10I8", [a.element.atomic_number for a in atoms]),
        *section("MASS", "5E16.8", [system.getParticleMass(i)._value for i in range(len(atoms))]),
        *section("ATOM_TYPE_INDEX", "10I8", [kinds.index(p) + 1 for p in lj]),
        *section("NUMBER_EXCLUDED_ATOMS", "10I8", [len(e) for e in listed]),
        *section("NONBONDED_PARM_INDEX", "10I8", index),
        *section("RESIDUE_LABEL", "20a4", [r.name for r in residues]),
        *section("RESIDUE_POINTER", "10I8", first),
        *section("BOND_FORCE_CONSTANT", "5E16.8", [p[0] for p in bond_types]),
        *section("BOND_EQUIL_VALUE", "5E16.8", [p[1] for p in bond_types]),
        *section("ANGLE_FORCE_CONSTANT", "5E16.8", [p[0] for p in angle_types]),
        *section("ANGLE_EQUIL_VALUE", "5E16.8", [p[1] for p in angle_types]),
        *section("DIHEDRAL_FORCE_CONSTANT", "5E16.8", [p[0] for p in torsion_types]),
        *section("DIHEDRAL_PERIODICITY", "5E16.8", [p[1] for p in torsion_types]),
        *section("DIHEDRAL_PHASE", "5E16.8", [p[2] for p in torsion_types]),
        *section("SCEE_SCALE_FACTOR", "5E16.8", [1.2] * len(torsion_types)),
        *section("SCNB_SCALE_FACTOR", "5E16.8", [2.0] * len(torsion_types)),
        *section("SOLTY", "5E16.8", [0.0] * len(kinds)),
        *section("LENNARD_JONES_ACOEF", "5E16.8", a),
        *section("LENNARD_JONES_BCOEF", "5E16.8", b),
        *section("BONDS_INC_HYDROGEN", "10I8", bond_lists[0]),
        *section("BONDS_WITHOUT_HYDROGEN", "10I8", bond_lists[1]),
        *section("ANGLES_INC_HYDROGEN", "10I8", angle_lists[0]),
        *section("ANGLES_WITHOUT_HYDROGEN", "10I8", angle_lists[1]),
        *section("DIHEDRALS_INC_HYDROGEN", "10I8", torsion_lists[0]),
        *section("DIHEDRALS_WITHOUT_HYDROGEN", "10I8", torsion_lists[1]),
        *section("EXCLUDED_ATOMS_LIST", "10I8", [i for e in listed for i in e]),
        *section("HBOND_ACOEF", "5E16.8", []),
        *section("HBOND_BCOEF", "5E16.8", []),
        *section("HBCUT", "5E16.8", []),
        *section("AMBER_ATOM_TYPE", "20a4", [f"T{kinds.index(p) + 1}" for p in lj]),
        *section("BOX_DIMENSIONS", "5E16.8", [90.0, *BOX]),
        *section("CMAP_COUNT", "2I8", [1, 1]),
        *section("CMAP_RESOLUTION", "20I4", [len(energies)]),
        *section("CMAP_PARAMETER_01", "8F9.5", [e for row in energies for e in row]),
        *section("CMAP_INDEX", "6I8", [*phi_psi, 1]),
        *section("RADIUS_SET", "1a80", ["H(N)-modified Bondi radii (mbondi2)"]),
        *section("RADII", "5E16.8", [10 * float(g[0]) for g in gb]),
        *section("SCREEN", "5E16.8", [float(g[1]) for g in gb]),
    ]
    return "\n".join(line.ljust(80) if line.startswith("%") else line for line in lines) + "\n"


def inpcrd(positions):
    numbers = [f"{10 * v:12.7f}" for row in positions for v in row]
    lines = ["".join(numbers[k : k + 6]) for k in range(0, len(numbers), 6)]
    box = "".join(f"{v:12.7f}" for v in [*BOX, 90, 90, 90])
    return "\n".join(["alanine dipeptide", f"{len(positions):5d}", *lines, box]) + "\n"


def undated(path):
    """The same bytes on any day."""
    lines = [line for line in path.read_text().splitlines() if "OPENMM" not in line.upper()]
    path.write_text("\n".join(lines) + "\n")


def energies(system, positions, with_forces=False):
    for k, force in enumerate(system.getForces()):
        force.setForceGroup(k)
    context = mm.Context(system, mm.VerletIntegrator(0.001), mm.Platform.getPlatformByName("Reference"))
    context.setPositions(positions)
    found = {}
    for k, force in enumerate(system.getForces()):
        name = force.getName()
        if name != "CMMotionRemover":
            state = context.getState(getEnergy=True, groups=1 << k)
            found[name] = state.getPotentialEnergy()._value
    if with_forces:
        state = context.getState(getForces=True)
        found["forces"] = [float(v) for row in state.getForces(asNumpy=True)._value for v in row]
    return found


def everything():
    """A chain of 12 atoms with every force that the dipeptide has not, in a box."""
    rng = np.random.default_rng(5)
    system = mm.System()
    system.setDefaultPeriodicBoxVectors(mm.Vec3(2.5, 0, 0), mm.Vec3(0, 2.6, 0), mm.Vec3(0, 0, 2.7))
    positions = []
    for i in range(12):
        system.addParticle([12.011, 15.999, 1.008][i % 3])
        positions.append(mm.Vec3(0.15 * i, 0.08 * (-1) ** i, 0.0) + mm.Vec3(*rng.normal(0, 0.02, 3)))
    rb = mm.RBTorsionForce()
    for i in range(6):
        rb.addTorsion(i, i + 1, i + 2, i + 3, *rng.normal(0, 4, 6))
    cmap = mm.CMAPTorsionForce()
    cmap.addMap(5, rng.normal(0, 5, 25))
    cmap.addMap(6, rng.normal(0, 5, 36))
    cmap.addTorsion(1, 0, 1, 2, 3, 1, 2, 3, 4)
    cmap.addTorsion(0, 4, 5, 6, 7, 6, 7, 8, 9)
    nonbonded = mm.NonbondedForce()
    for i in range(12):
        nonbonded.addParticle(rng.normal(0, 0.3), rng.uniform(0.1, 0.3), rng.uniform(0, 1))
    nonbonded.createExceptionsFromBonds([(i, i + 1) for i in range(11)], 0.8, 0.5)
    nonbonded.setNonbondedMethod(mm.NonbondedForce.CutoffPeriodic)
    nonbonded.setCutoffDistance(1.1)
    nonbonded.setUseSwitchingFunction(True)
    nonbonded.setSwitchingDistance(0.7)
    nonbonded.setReactionFieldDielectric(50.0)
    place = mm.CustomExternalForce("0.5*k*((x-x0)^2+(y-y0)^2+(z-z0)^2)")
    place.addGlobalParameter("k", 120.0)
    for name in ("x0", "y0", "z0"):
        place.addPerParticleParameter(name)
    for i in (2, 7):
        place.addParticle(i, rng.normal(0, 0.5, 3))
    distance = mm.CustomBondForce("k * (r - r0)^2")
    distance.addPerBondParameter("r0")
    distance.addPerBondParameter("k")
    distance.addBond(0, 6, [0.5, 33.0])
    distance.addBond(9, 3, [0.7, 21.0])
    obc = mm.GBSAOBCForce()
    for i in range(12):
        obc.addParticle(rng.normal(0, 0.3), rng.uniform(0.12, 0.18), rng.uniform(0.7, 0.9))
    obc.setNonbondedMethod(mm.GBSAOBCForce.CutoffPeriodic)
    obc.setCutoffDistance(1.1)
    obc.setSolventDielectric(60.0)
    obc.setSurfaceAreaEnergy(1.5)
    for force in (rb, cmap, nonbonded, obc, place, distance, mm.CMMotionRemover()):
        system.addForce(force)
    return system, positions


def main(native, folder):
    warnings.simplefilter("ignore")
    folder = Path(folder)
    source = app.PDBFile(native)
    with open(folder / "dipeptide.pdb", "w") as file:
        app.PDBFile.writeFile(source.topology, source.positions, file)
    undated(folder / "dipeptide.pdb")
    pdb = app.PDBFile(str(folder / "dipeptide.pdb"))
    with open(folder / "dipeptide.cif", "w") as file:
        app.PDBxFile.writeFile(pdb.topology, pdb.positions, file)
    undated(folder / "dipeptide.cif")
    positions = pdb.getPositions(asNumpy=True)._value
    found = {}

    bare = app.ForceField("amber99sbildn.xml").createSystem(pdb.topology, constraints=None, removeCMMotion=False)
    # A map without symmetry, so that no two of its eight orientations agree.
    n = 6
    surface = [[round(2 * math.sin(1 + i + 0.3 * i * j) + 0.1 * j, 5) for j in range(n)] for i in range(n)]
    (folder / "dipeptide.prmtop").write_text(prmtop(pdb.topology, bare, surface))
    (folder / "dipeptide.inpcrd").write_text(inpcrd(positions))
    amber = app.AmberPrmtopFile(str(folder / "dipeptide.prmtop"))
    placed = app.AmberInpcrdFile(str(folder / "dipeptide.inpcrd")).getPositions()
    cut = {"nonbondedMethod": app.CutoffPeriodic, "nonbondedCutoff": 0.9}
    for name, options in {
        "vacuum": {},
        **{model: {"implicitSolvent": solvent} for model, solvent in SOLVENTS.items()},
        "obc2, salt 0.15": {"implicitSolvent": app.OBC2, "implicitSolventSaltConc": 0.15},
        "vacuum, cutoff 0.9": cut,
        "gbn2, cutoff 0.9": {"implicitSolvent": app.GBn2, **cut},
    }.items():
        system = amber.createSystem(**options)
        found[f"dipeptide.prmtop, {name}"] = energies(system, placed, with_forces=name == "gbn2")

    for model in SOLVENTS:
        field = app.ForceField("amber99sbildn.xml", f"implicit/{model}.xml")
        system = field.createSystem(pdb.topology, constraints=None, implicitSolventKappa=1.5 if model == "hct" else 0)
        if model != "gbn2":
            for k in reversed(range(system.getNumForces())):
                if "GB" not in system.getForce(k).getName():
                    system.removeForce(k)
        file = f"dipeptide-{model}.xml"
        (folder / file).write_text(mm.XmlSerializer.serialize(system))
        found[file] = energies(system, positions)

    context = mm.Context(bare, mm.VerletIntegrator(0.001), mm.Platform.getPlatformByName("Reference"))
    context.setPositions(positions)
    state = context.getState(getPositions=True, getVelocities=True)
    (folder / "dipeptide-state.xml").write_text(mm.XmlSerializer.serialize(state))

    system, chain = everything()
    (folder / "everything.xml").write_text(mm.XmlSerializer.serialize(system))
    (folder / "everything.inpcrd").write_text(inpcrd(chain).rsplit("\n", 2)[0] + "\n")
    again = app.AmberInpcrdFile(str(folder / "everything.inpcrd")).getPositions()
    found["everything.xml"] = energies(system, again)
    (folder / "energies.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(*([NATIVE] + sys.argv[1:])[-2:])
