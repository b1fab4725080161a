"""report.md."""

from mnist_sweeps.report import read
from mnist_sweeps.report.tables import markdown


def render(sweep):
    return markdown.render(read(sweep.save()))


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def test_table_has_a_line_for_each_row(three_rows):
    lines = [line for line in render(three_rows).splitlines() if line.startswith("|")]
    assert [cells(line)[0] for line in lines] == ["Architecture", ":---", "512-256", "wide", "sgd, 5 epochs"]
    assert len({len(cells(line)) for line in lines}) == 1


def test_changes_are_marked(three_rows):
    assert "optimizer, epochs (*not attributable to one*)" in render(three_rows)


def test_names_are_no_markup(sweep):
    sweep.row("a|b_c*\n<img src=x>", [0.9])
    assert "| a\\|b\\_c\\* \\<img src=x\\> |" in render(sweep)


def test_notes_are_a_list(three_rows):
    assert "\n- Differences are against 512-256.\n" in render(three_rows)
