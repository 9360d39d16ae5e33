"""Make the screenshots of this folder: `python docs/screenshots/make.py`.

It needs Chromium (`CHROMIUM` names another program), Playwright and Pillow.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "reports" / "published" / "index.html"
COLORS = 48
HEIGHTS = {1280: 800, 820: 1000, 390: 844}
CARDS = "relu_solves_vanishing_gradients"
SHOTS = (
    ("first-1280", 1280, "light", "", ""),
    ("first-390", 390, "dark", "", ""),
    ("chapter-820", 820, "light", "#chapter-xor", ""),
    ("card", 1280, "light", f"#{CARDS}", f"#{CARDS}"),
    ("card-projected", 1280, "light", "#two_relu_units_learn_xor/projected", ""),
    ("explorer-switches", 1280, "light", "#deep_net", "#deep_net"),
    ("explorer-grid", 1280, "dark", "#first_weights", "#first_weights"),
)
"""Name, width, colors, address on the page, and the part to show."""

STUDY = "study --data sklearn:wine --factor dropout=0,0.2 --preset quick --out"


def shoot(browser: Browser, page: Path, shot: tuple[str, int, str, str, str]) -> None:
    """Write one screenshot, with few colors."""
    name, width, scheme, address, part = shot
    size = {"width": width, "height": HEIGHTS[width]}
    opened = browser.new_page(viewport=size, color_scheme=scheme)
    opened.goto(page.as_uri() + address)
    drawn = opened.locator(part).screenshot() if part else opened.screenshot()
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    image.quantize(COLORS).save(HERE / f"{name}.png", optimize=True)
    opened.close()


def main() -> None:
    """Make them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, default=PAGE, help="the report to show")
    given = parser.parse_args()
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            shoot(browser, given.page.resolve(), shot)
        study = Path(folder) / "study"
        command = [sys.executable, "-m", "ablations", *STUDY.split(), str(study)]
        subprocess.run(command, check=True)  # noqa: S603
        shoot(browser, study / "index.html", ("study", 1280, "light", "", ""))
        browser.close()


if __name__ == "__main__":
    main()
