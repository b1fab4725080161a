"""Pictures of finished runs, one file per family: arrays in, a matplotlib `Figure` out.

Nothing here trains, touches pyplot's global state or writes a file. A figure knows its own resolution:
`figure.savefig(path)` gives a PNG at most 1,600 pixels wide.
"""

# Plain imports on purpose: each function has the name of its module, so a lazy `__getattr__` would
# hand out the module instead as soon as anyone had imported it.
from mnist_sweeps.figures.accuracies import accuracies
from mnist_sweeps.figures.activation_boxes import activation_boxes
from mnist_sweeps.figures.activation_scatter import activation_scatter
from mnist_sweeps.figures.batch_norm import batch_norm
from mnist_sweeps.figures.cell_means import cell_means
from mnist_sweeps.figures.confused_pair import confused_pair
from mnist_sweeps.figures.confusion import confusion
from mnist_sweeps.figures.curves import curves
from mnist_sweeps.figures.depth import depth
from mnist_sweeps.figures.inputs import inputs
from mnist_sweeps.figures.misclassified import misclassified
from mnist_sweeps.figures.network import network
from mnist_sweeps.figures.pixel_importance import pixel_importance
from mnist_sweeps.figures.weights import weights

__all__ = [
    "accuracies",
    "activation_boxes",
    "activation_scatter",
    "batch_norm",
    "cell_means",
    "confused_pair",
    "confusion",
    "curves",
    "depth",
    "inputs",
    "misclassified",
    "network",
    "pixel_importance",
    "weights",
]
