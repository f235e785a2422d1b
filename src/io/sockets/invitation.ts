import type { SocketAddress } from './address.ts';

/** The address, and how the usual engines are told to come to it. */
export function invitation(address: SocketAddress): string {
  if (address.kind === 'tcp') {
    const { host, port } = address;
    return (
      `${host} port ${port}; in LAMMPS "fix 1 all ipi ${host} ${port}", ` +
      `in ASE SocketClient(host='${host}', port=${port}), ` +
      `with OpenMM "openmmClient.py --address ${host}:${port}"`
    );
  }
  const { path, name } = address;
  const openmm = `with OpenMM "openmmClient.py --address ${path}"`;
  if (name === undefined) return `${path}; ${openmm}`;
  return (
    `${path}; in LAMMPS "fix 1 all ipi ${name} 1 unix", ` +
    `in ASE SocketClient(unixsocket='${name}'), ${openmm}`
  );
}
