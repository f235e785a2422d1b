import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** A scripted client: a harmonic engine that speaks the i-PI protocol, with one fault. */
export function fakeEngine(options, tell) {
  const { address, atoms, stiffness, fault = '', healthy = 0, delay = 0 } = options;
  const socket =
    address.kind === 'unix' ? connect(address.address) : connect(address.port, address.host);
  socket.setNoDelay(true);
  const header = (text) => Buffer.from(text.padEnd(12));
  let received = Buffer.alloc(0);
  let state = fault === 'needs init' ? 'NEEDINIT' : 'READY';
  let done = 0;
  let answer = Buffer.alloc(0);

  /** Some faults appear only after a number of rows were served well. */
  const faulty = () => done >= healthy;

  function compute(positions) {
    let energy = 0;
    const forces = new Float64Array(positions.length);
    for (let i = 0; i < positions.length; i++) {
      energy += 0.5 * stiffness * positions[i] ** 2;
      forces[i] = -stiffness * positions[i];
    }
    let count = fault === 'other atoms' ? atoms + 1 : atoms;
    let extras = 1;
    if (faulty()) {
      if (fault === 'nan force') forces[4] = Number.NaN;
      if (fault === 'nan energy') energy = Number.NaN;
      if (fault === 'infinite energy') energy = Number.POSITIVE_INFINITY;
      if (fault === 'huge count') count = 2 ** 31 - 1;
      if (fault === 'reversed bytes')
        count = Buffer.from(Int32Array.of(atoms).buffer).readInt32BE(0);
      if (fault === 'negative extras') extras = -5;
      if (fault === 'huge extras') extras = 2 ** 30;
    }
    answer = Buffer.concat([
      header('FORCEREADY'),
      Buffer.from(Float64Array.of(energy).buffer),
      Buffer.from(Int32Array.of(count).buffer),
      Buffer.from(forces.buffer),
      Buffer.alloc(72),
      Buffer.from(Int32Array.of(extras).buffer),
      Buffer.alloc(1),
    ]);
  }

  function send(bytes) {
    if (fault === 'dribble') {
      for (const byte of bytes) socket.write(Uint8Array.of(byte));
    } else {
      socket.write(bytes);
    }
  }

  function take(count) {
    const taken = Buffer.from(received.subarray(0, count));
    received = received.subarray(count);
    return taken;
  }

  /** One message, if a whole one is there. */
  function step() {
    const kind = received.subarray(0, 12).toString().trimEnd();
    const wants = { STATUS: 12, GETFORCE: 12, EXIT: 12, INIT: 21, POSDATA: 160 + 24 * atoms }[kind];
    if (received.length < 12 || received.length < wants) return false;
    const message = take(wants);
    if (kind === 'STATUS') {
      if (fault === 'mute') return true;
      if (fault === 'web browser') send('GET / HTTP/1.1\r\n\r\n');
      else if (fault === 'binary') send(Uint8Array.from({ length: 12 }, (_, i) => 200 + i));
      else if (fault === 'skips ahead' && state === 'HAVEDATA' && faulty()) send(header('READY'));
      else send(header(state));
    } else if (kind === 'INIT') {
      state = 'READY';
    } else if (kind === 'POSDATA') {
      if (fault === 'dies' && faulty()) {
        socket.destroy();
        return false;
      }
      if (fault === 'hangs' && faulty()) {
        socket.pause();
        return false;
      }
      if (done === 0)
        tell(
          `cell ${Array.from(new Float64Array(new Uint8Array(message.subarray(12, 84)).buffer))}`,
        );
      compute(new Float64Array(new Uint8Array(message.subarray(160)).buffer));
      state = 'HAVEDATA';
    } else if (kind === 'GETFORCE') {
      if (fault === 'half a message' && faulty()) {
        socket.end(answer.subarray(0, 44));
        return false;
      }
      const deliver = () => {
        send(answer);
        state = 'READY';
        done++;
      };
      if (delay === 0) deliver();
      else {
        setTimeout(() => {
          deliver();
          while (step());
        }, delay);
        return false;
      }
    } else if (kind === 'EXIT') {
      tell('EXIT');
      socket.end();
      return false;
    }
    return true;
  }

  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (step());
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    tell(`served ${done}`);
  });
}

// As a thread of a test's, or as a program that a potential starts.
const self = fileURLToPath(import.meta.url);
if (!isMainThread && workerData?.fakeEngine !== undefined) {
  fakeEngine(workerData.fakeEngine, (text) => parentPort.postMessage(text));
} else if (isMainThread && process.argv[1] === self) {
  fakeEngine(JSON.parse(process.argv[2]), console.log);
}
