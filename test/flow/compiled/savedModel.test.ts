import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { newGraph } from '../../../src/flow/compiled/graph.ts';
import { protobuf } from '../../../src/flow/compiled/protobuf.ts';
import { reachable, savedModel } from '../../../src/flow/compiled/savedModel.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('protobuf', () => {
  // protobuf.dev/programming-guides/encoding: its own worked examples.
  it('writes the examples of the specification', () => {
    expect(hex(protobuf((m) => m.integer(1, 150)))).toBe('089601');
    expect(hex(protobuf((m) => m.text(2, 'testing')))).toBe('120774657374696e67');
    expect(hex(protobuf((m) => m.message(3, (inner) => inner.integer(1, 150))))).toBe('1a03089601');
    expect(hex(protobuf((m) => m.integer(1, -2)))).toBe('08feffffffffffffffff01');
  });

  it('writes field numbers above 15 in two bytes, and floats in four', () => {
    expect(hex(protobuf((m) => m.integer(16, 1)))).toBe('800101');
    expect(hex(protobuf((m) => m.float(4, 1)))).toBe('250000803f');
  });
});

describe('savedModel', () => {
  it('holds what is fetched and what that depends on, and nothing else', () => {
    const graph = newGraph('float32');
    const x = graph.placeholder('float32', [2]);
    const f32 = { T: { type: 'float32' } } as const;
    const used = graph.op('Exp', [x], f32, 'float32', [2]);
    graph.op('Sin', [x], f32, 'float32', [2]);
    expect(reachable([used]).map((node) => node.op)).toEqual(['Placeholder', 'Exp']);
  });

  it('records equal operations once, and effects every time', () => {
    const graph = newGraph('float32');
    const x = graph.placeholder('float32', [2]);
    const f32 = { T: { type: 'float32' } } as const;
    const exp = (): object => graph.op('Exp', [x], f32, 'float32', [2]);
    expect(exp()).toBe(exp());
    const read = (): object => graph.effect('Exp', [x], f32, [], []).node;
    expect(read()).not.toBe(read());
    expect(graph.constant([0], [], 'float32')).toBe(graph.constant([0], [], 'float32'));
    expect(graph.constant([0], [], 'float32')).not.toBe(graph.constant([-0], [], 'float32'));
  });

  it('is read by the message classes that tfjs-node ships as what was written', () => {
    // Untyped generated code: an independent reader of the same format.
    const messages = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js');
    const graph = newGraph('float64');
    const x = graph.placeholder('float64', [3, 2]);
    const uniform = graph.constant([0.1], [3, 2], 'float64');
    const table = graph.constant([1, 2], [2], 'float64');
    const f64 = { T: { type: 'float64' } } as const;
    const sum = graph.op('AddV2', [x, uniform], f64, 'float64', [3, 2]);
    const product = graph.op('Mul', [sum, table], f64, 'float64', [3, 2]);
    const model = messages.SavedModel.deserializeBinary(savedModel([product]));
    const meta = model.getMetaGraphsList()[0];
    expect(meta.getMetaInfoDef().getTagsList()).toEqual(['serve']);
    const nodes = meta.getGraphDef().getNodeList();
    expect(nodes.map((node: { getOp(): string }) => node.getOp()).sort()).toEqual(
      ['AddV2', 'Const', 'Const', 'Mul', 'Placeholder'].sort(),
    );
    const mul = nodes.find((node: { getOp(): string }) => node.getOp() === 'Mul');
    expect(mul.getInputList()).toEqual([`${sum.node.name}:0`, `${table.node.name}:0`]);
    expect(mul.getAttrMap().get('T').getType()).toBe(messages.DataType['DT_DOUBLE']);
  });
});
