"""docs/tutorial.md: a reader who types every command of it, in order, gets what it promises."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r'^```(sh|python|yaml title="(?P<file>[^"]+)")\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
TINY = {
    "model: mlp,": "model: mlp_small,",
    "training.epochs: 10": "training.epochs: 1, data.train_size: 500, data.test_size: 200",
    "seeds: 3}": "seeds: 1}",
    "seeds: 10}": "seeds: 2}",
}


def script(page: str) -> str:
    """The page as one shell script: commands as they stand, files as here-documents."""
    steps = ["set -euo pipefail"]
    for block in BLOCK.finditer(page):
        opener = f"cat > '{block['file']}'" if block["file"] else "python -"
        steps.append(block["text"] if block[1] == "sh" else f"{opener} <<'END'\n{block['text']}END")
    return "\n".join(steps)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["tiny", "full"])
def test_every_command_of_the_tutorial_works(size: str, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for written, small in TINY.items() if size == "tiny" else ():
        assert written in page
        page = page.replace(written, small)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(
        ["bash", "-c", script(page)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = tmp_path / "first-sweep" / "outputs" / "batch_norm"
    seeds = {"tiny": 2, "full": 10}[size]
    assert len([*outputs.glob("*/seed-*/run.json")]) == 3 * seeds
    assert (outputs / "export" / "model.keras").is_file()
    with (outputs / "claims.csv").open(encoding="utf-8") as claims:
        assert [line["row"] for line in csv.DictReader(claims)] == ["too small, no batch norm", "too small, batch norm"]
    assert f"batch_norm: {3 * seeds} completed" in done.stdout
    assert re.search(r"too small, batch norm +\S+ +(higher|lower|same|not distinguishable)", done.stdout)


def test_the_script_has_every_kind_of_step() -> None:
    kinds = [block[1].split()[0] for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert set(kinds) == {"sh", "yaml", "python"}
    assert kinds.count("yaml") == 2
