"""Langevin dynamics of a molecule in OpenMM, for bench/molecule.ts.

Reads a JSON object from standard input: the terms of a system as src/md/molecule/term.ts has them (generalised
Born: OBC2 only), masses, positions, steps, platform and threads. Prints the energy of the start, kJ/mol, and the
processor and wall-clock time of the steps, seconds.
"""

import json
import sys
import time

import openmm


def force_of(term, atoms):
    kind = term["kind"]
    if kind == "harmonic-bonds":
        force = openmm.HarmonicBondForce()
        for k, (length, constant) in enumerate(zip(term["length"], term["forceConstant"])):
            force.addBond(*term["atoms"][2 * k : 2 * k + 2], length, constant)
    elif kind == "harmonic-angles":
        force = openmm.HarmonicAngleForce()
        for k, (angle, constant) in enumerate(zip(term["angle"], term["forceConstant"])):
            force.addAngle(*term["atoms"][3 * k : 3 * k + 3], angle, constant)
    elif kind == "periodic-torsions":
        force = openmm.PeriodicTorsionForce()
        for k, constant in enumerate(term["forceConstant"]):
            force.addTorsion(
                *term["atoms"][4 * k : 4 * k + 4], term["periodicity"][k], term["phase"][k], constant
            )
    elif kind == "nonbonded":
        force = openmm.NonbondedForce()
        for i in range(atoms):
            force.addParticle(term["charge"][i], term["sigma"][i], term["epsilon"][i])
        exceptions = term["exceptions"]
        for k, product in enumerate(exceptions["chargeProduct"]):
            pair = exceptions["atoms"][2 * k : 2 * k + 2]
            force.addException(*pair, product, exceptions["sigma"][k], exceptions["epsilon"][k])
    elif kind == "generalized-born" and term["model"] == "obc2":
        force = openmm.GBSAOBCForce()
        force.setSoluteDielectric(term["soluteDielectric"])
        force.setSolventDielectric(term["solventDielectric"])
        force.setSurfaceAreaEnergy(term["surfaceTension"])
        for i in range(atoms):
            force.addParticle(term["charge"][i], term["radius"][i], term["screen"][i])
    else:
        raise SystemExit(f"no force for {kind}")
    return force


given = json.load(sys.stdin)
system = openmm.System()
for mass in given["masses"]:
    system.addParticle(mass)
for term in given["terms"]:
    system.addForce(force_of(term, len(given["masses"])))
x = given["positions"]
places = [openmm.Vec3(*x[3 * i : 3 * i + 3]) for i in range(len(given["masses"]))]
platform = openmm.Platform.getPlatformByName(given["platform"])
properties = {"Threads": str(given["threads"])} if given["platform"] == "CPU" else {}
integrator = openmm.LangevinMiddleIntegrator(300, 1, 0.001)
integrator.setRandomNumberSeed(1)
context = openmm.Context(system, integrator, platform, properties)
context.setPositions(places)
energy = context.getState(getEnergy=True).getPotentialEnergy()._value
context.setVelocitiesToTemperature(300, 1)
integrator.step(max(1, given["steps"] // 10))
busy, wall = time.process_time(), time.perf_counter()
integrator.step(given["steps"])
# The steps of the CPU platform may still be under way.
context.getState(getEnergy=True)
print(
    json.dumps(
        {
            "energy": energy,
            "processor": time.process_time() - busy,
            "wall": time.perf_counter() - wall,
        }
    )
)
