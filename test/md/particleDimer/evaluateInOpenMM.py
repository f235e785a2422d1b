"""The particle dimer in OpenMM: an evaluation of its formula that shares nothing with ours.

Reads {"positions": [[x1, y1, x2, y2, ...], ...]} and writes {"energy": [...], "gradient": [[...], ...]},
in double precision on the Reference platform. The third coordinate of every particle is 0.
"""

import json
import sys

import openmm

rows = json.load(sys.stdin)["positions"]
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

context = openmm.Context(
    system,
    openmm.VerletIntegrator(0.001),
    openmm.Platform.getPlatformByName("Reference"),
)

energy = []
gradient = []
for row in rows:
    context.setPositions([openmm.Vec3(row[2 * p], row[2 * p + 1], 0) for p in range(particles)])
    state = context.getState(getEnergy=True, getForces=True)
    energy.append(state.getPotentialEnergy()._value)
    gradient.append([-f[i] for f in state.getForces()._value for i in (0, 1)])
json.dump({"energy": energy, "gradient": gradient}, sys.stdout)
