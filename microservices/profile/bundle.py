"""Make what the pipeline deploys: build/<digest>.zip, and packaged.yaml, which points to it.

usage: python bundle.py s3://bucket/prefix

The bundle is named by its content and holds no times: the same source makes the same bundle, so a
deployment changes the function only when its code changed. The contract goes into the template as
text, where CloudFormation resolves its Fn::Sub.
"""

import hashlib
import io
import re
import sys
import textwrap
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(source: Path) -> bytes:
    """The Python files under `source` as a zip; a function of their paths and bytes alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(source.rglob("*.py")):
            entry = zipfile.ZipInfo(file.relative_to(source).as_posix(), EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def packaged(template: str, contract: str, code_uri: str) -> str:
    """The template with the contract inlined and the code's address filled in."""
    body = "DefinitionBody:\n" + textwrap.indent(contract, "  ")
    template = _replaced(template, "DefinitionUri", body)
    return _replaced(template, "CodeUri", f"CodeUri: {code_uri}\n")


def _replaced(template: str, key: str, text: str) -> str:
    line = re.compile(rf"^( *){key}: .*\n", re.MULTILINE)
    result, count = line.subn(lambda found: textwrap.indent(text, found[1]), template)
    if count != 1:
        raise SystemExit(f"template.yaml has {count} lines of {key}, not one")
    return result


def main(destination: str) -> None:
    """Write build/<digest>.zip and packaged.yaml."""
    code = archive(HERE / "src")
    name = f"{hashlib.sha256(code).hexdigest()}.zip"
    build = HERE / "build"
    build.mkdir(exist_ok=True)
    (build / name).write_bytes(code)
    template = packaged(
        (HERE / "template.yaml").read_text(),
        (HERE / "openapi.yaml").read_text(),
        f"{destination}/{name}",
    )
    (HERE / "packaged.yaml").write_text(template)
    print(f"bundled {len(code)} bytes as {destination}/{name}")


if __name__ == "__main__":
    main(sys.argv[1])
