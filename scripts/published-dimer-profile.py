"""The published profile of the particle dimer at kT = 1, as a TypeScript file:

    python3 scripts/published-dimer-profile.py US_data.npz > src/md/particleDimer/publishedProfile.ts

`US_data.npz` came with the code of Noé et al., Science 365, eaaw1147, 2019. It has the free energies of 25
windows with a bias of k (d - c)^2, k = 200, at five temperatures, three repeats each, forward and backward.
Those are free energies A(c) of windows and no profile: a window averages over 0.05 of d. With F quadratic
across a window the profile follows from them,

    m = c - A'/(2k),   F(m) = A - A'^2/(4k) + ln(1 - A''/(2k))/2

with A' and A'' by central differences. The same formulas take the windows of our own profile back to it within
0.06 kT, which a test checks. Errors are standard deviations over the six runs divided by the root of six, with every run normalised
over its windows.
"""

import sys

import numpy as np

SPRING = 200.0


def profile(windows, centres):
    """Positions and free energies of the profile, from those of windows, [..., C]."""
    step = centres[1] - centres[0]
    slope = (windows[..., 2:] - windows[..., :-2]) / (2 * step)
    bend = (windows[..., 2:] - 2 * windows[..., 1:-1] + windows[..., :-2]) / step**2
    at = centres[1:-1] - slope / (2 * SPRING)
    free = windows[..., 1:-1] - slope**2 / (4 * SPRING) + np.log(1 - bend / (2 * SPRING)) / 2
    return at, free


def text(name, values):
    return f"  {name}: [{', '.join(f'{v:.4f}' for v in values)}],"


data = np.load(sys.argv[1])
assert data["k"] == SPRING
count = int(data["n_umbrella"])
centres = data["umbrella_positions"][:count]
rows = data["umbrella_free_energies"][data["temperatures"] == 1]
runs = np.concatenate([rows[:, :count], rows[:, count:][:, ::-1]])
runs = runs + np.log(np.exp(-runs).sum(axis=1, keepdims=True))

at, free = profile(runs.mean(axis=0), centres)
error = profile(runs, centres)[1].std(axis=0, ddof=1) / np.sqrt(len(runs))

print("// Made by scripts/published-dimer-profile.py from US_data.npz of the release. Do not edit.\n")
print("export const publishedProfile = {")
print(text("at", at))
print(text("freeEnergy", free - free.min()))
print(text("standardError", error))
print("} as const;")
