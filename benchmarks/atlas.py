"""Time, memory and bytes of a real atlas, beside GeoDataFrame.plot and Mapnik, in one run.

    python benchmarks/atlas.py [--data FOLDER] [--sheets N]

FOLDER holds ``kamakura_all.geojson`` and ``kamakura_base.gpkg``. Prints a table of ratios; the
figures as measured stand in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCALE = "1:10000"
_HERE = Path(__file__).resolve()
# an installed package is compiled once, whatever is said of this checkout
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def main() -> None:
    """Run all measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=_HERE.parents[2] / "shared/data/kamakura", metavar="FOLDER"
    )
    parser.add_argument("--sheets", type=int, default=8, help="sheets to compare panels on")
    options = parser.parse_args()
    _atlases(options.data)
    _panels(options.data, options.sheets)


def _atlases(data: Path) -> None:
    """Whole builds in processes of their own: all points, one point, and with two workers.

    The build of a single point on the same base map is the fixed start and one light sheet; all
    else (reading, checking, lists, index, overview) is shared out among the sheets.
    """
    _child(data, 1, "one")  # compiles what is not yet compiled
    full = _child(data, 1, "all")
    one = _child(data, 1, "one")
    two = _child(data, 2, "all")
    sheets = full["sheets"]
    per_sheet = (full["seconds"] - one["seconds"]) / (sheets - 1)
    print(f"sheets {sheets}, pages {full['pages']}, points {full['points']}")
    print(f"one process        {full['seconds']:6.2f} s  peak {full['memory']:.0f} MB")
    print(f"fixed start        {one['seconds']:6.2f} s  (the build of a single point)")
    print(f"a sheet            {per_sheet:6.3f} s  {full['bytes'] / sheets / 1000:.0f} kB")
    faster = full["seconds"] / two["seconds"]
    print(f"--jobs 2           {two['seconds']:6.2f} s  {faster:.2f} × as fast")
    print(f"marks without room {full['unplaced']}")


def _child(data: Path, jobs: int, points: str) -> dict[str, float]:
    """One build by the command line, the whole process timed, interpreter and imports with it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "atlas.pdf"
        source = data / "kamakura_all.geojson"
        if points == "one":
            everything = json.loads(source.read_text("utf-8"))
            source = Path(folder) / "one.geojson"
            source.write_text(json.dumps(everything["features"][0]), "utf-8")
        command = [sys.executable, "-m", "papermap", "build", str(source), "-o", str(target)]
        command += ["--basemap", str(data / "kamakura_base.gpkg"), "--scale", SCALE]
        started = time.perf_counter()
        subprocess.run([*command, "--quiet", "--jobs", str(jobs)], env=_ENVIRONMENT, check=True)
        seconds = time.perf_counter() - started
        manifest = json.loads(target.with_suffix(".manifest.json").read_text("utf-8"))
        return {
            "seconds": seconds,
            "sheets": manifest["totals"]["sheets"],
            "pages": manifest["totals"]["pages"],
            "points": manifest["totals"]["points"],
            "unplaced": sum(problem["code"] == "PM090" for problem in manifest["problems"]),
            "bytes": target.stat().st_size,
            # the largest child so far
            "memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        }


def _panels(data: Path, count: int) -> None:
    """The same panels by us, by GeoDataFrame.plot layer by layer, and by Mapnik where it is."""
    import papermap  # noqa: PLC0415
    from papermap.basemap import open_basemap  # noqa: PLC0415
    from papermap.pages.frames import map_frame  # noqa: PLC0415
    from papermap.render import MapView, layer_names, render_panel  # noqa: PLC0415
    from papermap.style import load_style  # noqa: PLC0415
    from papermap.units import paper_size  # noqa: PLC0415

    base = data / "kamakura_base.gpkg"
    style = load_style("mono")
    width, height = map_frame(paper_size("A4"), style)
    plan = papermap.plan(
        papermap.make_job({"sources": [str(data / "kamakura_all.geojson")], "scale": SCALE})
    )
    # one after the other, as an atlas has them: what is read for one serves the next
    chosen = [sheet for sheet in plan.sheets if not sheet.parent][:count]
    views = [MapView(plan.crs, s.bounds, width, height, plan.scale) for s in chosen]
    basemap = open_basemap(str(base))
    basemap.prepare([view.extent() for view in views], lambda _done, _total: None)

    def ours(number: int) -> None:
        view = views[number]
        layers = basemap.layers(view.extent(), layer_names(style, overview=False))
        render_panel(view, layers, (), style, sheet=chosen[number])

    mine = _mean(ours, len(views))
    plot = _mean(_plotter(base, views, style), len(views))
    print(f"panel, ours        {mine:6.3f} s")
    print(f"GeoDataFrame.plot  {plot:6.3f} s  {plot / mine:.1f} × our time")
    with tempfile.TemporaryDirectory() as folder:
        mapnik = _mapnik(base, views, Path(folder))
    if mapnik is None:
        print("Mapnik             not installed (Debian: python3-mapnik)")
    else:
        print(f"Mapnik             {mapnik:6.3f} s  {mapnik / mine:.1f} × our time")


def _mean(work: object, count: int) -> float:
    times = []
    for number in range(count):
        started = time.perf_counter()
        work(number)  # type: ignore[operator]
        times.append(time.perf_counter() - started)
    return statistics.fmean(times)


def _plotter(base: Path, views: list[object], style: object) -> object:
    """What one writes first: the same rules, each a GeoDataFrame.plot, saved as PDF."""
    import io  # noqa: PLC0415

    import geopandas  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    frames = {
        name: geopandas.read_file(base, layer=name).to_crs(views[0].crs)  # type: ignore[attr-defined]
        for name, _ in pyogrio.list_layers(base)
    }
    rules = [
        rule
        for rule in style.rules.values()  # type: ignore[attr-defined]
        if rule.layer in frames
        and rule.draw in {"fill", "line"}
        and rule.where != "overview"
        and rule.scales[0] <= views[0].scale <= rule.scales[1]  # type: ignore[attr-defined]
    ]

    def draw(number: int) -> None:
        view = views[number]
        figure = Figure(figsize=(view.width / 25.4, view.height / 25.4))  # type: ignore[attr-defined]
        FigureCanvasPdf(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        bounds = view.bounds  # type: ignore[attr-defined]
        axes.set_xlim(bounds.x0, bounds.x1)
        axes.set_ylim(bounds.y0, bounds.y1)
        axes.set_autoscale_on(False)
        near = {
            name: frame.cx[bounds.x0 : bounds.x1, bounds.y0 : bounds.y1]
            for name, frame in frames.items()
        }
        for rule in rules:
            part = near[rule.layer]
            if rule.classes:
                part = part[part["class"].isin(rule.classes)]
            if len(part):
                grey = str(rule.colour.grey)
                width = rule.width / 25.4 * 72
                if rule.draw == "fill":
                    part.plot(ax=axes, color=grey)
                else:
                    part.plot(ax=axes, color="none", edgecolor=grey, linewidth=width)
        figure.savefig(io.BytesIO(), format="pdf")

    return draw


_MAPNIK = r"""
import json, sys, time, mapnik
job = json.load(open(sys.argv[1]))
times = []
m = mapnik.Map(job["width"], job["height"], job["crs"])
mapnik.load_map_from_string(m, job["xml"])
for number, box in enumerate(job["boxes"]):
    started = time.perf_counter()
    m.zoom_to_box(mapnik.Box2d(*box))
    mapnik.render_to_file(m, "%s/%d.pdf" % (job["folder"], number), "pdf")
    times.append(time.perf_counter() - started)
