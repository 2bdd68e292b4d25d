"""The tests that stand beside the browser sources, run by Node."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_modules_keep_what_they_promise():
    command = [ROOT / "tools/npm.sh", "run", "--silent", "test"]
    ran = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert "fail 0" in ran.stdout
