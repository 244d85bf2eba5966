"""In the child: a picture is drawn anew, so that nothing of the file that came is left but what can be seen.

Place, time, camera and whatever else stood in it are gone; it stands upright; its colours are sRGB. What moves stands still (its
first frame), because a text beside something that moves cannot be read by everybody.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

from commons.files.intake.bounds import LONGEST_SIDE, MOST_PIXELS, WIDTHS
from commons.files.intake.child import Fault, work

Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything is decoded
KINDS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/png", "WEBP": "image/webp"}
DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")


def bake(source: BinaryIO, folder: Path, _word: str) -> dict[str, Any]:
    """Writes `full` and one file for each width that is smaller; says what it made."""
    picture = _opened(source)
    media_type = KINDS[picture.format or ""]
    clean = _clean(picture)
    width, height = clean.size
    with (folder / "full").open("wb") as file:
        if media_type == "image/jpeg":
            _opaque(clean).save(file, "JPEG", quality=85, optimize=True, progressive=True)
        elif media_type == "image/webp":
            clean.save(file, "WEBP", quality=85, method=3)
        else:
            clean.save(file, "PNG")
    return {"media_type": media_type, "width": width, "height": height, "widths": _small(clean, folder)}


def shrink(source: BinaryIO, folder: Path, _word: str) -> dict[str, Any]:
    """The thumbnails again, from a picture that this site made."""
    return {"widths": _small(_clean(_opened(source)), folder)}


def _opened(source: BinaryIO) -> Image.Image:
    picture = Image.open(source, formats=("JPEG", "PNG", "GIF", "WEBP"))
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Fault("too many pixels")
    picture.load()
    return picture


def _clean(picture: Image.Image) -> Image.Image:
    """Upright, in sRGB, and without a word of what else the file held."""
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    transparent = "transparency" in upright.info or "A" in upright.getbands() or upright.mode in ("La", "RGBa")
    if upright.mode in DEEP:
        clean = _shallow(upright)
    elif transparent:
        clean = upright.convert("RGBA")
    elif upright.mode in ("1", "L"):
        clean = upright.convert("L")
    elif upright.mode == "P" and not profile:
        clean = upright.copy()
    else:
        clean = _in_srgb(upright, profile)
        profile = None
    if profile and clean.mode == "RGBA":
        clean = _in_srgb(clean, profile)
    clean.info = {}
    return clean


def _shallow(picture: Image.Image) -> Image.Image:
    """16 bits for each grey become 8."""
    whole = picture.convert("I")
    return whole.point(lambda grey: grey * (1 / 256)).convert("L") if picture.mode != "F" else picture.convert("L")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        plain = picture if picture.mode in ("RGB", "RGBA", "CMYK") else picture.convert("RGB")
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(plain, given, srgb, outputMode=mode)
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that does not fit its picture: the numbers are taken for sRGB, as browsers do
    return picture.convert(mode)


def _opaque(picture: Image.Image) -> Image.Image:
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _small(picture: Image.Image, folder: Path) -> list[int]:
    made = []
    whole = picture.convert("RGB") if picture.mode == "P" else picture
    for width in sorted(WIDTHS, reverse=True):
        if width < picture.width:
            height = max(1, round(picture.height * width / picture.width))
            whole = whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            whole.save(folder / f"{width}", "WEBP", quality=80, method=4)
            made.append(width)
    return made


def main() -> None:
    work({"bake": bake, "shrink": shrink})
