"""What OpenMM's Reference platform says of molecular systems, term by term, for the tests of src/md/molecule.

    apt-get install python3-simtk python-mdtraj-doc
    /usr/bin/python3 scripts/molecule-reference.py dipeptide [native.pdb] > test/fixtures/molecule/dipeptide.json
    /usr/bin/python3 scripts/molecule-reference.py torsions > test/fixtures/molecule/torsions.json
    /usr/bin/python3 scripts/molecule-reference.py mixture > test/fixtures/molecule/mixture.json
    npx biome check --write test/fixtures/molecule

and, larger, for test/slow: `water`, `bpti <pdb>`, `amber <prmtop> <inpcrd>`. Each prints

    {"description", "atoms", "box", "positions": [[3N], ...],
     "terms": [{"term": ..., "energies": [...], "forces": [[3N], ...]}, ...]}

with one energy and one row of forces for each row of positions, in nm, kJ/mol and kJ/mol/nm. A term is a
`Term` of src/md/molecule/term.ts with lists for arrays, dumped from the force that OpenMM evaluated, so that
it also is an independent check of the readers. The implicit solvents are OpenMM's own classes with their
standard parameters; the constant e^2/4 pi eps0 in their formulas, which is not that of OpenMM's other
forces, stands as "coulomb" beside their terms. The same versions give the same file: every random number is seeded.
"""

import json
import sys

import numpy as np
import openmm as mm
from openmm import app, unit
from openmm.app.internal import customgbforces as gb

NATIVE = "/usr/share/doc/python-mdtraj-doc/examples/data/native.pdb"
# 5.4 cal/mol/A^2, which OpenMM's classes write as 28.3919551 / 4 pi.
SURFACE_TENSION = 5.4e-3 * 4.184 * 100
SOLVENTS = {
    "hct": gb.GBSAHCTForce,
    "obc1": gb.GBSAOBC1Force,
    "obc2": gb.GBSAOBC2Force,
    "gbn": gb.GBSAGBnForce,
    "gbn2": gb.GBSAGBn2Force,
}


def value(quantity):
    """A number in OpenMM's own units."""
    return quantity.value_in_unit_system(unit.md_unit_system) if unit.is_quantity(quantity) else quantity


def columns(force, count, get):
    """The parameters of all entries of a force, column by column."""
    rows = [[value(each) for each in getattr(force, get)(k)] for k in range(count)]
    return [list(column) for column in zip(*rows)]


def flat(*lists):
    return [each for row in zip(*lists) for each in row]


def dump(force):
    """The `Term` of a force that OpenMM has a class of its own for."""
    if isinstance(force, mm.HarmonicBondForce):
        i, j, length, k = columns(force, force.getNumBonds(), "getBondParameters")
        return {"kind": "harmonic-bonds", "atoms": flat(i, j), "length": length, "forceConstant": k}
    if isinstance(force, mm.HarmonicAngleForce):
        i, j, k, angle, constant = columns(force, force.getNumAngles(), "getAngleParameters")
        return {"kind": "harmonic-angles", "atoms": flat(i, j, k), "angle": angle, "forceConstant": constant}
    if isinstance(force, mm.PeriodicTorsionForce):
        i, j, k, l, n, phase, constant = columns(force, force.getNumTorsions(), "getTorsionParameters")
        return {"kind": "periodic-torsions", "atoms": flat(i, j, k, l), "periodicity": n,
                "phase": phase, "forceConstant": constant}
    if isinstance(force, mm.RBTorsionForce):
        i, j, k, l, *c = columns(force, force.getNumTorsions(), "getTorsionParameters")
        return {"kind": "ryckaert-bellemans-torsions", "atoms": flat(i, j, k, l), "coefficients": flat(*c)}
    if isinstance(force, mm.CMAPTorsionForce):
        which, *atoms = columns(force, force.getNumTorsions(), "getTorsionParameters")
        maps = [force.getMapParameters(m) for m in range(force.getNumMaps())]
        return {"kind": "cmap-torsions", "atoms": flat(*atoms), "map": which,
                "maps": [{"size": size, "energies": [value(e) for e in energies]} for size, energies in maps]}
    if isinstance(force, mm.NonbondedForce):
        return dump_nonbonded(force)
    if isinstance(force, mm.GBSAOBCForce):
        charge, radius, screen = columns(force, force.getNumParticles(), "getParticleParameters")
        return born("obc2", charge, radius, screen, solvent=force.getSolventDielectric(),
                    solute=force.getSoluteDielectric(), tension=value(force.getSurfaceAreaEnergy()))
    raise ValueError(f"no term for {type(force).__name__}")


