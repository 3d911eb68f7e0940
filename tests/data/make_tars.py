#!/usr/bin/python3
"""Archives by Python's tarfile, for corpus_test.cpp to read: make_tars.py FOLDER

FOLDER/FORMAT.tar.gz for FORMAT in ustar, gnu, pax, all with the same members. The text of a file is
its name, as often as its number says, a line each.
"""

import io
import sys
import tarfile
from pathlib import Path

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
FILES = {
    "./plain.txt": 1,
    "empty.txt": 0,
    "block.txt": 51,  # 51 lines of 10 bytes, and 2 more: not a whole block
    "deep/" + "d" * 90 + "/" + "f" * 90 + ".txt": 100,  # fits into ustar's two fields
    "../outside.txt": 3,
    "/absolute.txt": 4,
    "twice.txt": 5,
    "小/名.txt": 6,
    "last.txt": 2000,
}


def add(tar, name, text):
    info = tarfile.TarInfo(name)
    info.size = len(text)
    tar.addfile(info, io.BytesIO(text))


for label, kind in FORMATS.items():
    with tarfile.open(Path(sys.argv[1]) / f"{label}.tar.gz", "w:gz", format=kind) as tar:
        add(tar, "twice.txt", b"an older one")
        folder = tarfile.TarInfo("deep")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        tar.addfile(link)
        for name, lines in FILES.items():
            add(tar, name, (name + "\n").encode() * lines)
        if label != "ustar":
            add(tar, "n" * 300 + ".txt", b"long")
