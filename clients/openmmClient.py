"""Gives another program the energies and forces of an OpenMM system, over the i-PI protocol.

    python3 openmmClient.py --system system.xml --address /tmp/ipi_ergoflow-1000/name
    python3 openmmClient.py --system system.xml --address 127.0.0.1:31415 --platform CPU

The system is a file of OpenMM's XmlSerializer. From a script of yours: serve(context, address).
"""
import argparse
import socket
import sys

import numpy
import openmm
from openmm import unit

# CODATA 2018: nm and kJ/mol.
BOHR, HARTREE = 0.0529177210903, 4.3597447222071e-18 * 6.02214076e23 * 1e-3
FORCE = unit.kilojoule_per_mole / unit.nanometer


def serve(context, address):
    """Answers the server at `address`, a socket's path or host:port, until it says EXIT or is gone."""
    system = context.getSystem()
    atoms = system.getNumParticles()
    if system.getNumConstraints() > 0 or any(system.isVirtualSite(i) for i in range(atoms)):
        sys.exit("openmmClient: constraints and virtual sites would move atoms behind the server's back; "
                 "make the system without them (constraints=None, rigidWater=False)")
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(address)
    else:
        host, port = address.rsplit(":", 1)
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Answers are sent when there is no further question to read: a call of the system costs more than
    # a copy, and wakes the server.
    questions, answers = bytearray(), bytearray()

    def take(size):
        while len(questions) < size:
            connection.sendall(answers)
            answers.clear()
            chunk = connection.recv(max(size, 65536))
            if not chunk:
                raise EOFError
            questions.extend(chunk)
        data = bytes(questions[:size])
        del questions[:size]
        return data

    def read(count, kind):
        return numpy.frombuffer(take(count * numpy.dtype(kind).itemsize), kind)

    energy, forces = None, None
    try:
        while True:
            question = take(12).decode("ascii").rstrip()
            if question == "STATUS":
                answers.extend(b"READY       " if energy is None else b"HAVEDATA    ")
            elif question == "POSDATA":
                cell = read(9, numpy.float64).reshape(3, 3).T * BOHR
                read(9, numpy.float64)
                sent = read(1, numpy.int32)[0]
                if sent != atoms:
                    sys.exit(f"openmmClient: the server has {sent} atoms, this system has {atoms}")
                positions = read(3 * atoms, numpy.float64).reshape(atoms, 3) * BOHR
                if system.usesPeriodicBoundaryConditions():
                    context.setPeriodicBoxVectors(*(openmm.Vec3(*row) for row in cell))
                context.setPositions(positions)
                state = context.getState(getEnergy=True, getForces=True)
                energy = state.getPotentialEnergy().value_in_unit(unit.kilojoule_per_mole) / HARTREE
                forces = state.getForces(asNumpy=True).value_in_unit(FORCE) * (BOHR / HARTREE)
            elif question == "GETFORCE":
                answers.extend(b"FORCEREADY  " + numpy.float64(energy).tobytes()
                               + numpy.int32(atoms).tobytes()
                               + numpy.asarray(forces, numpy.float64).tobytes()
                               + bytes(72) + numpy.int32(1).tobytes() + b" ")
                energy = None
            elif question == "EXIT":
                return
            else:
                sys.exit(f"openmmClient: the server sent {question!r}")
    except (EOFError, ConnectionError):
        return


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--system", required=True, help="XML file of the System")
    options.add_argument("--address", required=True, help="path of the Unix socket, or host:port")
    options.add_argument("--platform", default="Reference",
                         help="Reference (the default) computes in double precision, CPU in single")
    given = options.parse_args()
    with open(given.system) as file:
        loaded = openmm.XmlSerializer.deserialize(file.read())
    serve(openmm.Context(loaded, openmm.VerletIntegrator(0.001),
                         openmm.Platform.getPlatformByName(given.platform)), given.address)