def dump_nonbonded(force):
    charge, sigma, epsilon = columns(force, force.getNumParticles(), "getParticleParameters")
    term = {"kind": "nonbonded", "charge": charge, "sigma": sigma, "epsilon": epsilon,
            "exceptions": {"atoms": [], "chargeProduct": [], "sigma": [], "epsilon": []}}
    if force.getNumExceptions() > 0:
        i, j, product, width, depth = columns(force, force.getNumExceptions(), "getExceptionParameters")
        term["exceptions"] = {"atoms": flat(i, j), "chargeProduct": product, "sigma": width, "epsilon": depth}
    if force.getNonbondedMethod() != mm.NonbondedForce.NoCutoff:
        periodic = force.getNonbondedMethod() == mm.NonbondedForce.CutoffPeriodic
        term["cutoff"] = {"distance": value(force.getCutoffDistance()), "periodic": periodic,
                          "reactionFieldDielectric": force.getReactionFieldDielectric(),
                          "dispersionCorrection": periodic and force.getUseDispersionCorrection()}
        if force.getUseSwitchingFunction():
            term["cutoff"]["switchDistance"] = value(force.getSwitchingDistance())
    return term


def born(model, charge, radius, screen, rescaling=None, solvent=78.5, solute=1.0, kappa=0.0,
         tension=SURFACE_TENSION, cutoff=None):
    term = {"kind": "generalized-born", "model": model, "charge": charge, "radius": radius, "screen": screen,
            "soluteDielectric": solute, "solventDielectric": solvent, "inverseDebyeLength": kappa,
            "surfaceTension": tension}
    if rescaling is not None:
        term["rescaling"] = rescaling
    if cutoff is not None:
        term["cutoff"] = cutoff
    return term


def solvent_force(model, topology, charges, kappa=0.0, surface=True, cutoff=None, periodic=False, solute=1.0):
    """A solvent as OpenMM's own class, with its standard parameters, and the term that it is."""
    make = SOLVENTS[model]
    parameters = np.array(make.getStandardParameters(topology))
    force = make(solventDielectric=78.5, soluteDielectric=solute, SA="ACE" if surface else None,
                 cutoff=cutoff, kappa=kappa)
    for charge, row in zip(charges, parameters):
        force.addParticle([charge, *row])
    force.finalize()
    method = mm.CustomGBForce.NoCutoff
    if cutoff is not None:
        force.setCutoffDistance(cutoff)
        method = mm.CustomGBForce.CutoffPeriodic if periodic else mm.CustomGBForce.CutoffNonPeriodic
    force.setNonbondedMethod(method)
    rescaling = parameters[:, 2:].ravel().tolist() if model == "gbn2" else None
    return force, born(model, list(charges), parameters[:, 0].tolist(), parameters[:, 1].tolist(), rescaling,
                       kappa=kappa, tension=SURFACE_TENSION if surface else 0.0, solute=solute,
                       cutoff=None if cutoff is None else {"distance": cutoff, "periodic": periodic})


def charges_of(system):
    nonbonded = next(f for f in system.getForces() if isinstance(f, mm.NonbondedForce))
    return [value(nonbonded.getParticleParameters(i)[0]) for i in range(system.getNumParticles())]


