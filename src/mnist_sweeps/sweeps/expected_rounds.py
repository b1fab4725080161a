"""How many seeds a sweep until decided is expected to take."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.report.rounds import limits
from mnist_sweeps.stats import Sample, dispersion, expected_seeds
from mnist_sweeps.stats.chance import MNIST_CHANCE
from mnist_sweeps.storage import variant_folder

TYPICAL_ACCURACY = 0.984  # of an MLP on the full MNIST


@dataclass(frozen=True)
class ExpectedSeeds:
    """Mean numbers of seeds by row, where every row differs by the margin, and the `spread` that they are for."""

    by_row: dict[str, float]
    row: float
    spread: str

    @property
    def runs(self) -> float:
        """In all rows that are trained."""
        return sum(self.by_row.values())


def expected(plan: SweepPlan, test_images: int) -> ExpectedSeeds:
    """The seeds that a sweep until decided takes on average.

    Args:
        plan: The sweep.
        test_images: On which its runs are tested.
    """
    assert plan.until is not None
    samples = _samples(plan)
    measured = {name: sample for name, sample in samples.items() if sample.freedom}
    accuracy = fmean(sample.mean for sample in samples.values()) if measured else TYPICAL_ACCURACY
    compared = [row for row in plan.to_train if row.compared_with]
    ratio = {"spread": dispersion(measured)} if measured else {}
    row_seeds, target_seeds = expected_seeds(
        plan.sweep.margin / 100, accuracy, test_images, len(compared), limits(plan.until), **ratio
    )
    targets = {row.compared_with for row in compared}
    by_row = {row.name: target_seeds if row.name in targets else row_seeds for row in plan.to_train}
    words = (
        f"measured on the {sum(len(sample.values) for sample in measured.values())} runs that there are"
        if measured
        else f"the usual one at an accuracy of {accuracy:.1%}, as there are no runs yet"
    )
    return ExpectedSeeds(by_row, row_seeds, words)


def _samples(plan: SweepPlan) -> dict[str, Sample]:
    """The test accuracies of runs that are there already, by row."""
    samples = {}
    for row in plan.to_train:
        records = [r for r in variant_folder.read_all(plan.folder / row.folder).values() if r.completed and r.n_test]
        if values := [record.metrics["test_accuracy"] for record in records if "test_accuracy" in record.metrics]:
            samples[row.name] = Sample(tuple(values), records[0].n_test or 1, records[0].chance or MNIST_CHANCE)
    return samples
