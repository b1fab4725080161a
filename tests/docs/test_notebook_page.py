"""docs/how-to/notebook.md: every cell of it works in a real Jupyter kernel."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "notebook.md"
CELL = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
TINY = """\
question: Which?
common: {model: softmax, data.train_size: 500, data.test_size: 200, training.epochs: 1, seeds: 2}
variants:
  softmax: {}
  other seed: {seeds: [5, 6]}
"""
SMALLER = {'"quickstart", ["seeds=5"]': '"tiny"', "outputs/quickstart,seeds=5": "outputs/tiny"}
EXECUTE = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=300).execute()
nbformat.write(notebook, sys.argv[1])
"""


pytestmark = pytest.mark.slow  # a Jupyter kernel that trains: 30 s


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The page as a notebook, after all its cells ran; the first one counts how often the notebook runs."""
    if find_spec("nbclient") is None and "CI" not in os.environ:
        pytest.skip("needs nbclient and ipykernel, which `make setup` installs")
    import nbformat

    folder = tmp_path_factory.mktemp("notebook")
    (folder / "conf" / "sweep").mkdir(parents=True)
    (folder / "conf" / "sweep" / "tiny.yaml").write_text(TINY)
    page = PAGE.read_text(encoding="utf-8")
    for written, small in SMALLER.items():
        assert written in page
        page = page.replace(written, small)
    cells = ["with open('runs_of_this_notebook', 'a') as file:\n    file.write('x')", *CELL.findall(page)]
    path = folder / "page.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, str(path)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "runs_of_this_notebook").read_text() == "x"
    return nbformat.read(path, 4)


def texts(cells: Any, kind: str) -> str:
    """What the cells show as `text/html` or `text/plain`, or print."""
    outputs = [output for cell in cells for output in cell.outputs]
    return "\n".join(output.get("data", {}).get(kind, "") + output.get("text", "") for output in outputs)


def test_the_sweep_is_shown_as_the_table_with_verdicts(executed: Any) -> None:
    shown = texts(executed.cells[1:2], "text/html")
    assert "<th>Verdict</th>" in shown and "<td>softmax</td>" in shown


def test_progress_is_shown(executed: Any) -> None:
    assert "4 runs in outputs/tiny" in texts(executed.cells[1:2], "text/plain")
    (bar,) = [widget for widget in widgets(executed) if widget["model_name"] == "OutputModel"]
    assert " 4/4" in bar["state"]["outputs"][-1]["data"]["text/html"].replace("</span>", "").replace(">", " ")
    assert not [output for output in executed.cells[1].outputs if output.get("name") == "stderr"]


def widgets(notebook: Any) -> list[Any]:
    (state,) = notebook.metadata["widgets"].values()
    return [*state["state"].values()]


def test_the_frames_and_the_model_are_there(executed: Any) -> None:
    shown = texts(executed.cells[2:], "text/plain")
    assert re.search(r"^softmax +2 +0\.\d+", shown, re.MULTILINE)
    assert "Total params" in shown
    assert texts(executed.cells[3:4], "image/png")
