import subprocess
import sys

FAMILIES = [
    "accuracies", "activation_boxes", "activation_scatter", "batch_norm", "confused_pair", "confusion", "curves",
    "depth", "inputs", "misclassified", "network", "pixel_importance", "weights",
]  # fmt: skip
HEAVY = ["tensorflow", "jax", "keras", "seaborn", "matplotlib.pyplot", "mnist_sweeps.training"]


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_importing_the_pictures_imports_nothing_that_trains_or_is_slow():
    assert run(f"import sys, mnist_sweeps.figures; print(sys.modules.keys() & {HEAVY})") == "set()\n"


def test_functions_are_not_hidden_by_their_modules():
    modules = "; ".join(f"import mnist_sweeps.figures.{name}" for name in FAMILIES)
    run(f"{modules}; from mnist_sweeps.figures import *; assert all(map(callable, [{', '.join(FAMILIES)}]))")
