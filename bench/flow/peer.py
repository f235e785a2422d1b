"""The flow of bench/flow.ts in PyTorch, driven over standard input: one JSON object a line.

{"do": "setup", "case": {...}, "folder": "..."} -> {"loss": ...} or {"logProb": [...]}
{"do": "run", "repeats": n} -> {"seconds": per call, "cpuSeconds": per call, of all threads}
"""

import json
import math
import sys
import time

import numpy as np
import torch

calls = {}


class Flow(torch.nn.Module):
    """RealNVP over even and odd coordinates: what `affineCouplings` of src/flow is."""

    def __init__(self, case, arrays, dtype):
        super().__init__()
        self.count = case["couplings"]
        self.shared = case["conditioner"] == "shared"
        layers = len(case["hidden"]) + 1
        self.nets = torch.nn.ModuleList()
        arrays = iter(arrays)
        for _ in range(self.count):
            for activation in [torch.nn.ReLU] if self.shared else [torch.nn.Tanh, torch.nn.ReLU]:
                stack = []
                for layer in range(layers):
                    kernel, bias = next(arrays), next(arrays)
                    linear = torch.nn.Linear(*kernel.shape, dtype=dtype)
                    with torch.no_grad():
                        linear.weight.copy_(torch.from_numpy(kernel.T.copy()))
                        linear.bias.copy_(torch.from_numpy(bias))
                    stack += [linear] + ([activation()] if layer < layers - 1 else [])
                self.nets.append(torch.nn.Sequential(*stack))

    def conditioner(self, coupling, c):
        if self.shared:
            return self.nets[coupling](c).chunk(2, 1)
        return self.nets[2 * coupling](c), self.nets[2 * coupling + 1](c)

    def inverse(self, x):
        part = [x[:, 0::2], x[:, 1::2]]
        total = 0
        for coupling in reversed(range(self.count)):
            reads = READS[coupling % 2]
            scale, shift = self.conditioner(coupling, part[reads])
            part[1 - reads] = part[1 - reads] * torch.exp(scale) + shift
            total = total + scale.sum(1)
        return self.join(part), total

    def forward(self, z):
        part = [z[:, 0::2], z[:, 1::2]]
        total = 0
        for coupling in range(self.count):
            reads = READS[coupling % 2]
            scale, shift = self.conditioner(coupling, part[reads])
            part[1 - reads] = (part[1 - reads] - shift) * torch.exp(-scale)
            total = total - scale.sum(1)
        return self.join(part), total

    @staticmethod
    def join(part):
        return torch.stack(part, 2).reshape(part[0].shape[0], -1)


# The channel that couplings 0, 2, 4 … and 1, 3, 5 … read: set by the case.
READS = [0, 1]


def energy(x):
    p = x.reshape(x.shape[0], -1, 2)
    i, j = torch.triu_indices(p.shape[1], p.shape[1], 1)
    square = ((p[:, i] - p[:, j]) ** 2).sum(2)
    return 1e-2 * ((square + 0.3) ** -6).sum(1) + 0.5 * (x * x).sum(1)


def setup(case, folder):
    torch.set_num_threads(case["threads"])
    dtype = torch.float64 if case["precision"] == "float64" else torch.float32
    READS[:] = case["reads"]
    flat = np.fromfile(folder + "/weights.f32", dtype=np.float32)
    arrays, start = [], 0
    for shape in case["shapes"]:
        size = math.prod(shape)
        arrays.append(flat[start : start + size].reshape(shape))
        start += size
    flow = Flow(case, arrays, dtype)
    rows = np.fromfile(folder + "/rows.f64").reshape(case["batch"], case["dim"])
    x = torch.from_numpy(rows).to(dtype)
    optimiser = torch.optim.Adam(flow.parameters(), 1e-3, eps=1e-7, fused=case["fused"])

    def train(loss_of):
        optimiser.zero_grad()
        loss = loss_of()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(flow.parameters(), 1e3)
        optimiser.step()
        return loss.item()

    def by_example():
        z, log_det = flow.inverse(x)
        return (0.5 * (z * z).sum(1) - log_det).mean()

    def by_energy():
        y, log_det = flow(torch.randn_like(x))
        return (energy(y) - log_det).mean()

    def log_prior(z):
        return -0.5 * (z * z).sum(1) - 0.5 * case["dim"] * math.log(2 * math.pi)

    @torch.inference_mode()
    def sample():
        z = torch.randn_like(x)
        y, log_det = flow(z)
        return y, log_prior(z) - log_det

    if case["kind"] == "sample":
        calls["run"] = sample
        with torch.inference_mode():
            z, log_det = flow.inverse(x)
            return {"values": (log_prior(z) + log_det).double().tolist()}
    if case["kind"] == "energy":
        calls["run"] = lambda: train(by_energy)
        with torch.no_grad():
            y, log_det = flow(x)
            return {"values": [(energy(y) - log_det).mean().item()]}
    calls["run"] = lambda: train(by_example)
    # The losses before each of the first steps: equal only if gradients and optimiser are.
    return {"values": [calls["run"]() for _ in range(5)]}


def run(repeats):
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        calls["run"]()
    return {
        "seconds": (time.perf_counter() - start) / repeats,
        "cpuSeconds": (time.process_time() - busy) / repeats,
    }


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "setup":
        answer = setup(request["case"], request["folder"])
    else:
        answer = run(request["repeats"])
    print(json.dumps(answer), flush=True)
