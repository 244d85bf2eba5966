"""Makes commons/static/built/ out of commons/static/source/: `python commons/static/build.py NODE OUT`.

Scripts and stylesheets that no other one imports are bundled by esbuild; everything else is copied. Every file is named
after its content, so that a browser may keep it for good, and stands beside its compressed forms. manifest.json tells
the built name of each source. Standard library only: the site itself never imports this.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "source"
ROOT = SOURCE.parents[2]
BUNDLED = (".js", ".css")
WORTH_COMPRESSING = (*BUNDLED, ".svg", ".json")
ESBUILD = (
    *("node_modules/esbuild/bin/esbuild", "--bundle", "--minify", "--splitting", "--format=esm", "--target=es2022"),
    *("--entry-names=[name]-[hash]", "--log-level=warning"),
)
IMPORT = re.compile(r"""(?:import|from)\s*\(?\s*["']\./([\w.-]+)["']""")
COMPRESS = """
const fs = require("fs"), zlib = require("zlib");
for (const file of process.argv.slice(1)) {
    const text = fs.readFileSync(file);
    fs.writeFileSync(file + ".br", zlib.brotliCompressSync(text));
    fs.writeFileSync(file + ".gz", zlib.gzipSync(text, { level: 9 }));
}"""


def build(node: str, out: Path) -> dict[str, str]:
    out.mkdir(parents=True)
    manifest = bundle(node, out) | copy(out)
    worth = [path for path in sorted(out.rglob("*")) if path.suffix in WORTH_COMPRESSING]
    if worth:
        subprocess.run([node, "--eval", COMPRESS, *worth], check=True)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return manifest


def bundle(node: str, out: Path) -> dict[str, str]:
    texts = {path: path.read_text() for path in sorted(SOURCE.glob("*")) if path.suffix in BUNDLED}
    parts = {name for text in texts.values() for name in IMPORT.findall(text)}
    whole = [path for path in texts if path.name not in parts]
    if not whole:
        return {}
    notes = out / "notes.json"
    subprocess.run([node, *ESBUILD, f"--metafile={notes}", f"--outdir={out}", *whole], cwd=ROOT, check=True)
    outputs = json.loads(notes.read_text())["outputs"]
    notes.unlink()
    return {Path(told["entryPoint"]).name: Path(path).name for path, told in outputs.items() if "entryPoint" in told}


def copy(out: Path) -> dict[str, str]:
    manifest = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and path.suffix not in BUNDLED:
            name = path.relative_to(SOURCE)
            mark = hashlib.sha256(path.read_bytes()).hexdigest()[:8].upper()
            target = out / name.with_name(f"{name.stem}-{mark}{name.suffix}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            manifest[name.as_posix()] = target.relative_to(out).as_posix()
    return manifest


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]))
