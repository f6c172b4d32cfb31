"""Broken files: bytes cut, doubled, exchanged, and filled with what parsers fear."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random
from typing import Final

from vector_files import zipped

FEARED: Final = (
    b"\0",
    b"\xff\xfe",
    b"\x80",
    b"\xed\xa0\x80",
    b'"',
    b"'",
    b"<",
    b">",
    b"&#0;",
    b"&#x202e;",
    b"]]>",
    b"<![CDATA[",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"null",
    b"NaN",
    b"1e999",
    b"-0",
    b"9" * 400,
    b"-1e-400",
    b"true",
    b"\\ud800",
    b"\\u0000",
    b"=cmd|'/c calc'!A0",
    b"@SUM(1)",
    b"\n\n",
    b"\r",
    b"\t",
    b";",
    b"\xe2\x80\xae",
    b"\xe3\x80\x80",
    b"http://127.0.0.1/",
    b"file:///etc/passwd",
    b"../",
    b"%s%n",
    b"POINT EMPTY",
    b"GEOMETRYCOLLECTION",
    b'"type": "Point"',
    b'"coordinates": [[[]]]',
    b"[" * 3000,
    b"<Folder>" * 300,
    b"35\xc2\xb019'24\"N",
    b"\xe4\xb8\x80\xe4\xb8\x81\xe7\x9b\xae",
    b"2026-99-99T99:99:99Z",
    b"\x7f" * 20,
)


SAID: Final = (
    b"",
    b"null",
    b"-",
    b"0",
    b"-0.0",
    b"90",
    b"180.0",
    b"1e400",
    b"NaN",
    b"139.5",
    b"35.3",
    b"[]",
    b"{}",
    b"true",
    b"=cmd|'/c calc'!A0",
    b"&lt;b&gt;x&amp;amp;y",
    b"\\u202eabc\\ud800",
    b"35.31, 139.51",
    "北緯35度 東経139度".encode(),
    "（閉鎖）給水(青：確認済)_台風19号".encode(),
    "9時～17時、なくなり次第終了".encode(),
    "令和6年1月3日 10:30時点".encode(),
    b"Mo-Fr 09:00-25:00; PH off",
    "未分類".encode(),
    "ﾊﾝｶｸ ﾃﾞｽ".encode(),
    "か\u3099\u200b\u3000".encode(),
    "文字化け".encode("cp932"),
    "文字化け".encode().decode("cp932", "ignore").encode(),
    b"Point",
    b"Polygon",
    b"name",
    b"category",
    b"id",
    b"status",
    b"description",
    b"x" * 5000,
)
_VALUE: Final = re.compile(rb'(?<=")[^"<>]{0,200}(?=")|(?<=>)[^<>]{1,200}(?=<)|-?\d+(?:\.\d+)?')


def mutated(data: bytes, random: Random) -> bytes:
    """Data with one to six changes; of an archive mostly inside one of its members."""
    if data.startswith(b"PK") and random.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = random.choice(sorted(members))
        return zipped(members | {name: _changed(members[name], random)})
    return _changed(data, random)


def _changed(data: bytes, random: Random) -> bytes:
    return _said_otherwise(data, random) if random.random() < 0.5 else _cut_up(data, random)


def _said_otherwise(data: bytes, random: Random) -> bytes:
    """One to four values exchanged for one another, or for what is feared; the form stays."""
    for _ in range(random.randint(1, 4)):
        values = list(_VALUE.finditer(data))
        if values:
            value = random.choice(values)
            other = random.choice((random.choice(values)[0], *random.choices(SAID, k=3)))
            data = data[: value.start()] + other + data[value.end() :]
    return data


def _cut_up(data: bytes, random: Random) -> bytes:
    found = bytearray(data)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(found) + 1)
        length = min(random.choice((1, 1, 2, 4, 16, 64, 400)), len(found) - at)
        match random.randrange(7):
            case 0:
                del found[at : at + length]
            case 1:
                found[at:at] = random.choice(FEARED)
            case 2:
                found[at : at + length] = random.choice(FEARED)
            case 3:
                found[at:at] = found[at : at + length] * random.choice((1, 2, 50))
            case 4:
                found[at : at + length] = random.randbytes(length)
            case 5 if length:
                found[at] ^= 1 << random.randrange(8)
            case 6 if random.random() < 0.3:
                del found[at:]
            case _:
                other = random.randrange(len(found) + 1)
                found[at:at] = found[other : other + length]
    return bytes(found)
