"""The particle dimer in OpenMM: an evaluation of its formula that shares nothing with ours.

Reads {"positions": [[x1, y1, x2, y2, ...], ...]} and writes {"energy": [...], "gradient": [[...], ...]},
in double precision on the Reference platform. The third coordinate of every particle is 0.

With "steps", "platform", "integrator" ("verlet" or "langevin") and "timestep" beside the positions it
runs that many steps from the first of them, and writes {"energy": [...], "seconds": ...} instead.
"""

import json
import sys
import time

import openmm

request = json.load(sys.stdin)
rows = request["positions"]
particles = len(rows[0]) // 2

system = openmm.System()
for _ in range(particles):
    system.addParticle(1.0)

pairs = openmm.CustomNonbondedForce("(1.1/r)^12")
pairs.setNonbondedMethod(openmm.CustomNonbondedForce.NoCutoff)
for _ in range(particles):
    pairs.addParticle([])
pairs.addExclusion(0, 1)
system.addForce(pairs)

bond = openmm.CustomBondForce("2*u - 25*u^2 + 10*u^4; u = 2*(r - 1.5)")
bond.addBond(0, 1, [])
system.addForce(bond)

springs = openmm.CustomCompoundBondForce(2, "20*((x1 + x2)^2 + y1^2 + y2^2)")
springs.addBond([0, 1], [])
system.addForce(springs)

box = openmm.CustomExternalForce(
    "200*(max(0, x-3)^2 + max(0, -x-3)^2 + max(0, y-3)^2 + max(0, -y-3)^2)"
)
for p in range(particles):
    box.addParticle(p, [])
system.addForce(box)

timestep = request.get("timestep", 0.001)
langevin = request.get("integrator") == "langevin"
# Temperature such that kT = 1 kJ/mol.
temperature = 1 / 0.00831446261815324
integrator = (
    openmm.LangevinMiddleIntegrator(temperature, 1.0, timestep)
    if langevin
    else openmm.VerletIntegrator(timestep)
)
platform = openmm.Platform.getPlatformByName(request.get("platform", "Reference"))
# One core for the platform that would take more.
properties = {"Threads": "1"} if platform.getName() == "CPU" else {}
context = openmm.Context(system, integrator, platform, properties)


def place(row):
    context.setPositions([openmm.Vec3(row[2 * p], row[2 * p + 1], 0) for p in range(particles)])


if "steps" in request:
    place(rows[0])
    energy = context.getState(getEnergy=True).getPotentialEnergy()._value
    integrator.step(request["steps"] // 10)
    begun = time.perf_counter()
    processor = time.process_time()
    integrator.step(request["steps"])
    context.getState(getPositions=True)
    json.dump(
        {
            "energy": [energy],
            "seconds": time.perf_counter() - begun,
            "processor": time.process_time() - processor,
        },
        sys.stdout,
    )
    sys.exit()

energy = []
gradient = []
for row in rows:
    place(row)
    state = context.getState(getEnergy=True, getForces=True)
    energy.append(state.getPotentialEnergy()._value)
    gradient.append([-f[i] for f in state.getForces()._value for i in (0, 1)])
json.dump({"energy": energy, "gradient": gradient}, sys.stdout)
