import type { SocketAddress } from './address.ts';

/** The address, and how the usual engines are told to come to it. */
export function invitation({ kind, address, name, host, port }: SocketAddress): string {
  const openmm = `with OpenMM "openmmClient.py --address ${address}"`;
  if (kind === 'tcp') {
    return (
      `${host} port ${port}; in LAMMPS "fix 1 all ipi ${host} ${port}", ` +
      `in ASE SocketClient(host='${host}', port=${port}), ${openmm}`
    );
  }
  if (name === '') return `${address}; ${openmm}`;
  return (
    `${address}; in LAMMPS "fix 1 all ipi ${name} 1 unix", ` +
    `in ASE SocketClient(unixsocket='${name}'), ${openmm}`
  );
}
