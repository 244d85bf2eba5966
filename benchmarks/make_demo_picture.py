"""Draws commons/demo/files/rain-tank.png: how rain comes from a roof into a tank. Our own drawing, CC0.

python -m benchmarks.make_demo_picture
"""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from commons.config import ROOT

SCALE = 2  # drawn twice as large and made smaller, so that lines are smooth
PAPER, INK, MOSS, SEA, CLAY, RAIN = "#faf8f3", "#1c2420", "#1f5c46", "#135e78", "#9a3f1d", "#5f9db3"
WORDS = (
    ((282, 230), "1  roof"),
    ((585, 268), "2  gutter, falling gently"),
    ((534, 555), "3  first flush"),
    ((860, 372), "4  lid and mesh"),
    ((925, 600), "5  tank"),
    ((1122, 682), "6  tap"),
    ((1100, 398), "7  overflow"),
)


def main() -> None:
    picture = Image.new("RGB", (1280 * SCALE, 800 * SCALE), PAPER)
    pen = ImageDraw.Draw(picture)

    def at(*points: float) -> list[float]:
        return [point * SCALE for point in points]

    for row in range(5):
        for column in range(11):
            x, y = 90 + column * 62 + row % 2 * 30, 30 + row * 34
            pen.line(at(x, y, x - 9, y + 22), fill=RAIN, width=3 * SCALE)
    pen.rectangle(at(120, 300, 520, 740), outline=INK, width=4 * SCALE)
    pen.polygon(at(80, 300, 320, 150, 560, 300), fill="#e3ede6", outline=MOSS, width=6 * SCALE)
    for window in (170, 370):
        pen.rectangle(at(window, 390, window + 100, 480), outline=INK, width=3 * SCALE)
    pen.rectangle(at(270, 590, 360, 740), outline=INK, width=3 * SCALE)
    pen.line(at(550, 308, 690, 322), fill=SEA, width=10 * SCALE)
    pen.line(at(690, 322, 690, 640), fill=SEA, width=10 * SCALE)
    pen.rectangle(at(676, 500, 704, 640), fill="#cfe3ea", outline=SEA, width=4 * SCALE)
    pen.line(at(690, 400, 860, 420), fill=SEA, width=10 * SCALE)
    pen.rectangle(at(850, 410, 1080, 740), fill="#e6f0f3", outline=INK, width=5 * SCALE)
    pen.rectangle(at(852, 500, 1078, 738), fill="#b9d8e2")
    pen.line(at(850, 410, 1080, 410), fill=CLAY, width=9 * SCALE)
    pen.line(at(1080, 430, 1200, 450), fill=SEA, width=8 * SCALE)
    pen.line(at(1200, 450, 1200, 520), fill=SEA, width=8 * SCALE)
    pen.line(at(1080, 712, 1112, 712), fill=CLAY, width=9 * SCALE)
    pen.line(at(1112, 712, 1112, 728), fill=CLAY, width=7 * SCALE)
    pen.line(at(40, 742, 1240, 742), fill=INK, width=4 * SCALE)
    font = ImageFont.load_default(size=22 * SCALE)
    for (x, y), words in WORDS:
        pen.text((x * SCALE, y * SCALE), words, fill=INK, font=font)
    picture.resize((1280, 800), Image.Resampling.LANCZOS).quantize(64).save(
        ROOT / "commons" / "demo" / "files" / "rain-tank.png", optimize=True
    )


if __name__ == "__main__":
    main()
