"""Time and memory of many points: made-up evacuation sites of a whole nation, as GSI lists them.

``python benchmarks/points.py [--count N]``: the file is read and checked, then merged with itself
in another order, where each site must be found to be its own double. Every step runs in a process
of its own, so that its peak memory is its own; libraries are loaded before the clock starts.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from papermap.atlas import check
from papermap.checks import check_source
from papermap.merge import combine, join
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

COUNT = 115_000
HAZARDS = [
    "洪水",
    "崖崩れ、土石流及び地滑り",
    "高潮",
    "地震",
    "津波",
    "大規模な火事",
    "内水氾濫",
    "火山現象",
]
HEADER = [
    *("共通ID", "都道府県名及び市町村名", "施設・場所名", "住所"),
    *HAZARDS,
    *("指定避難所との住所同一", "緯度", "経度", "備考"),
]
KINDS = (
    "小学校",
    "中学校",
    "公園",
    "公民館",
    "高等学校グラウンド",
    "集会所",
    "神社境内",
    "広場",
    "体育館",
    "保育園",
)
PLACES = (
    "港",
    "浜",
    "山手",
    "川原",
    "本町",
    "栄町",
    "緑ケ丘",
    "新田",
    "宮前",
    "若葉",
    "桜木",
    "中島",
    "大沢",
    "松原",
    "野中",
)
TOWNS = 1_700
PER_KIND = len(PLACES) + 2


def rows(count: int, seed: int = 7) -> list[list[str]]:
    """Rows in the order of the list; towns lie scattered over the land, sites within their town.

    Many names come in every town (中央公民館, 第1小学校), as they do.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up places
    made = []
    for number in range(count):
        town, place = number % TOWNS, number // TOWNS
        kind, which = KINDS[place % len(KINDS)], place // len(KINDS)
        names = ("中央", f"第{which % 9 + 1}", *PLACES)
        name = f"{names[which % PER_KIND]}{kind}"
        middle = 31.2 + 12.5 * (town % 41) / 41, 130.6 + 12.0 * (town // 41) / 42
        lat = middle[0] + chance.uniform(-0.05, 0.05)
        lon = middle[1] + chance.uniform(-0.05, 0.05)
        block = f"{which + 1}丁目{number % 30 + 1}番{place + 1}号"
        address = f"みほん県第{town}市{PLACES[which % len(PLACES)]}{block}"
        flags = ["1" if chance.random() < 0.5 else "" for _ in range(9)]
        made.append(
            [
                f"X{number:09}",
                f"みほん県第{town}市",
                name,
                address,
                *flags,
                f"{lat:.6f}",
                f"{lon:.6f}",
                "",
            ]
        )
    return made


def write(path: Path, made: list[list[str]]) -> None:
    """A CSV as GSI gives it: UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(made)


def measured(step: str, paths: list[str]) -> None:
    """Run one step in this process and print its figures as JSON."""
    start = time.perf_counter(), time.process_time()
    if step == "check":
        checked = check(paths)
    else:
        parts = [check_source(read(path), load_vocabulary()) for path in paths]
        start = time.perf_counter(), time.process_time()  # the merge alone
        checked = join(combine(parts))
    seconds, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pairs = sum(len(each.tellers) == 2 for each in checked.joins)
    found = {
        "seconds": round(seconds, 1),
        "of one core": round(cpu, 1),
        "peak MB": round(memory),
        "points": len(checked.points),
        "doubles": pairs,
        "problems": len(checked.problems),
    }
    print(json.dumps(found))


def pace() -> float:
    """Seconds of CPU that a plain loop takes here and now; about 0.5 on a free core of 2024."""
    start = time.process_time()
    sum(number * number for number in range(10_000_000))
    return time.process_time() - start


def main() -> None:
    """Make the files, run the steps, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--step", choices=["check", "merge"])
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    if options.step:
        measured(options.step, options.paths)
        return
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder, "避難場所.csv"), Path(folder, "避難場所2.csv")
        made = rows(options.count)
        write(one, made)
        random.Random(1).shuffle(made)  # noqa: S311
        write(two, made)
        print(f"ten million squares: {pace():.2f} s (tells how fast the machine is just now)")
        for step, paths in (("check", [one]), ("merge", [one, two]), ("check", [one, two])):
            command = [sys.executable, __file__, "--step", step, *map(str, paths)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            print(f"{step} {len(paths)} × {options.count:,}: {done.stdout.strip()}")


if __name__ == "__main__":
    main()