def evaluate(description, masses, pairs, positions, box=None):
    """Energies and forces of (force, term) `pairs`, each in a system of its own."""
    terms = []
    for force, term in pairs:
        system = mm.System()
        for mass in masses:
            system.addParticle(mass)
        if box is not None:
            system.setDefaultPeriodicBoxVectors(*np.diag(box).tolist())
        system.addForce(mm.XmlSerializer.clone(force))
        context = mm.Context(system, mm.VerletIntegrator(0.001), mm.Platform.getPlatformByName("Reference"))
        entry = {"term": term, "energies": [], "forces": []}
        if isinstance(force, mm.CustomGBForce):
            entry["coulomb"] = 138.935485
        for row in positions:
            context.setPositions(np.asarray(row).reshape(-1, 3))
            state = context.getState(getEnergy=True, getForces=True)
            entry["energies"].append(value(state.getPotentialEnergy()))
            forces = state.getForces(asNumpy=True).value_in_unit_system(unit.md_unit_system)
            entry["forces"].append([float(f"{each:.13g}") for each in forces.ravel()])
        terms.append(entry)
    return {"description": description, "atoms": len(masses), "box": box,
            "positions": [list(map(float, row)) for row in positions], "terms": terms}


def evaluate_system(description, system, positions, extra=(), box=None):
    """Every force of `system` that is no remover of momentum, with `extra` pairs behind."""
    forces = [f for f in system.getForces() if not isinstance(f, mm.CMMotionRemover)]
    pairs = [(force, dump(force)) for force in forces] + list(extra)
    masses = [value(system.getParticleMass(i)) for i in range(system.getNumParticles())]
    return evaluate(description, masses, pairs, positions, box)


def shaken(positions, rows, width, seed):
    """The configuration rounded as it stands, and `rows` - 1 with normal noise of `width` nm."""
    x = np.asarray(value(positions)).ravel()
    rng = np.random.default_rng(seed)
    return [np.round(x + (row > 0) * width * rng.normal(size=x.size), 6) for row in range(rows)]


def dipeptide(path=NATIVE):
    """Alanine dipeptide in ff99SB-ILDN: vacuum and every solvent, with and without salt and surface."""
    pdb = app.PDBFile(path)
    system = app.ForceField("amber99sbildn.xml", "amber99_obc.xml").createSystem(
        pdb.topology, nonbondedMethod=app.NoCutoff, constraints=None, removeCMMotion=False)
    charges = charges_of(system)
    extra = []
    for model in SOLVENTS:
        extra.append(solvent_force(model, pdb.topology, charges))
        extra.append(solvent_force(model, pdb.topology, charges, kappa=1.3, surface=False, solute=2.0))
    extra.append(solvent_force("obc2", pdb.topology, charges, kappa=0.8, cutoff=0.6))
    extra.append(solvent_force("gbn2", pdb.topology, charges, cutoff=0.5))
    return evaluate_system("alanine dipeptide, ff99SB-ILDN", system, shaken(pdb.positions, 2, 0.01, 1), extra)


def torsions():
    """Ryckaert-Bellemans torsions and the map of charmm36, on random atoms."""
    rng = np.random.default_rng(2)
    atoms = 12
    bodies = mm.RBTorsionForce()
    maps = mm.CMAPTorsionForce()
    charmm = app.ForceField("charmm36.xml")
    generator = next(g for g in charmm.getGenerators() if type(g).__name__ == "CMAPTorsionGenerator")
    for energies in generator.maps[:2]:
        maps.addMap(int(round(len(energies) ** 0.5)), energies)
    for _ in range(10):
        bodies.addTorsion(*map(int, rng.permutation(atoms)[:4]), *rng.normal(scale=10, size=6).tolist())
        phi, psi = rng.permutation(atoms)[:4], rng.permutation(atoms)[:4]
        maps.addTorsion(int(rng.integers(2)), *map(int, phi), *map(int, psi))
    positions = [np.round(rng.normal(scale=0.3, size=3 * atoms), 6) for _ in range(4)]
    pairs = [(force, dump(force)) for force in (bodies, maps)]
    return evaluate("random torsions", [12.0] * atoms, pairs, positions)


