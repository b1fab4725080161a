"""Tables of the page of the notebooks."""

from collections.abc import Iterable

from mnist_sweeps.report.tables.markdown import escaped, markdown_table


def table(headers: tuple[str, ...], cells: Iterable[Iterable[str]]) -> str:
    """A Markdown table whose cells are no markup."""
    return markdown_table([headers, [":---"] * len(headers), *([escaped(cell) for cell in line] for line in cells)])
