import subprocess
import sys
from pathlib import Path

SAY = """
import subprocess, sys
from pathlib import Path
from mnist_sweeps.runtime.stderr_log import captured

def say(text):
    print(text, file=sys.stderr)

say("before")
try:
    with captured(Path(sys.argv[1])):
        say("python")
        subprocess.run(["sh", "-c", "echo native >&2"])  # past Python's own sys.stderr, as a backend's C++ does
        print("to the terminal")
        1 / 0
except ZeroDivisionError:
    say("after")
"""


def test_standard_error_goes_to_the_end_of_the_log_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("earlier\n")
    child = subprocess.run([sys.executable, "-c", SAY, str(path)], capture_output=True, text=True, check=True)
    assert path.read_text().startswith("earlier\npython\nnative\nTraceback")
    assert path.read_text().endswith("\nZeroDivisionError: division by zero\n")
    assert child.stderr == "before\nafter\n"
    assert child.stdout == "to the terminal\n"