def mixture():
    """Charged Lennard-Jones atoms of several sizes in a periodic box, with cutoffs of every sort."""
    rng = np.random.default_rng(3)
    box = [2.0, 2.2, 2.5]
    # On a lattice, so that none overlap, and 0.5 nm outside of the box in places.
    lattice = np.stack(np.meshgrid(*[np.arange(5) + 0.5] * 3), -1).reshape(-1, 3)[:120] / 5 * box
    positions = [np.round(lattice + rng.normal(scale=s, size=lattice.shape) - 0.3, 6).ravel() for s in (0.02, 0.05)]
    atoms = len(lattice)
    kinds = [(0.25, 0.4), (0.32, 0.7), (0.3, 0.1), (0.1, 0.0)]
    pairs = []
    for periodic, switch, correction, dielectric in [
        (True, 0.7, True, 78.3), (True, None, True, 78.3), (True, 0.6, False, 5.0), (False, 0.7, False, 78.3)
    ]:
        force = mm.NonbondedForce()
        charges = np.random.default_rng(4).normal(scale=0.5, size=atoms).round(3)
        for i in range(atoms):
            force.addParticle(float(charges[i]), *kinds[i % 4])
        for i in range(0, atoms - 2, 6):
            force.addException(i, i + 1, 0.0, 0.1, 0.0)
            force.addException(i + 2, i, float(charges[i] * charges[i + 2] / 1.2), 0.28, 0.2)
        force.setNonbondedMethod(
            mm.NonbondedForce.CutoffPeriodic if periodic else mm.NonbondedForce.CutoffNonPeriodic)
        force.setCutoffDistance(0.9)
        force.setReactionFieldDielectric(dielectric)
        force.setUseDispersionCorrection(correction)
        force.setUseSwitchingFunction(switch is not None)
        if switch is not None:
            force.setSwitchingDistance(switch)
        pairs.append((force, dump(force)))
    return evaluate("a mixture in a box", [12.0] * atoms, pairs, positions, box)


def water():
    """895 waters without constraints, cutoff with reaction field, switch and dispersion correction."""
    pdb = app.PDBFile(f"{app.__path__[0]}/data/tip3p.pdb")
    system = app.ForceField("tip3p.xml").createSystem(
        pdb.topology, nonbondedMethod=app.CutoffPeriodic, nonbondedCutoff=1.0, switchDistance=0.8,
        constraints=None, rigidWater=False, removeCMMotion=False)
    box = [value(edge) for edge in pdb.topology.getUnitCellDimensions()]
    # Away from the forces of zero that rigid waters have along their bonds.
    positions = shaken(pdb.positions, 2, 0.005, 5)[1:]
    charges = charges_of(system)
    extra = [solvent_force("obc2", pdb.topology, charges, cutoff=1.0, periodic=True)]
    return evaluate_system("water", system, positions, extra, box)


def bpti(path):
    """BPTI in ff99SB-ILDN with OBC2 of OpenMM's own class, and GBn2."""
    pdb = app.PDBFile(path)
    system = app.ForceField("amber99sbildn.xml", "amber99_obc.xml").createSystem(
        pdb.topology, nonbondedMethod=app.NoCutoff, constraints=None, removeCMMotion=False)
    extra = [solvent_force("gbn2", pdb.topology, charges_of(system), kappa=0.9)]
    return evaluate_system("BPTI, ff99SB-ILDN", system, shaken(pdb.positions, 2, 0.003, 6), extra)


def amber(topology, coordinates):
    """A molecule in Amber's files, with the solvent that OpenMM makes for OBC1."""
    prmtop = app.AmberPrmtopFile(topology)
    system = prmtop.createSystem(nonbondedMethod=app.NoCutoff, constraints=None, removeCMMotion=False)
    positions = shaken(app.AmberInpcrdFile(coordinates).positions, 2, 0.005, 7)
    extra = [solvent_force(model, prmtop.topology, charges_of(system)) for model in SOLVENTS]
    return evaluate_system("a molecule in Amber's files", system, positions, extra)


CASES = {case.__name__: case for case in (dipeptide, torsions, mixture, water, bpti, amber)}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in CASES:
        sys.exit(f"{sys.argv[0]}: expected one of {', '.join(CASES)}")
    json.dump(CASES[sys.argv[1]](*sys.argv[2:]), sys.stdout)
    print()
