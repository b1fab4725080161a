"""`mnist-sweeps report DIR...`: rebuilds the report from sweep.yaml and run folders alone."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.config import ConfigError
from mnist_sweeps.report import text


def main(words: list[str]) -> int:
    """0 where every row is complete, 1 where some are not."""
    if not words:
        raise ConfigError("report: expected the folder of a sweep, like `mnist-sweeps report outputs/quickstart`")
    reports = []
    for word in words:
        try:
            reports.append(report.write(Path(word)))
        except (OSError, ValueError) as error:
            raise ConfigError(f"report {word}: {error}") from error
        print(text.render(reports[-1]))
    return int(any(row.status != "completed" for one in reports for row in one.rows))
