import {
  type Attribute,
  type Constant,
  type ElementType,
  type GraphNode,
  nameOf,
  sizeOf,
  type Value,
} from './graph.ts';
import { type ProtobufWriter, protobuf } from './protobuf.ts';

/**
 * The bytes of `saved_model.pb`: a SavedModel, tagged `serve`, of the nodes that `fetched` values
 * depend on. It needs no variables folder, since it initialises its own state.
 *
 * Fields and their numbers: tensorflow/core/protobuf/{saved_model,meta_graph}.proto and
 * tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape,types,versions}.proto.
 */
export function savedModel(fetched: readonly Value[]): Uint8Array {
  return protobuf((model) => {
    model.integer(1, 1); // saved_model_schema_version
    model.message(2, (metaGraph) => {
      metaGraph.message(1, (info) => info.text(4, 'serve'));
      metaGraph.message(2, (graph) => {
        for (const node of reachable(fetched)) graph.message(1, (def) => writeNode(def, node));
        // The producer's version decides how old op definitions are read: that of TensorFlow 2.9.
        graph.message(4, (versions) => versions.integer(1, 1087));
      });
    });
  });
}

/** Everything that `fetched` values depend on, inputs before users. */
export function reachable(fetched: readonly Value[]): GraphNode[] {
  const seen = new Set<GraphNode>();
  const order: GraphNode[] = [];
  // Depth first on an explicit stack: a deep flow's graph would overflow the call stack.
  const stack = fetched.map((value) => ({ node: value.node, entered: false })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.entered) order.push(top.node);
    else if (!seen.has(top.node)) {
      seen.add(top.node);
      stack.push({ node: top.node, entered: true });
      for (const node of [...top.node.inputs.map((value) => value.node), ...top.node.after]) {
        stack.push({ node, entered: false });
      }
    }
  }
  return order;
}

function writeNode(def: ProtobufWriter, node: GraphNode): void {
  def.text(1, node.name);
  def.text(2, node.op);
  for (const input of node.inputs) def.text(3, nameOf(input));
  for (const before of node.after) def.text(3, `^${before.name}`);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    def.entry(5, name, (value) => writeAttribute(value, attribute));
  }
  if (node.constant !== undefined) {
    const { constant } = node;
    def.entry(5, 'value', (value) => value.message(8, (tensor) => writeTensor(tensor, constant)));
  }
}

function writeAttribute(value: ProtobufWriter, attribute: Attribute): void {
  if ('type' in attribute) value.integer(6, DATA_TYPES[attribute.type]);
  else if ('int' in attribute) value.integer(3, attribute.int);
  else if ('float' in attribute) value.float(4, attribute.float);
  else if ('bool' in attribute) value.integer(5, attribute.bool ? 1 : 0);
  else if ('text' in attribute) value.text(2, attribute.text);
  else value.message(7, (shape) => writeShape(shape, attribute.shape));
}

function writeShape(shape: ProtobufWriter, extents: readonly number[]): void {
  for (const extent of extents) shape.message(2, (dimension) => dimension.integer(1, extent));
}

function writeTensor(tensor: ProtobufWriter, constant: Constant): void {
  tensor.integer(1, DATA_TYPES[constant.type]);
  tensor.message(2, (shape) => writeShape(shape, constant.shape));
  const listed = LISTED_VALUES[constant.type];
  if (constant.uniform && listed !== undefined) {
    // One listed value fills the whole tensor.
    tensor.bytes(listed, littleEndian(constant.type, constant.values));
  } else {
    const { values } = constant;
    const size = sizeOf(constant.shape);
    const all = constant.uniform ? Array.from({ length: size }, () => values[0]) : values;
    tensor.bytes(4, littleEndian(constant.type, all));
  }
}

/** `DataType` of types.proto. */
const DATA_TYPES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  int64: 9,
  bool: 10,
  resource: 20,
  uint32: 22,
  uint64: 23,
};

/** `float_val` and `double_val`: the fields of a TensorProto whose packed form is plain memory. */
const LISTED_VALUES: Readonly<Partial<Record<ElementType, number>>> = { float32: 5, float64: 6 };

function littleEndian(type: ElementType, values: ArrayLike<number>): Uint8Array {
  // Every platform that TensorFlow is built for is little-endian.
  const typed = asTyped(type, values);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function asTyped(type: ElementType, values: ArrayLike<number>): ArrayBufferView {
  switch (type) {
    case 'float32':
      return Float32Array.from(values);
    case 'float64':
      return Float64Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'uint32':
      return Uint32Array.from(values);
    case 'bool':
      return Uint8Array.from(values, (v) => (v === 0 ? 0 : 1));
    case 'int64':
    case 'uint64':
      return BigInt64Array.from(Array.from(values, (v) => BigInt(v)));
    case 'resource':
      throw new TypeError('a resource cannot be a constant');
  }
}