print(json.dumps(sorted(times)[len(times) // 2]))
"""


def _mapnik(base: Path, views: list[object], folder: Path) -> float | None:
    """Median seconds of the same layers and sheets in Mapnik, drawn by the system's Python."""
    import pyproj  # noqa: PLC0415

    system = "/usr/bin/python3"
    if not os.access(system, os.X_OK):
        return None
    probe = subprocess.run([system, "-c", "import mapnik"], capture_output=True, check=False)
    if probe.returncode:
        return None
    zone = pyproj.CRS(views[0].crs).utm_zone  # type: ignore[attr-defined]
    if not zone:
        return None
    south = " +south" if zone.endswith("S") else ""
    crs = f"+proj=utm +zone={zone[:-1]}{south} +ellps=GRS80 +units=m +no_defs"
    job = {
        "width": round(views[0].width / 25.4 * 72),  # type: ignore[attr-defined]
        "height": round(views[0].height / 25.4 * 72),  # type: ignore[attr-defined]
        "crs": crs,
        "xml": _mapnik_style(base, crs),
        "boxes": [list(view.bounds) for view in views],  # type: ignore[attr-defined]
        "folder": str(folder),
    }
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    (folder / "draw.py").write_text(_MAPNIK, "utf-8")
    run = subprocess.run(
        [system, str(folder / "draw.py"), str(folder / "job.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(run.stderr, file=sys.stderr)
        return None
    sizes = [path.stat().st_size for path in folder.glob("*.pdf")]
    print(f"(Mapnik wrote {min(sizes) // 1000} to {max(sizes) // 1000} kB a panel)")
    return float(json.loads(run.stdout.splitlines()[-1]))


def _mapnik_style(base: Path, crs: str) -> str:
    """The same layers with casings and fills of the main classes."""

    def rule(where: str, symbols: str) -> str:
        chosen = f"<Filter>{where}</Filter>" if where else ""
        return f"<Rule>{chosen}{symbols}</Rule>"

    def line(width: float, colour: str) -> str:
        return f'<LineSymbolizer stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'

    def fill(colour: str) -> str:
        return f'<PolygonSymbolizer fill="{colour}"/>'

    main = (("trunk", 4.8), ("primary", 4.8), ("secondary", 3.7), ("tertiary", 3.0))
    casings = "".join(rule(f"[class] = '{name}'", line(width, "black")) for name, width in main)
    fills = "".join(rule(f"[class] = '{name}'", line(width - 0.8, "white")) for name, width in main)
    minor = rule("[class] = 'minor'", line(0.37, "black"))
    rail = rule("[class] = 'rail'", line(2.6, "black"))
    styles = {
        "landcover": rule("", fill("#fafafa")),
        "landuse": rule("[class] = 'school'", fill("#f5f5f5")),
        "water": rule("", fill("#eeeeee") + line(0.7, "black")),
        "waterway": rule("", line(0.45, "black")),
        "building": rule("", fill("#e0e0e0")),
        "transportation": (minor + casings, fills, rail),
        "boundary": rule("", line(0.5, "black")),
    }
    text = [f'<Map srs="{crs}">']
    layers = []
    for name, rules in styles.items():
        passes = rules if isinstance(rules, tuple) else (rules,)
        for number, part in enumerate(passes):
            text.append(f'<Style name="{name}{number}">{part}</Style>')
        used = "".join(f"<StyleName>{name}{n}</StyleName>" for n in range(len(passes)))
        layers.append(
            f'<Layer name="{name}" srs="+proj=longlat +datum=WGS84 +no_defs">{used}<Datasource>'
            f'<Parameter name="type">ogr</Parameter><Parameter name="file">{base}</Parameter>'
            f'<Parameter name="layer">{name}</Parameter></Datasource></Layer>'
        )
    return "".join([*text, *layers, "</Map>"])


if __name__ == "__main__":
    main()
