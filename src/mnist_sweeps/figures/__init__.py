"""Pictures of finished runs, one file per family: arrays in, a matplotlib `Figure` out.

Nothing here trains, touches pyplot's global state or writes a file. A figure knows its own resolution:
`figure.savefig(path)` gives a PNG at most 1,600 pixels wide.
"""

# Plain imports on purpose: each function has the name of its module, so a lazy `__getattr__` would
# hand out the module instead as soon as anyone had imported it.
from mnist_sweeps.figures.batch_norm import batch_norm
from mnist_sweeps.figures.confusion import confusion
from mnist_sweeps.figures.curves import curves
from mnist_sweeps.figures.errors import errors
from mnist_sweeps.figures.weights import weights

__all__ = ["batch_norm", "confusion", "curves", "errors", "weights"]
