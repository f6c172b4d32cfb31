"""``papermap pack``: what sheets of an area need, in one file, before the network is gone."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.cli import options


@click.group("pack", invoke_without_command=True)
@options.area
@options.basemap
@options.overlay
@click.option(
    "-o", "--output", metavar="FILE", help="The pack to write.  [default: town.papermap-pack]"
)
@click.option("--scale", metavar="1:N", help="Scale of the sheets to come.  [default: 1:10000]")
@click.option("--keep-gaps", is_flag=True, help="Write it even if some tiles could not be had.")
@click.option("--overwrite", is_flag=True, help="Replace a pack that is there.")
@options.offline
@options.tile_cache
@options.tile_timeout
@options.tile_limit
@options.quiet
@click.pass_context
def command(  # noqa: PLR0917
    context: click.Context,
    area: str | None,
    basemap: tuple[str, ...],
    overlay: tuple[str, ...],
    output: str | None,
    scale: str | None,
    keep_gaps: bool,  # noqa: FBT001
    overwrite: bool,  # noqa: FBT001
    offline: bool | None,  # noqa: FBT001
    tile_cache: str | None,
    tile_timeout: float | None,
    tile_limit: int | None,
    quiet: bool,  # noqa: FBT001
) -> None:
    """Gather all that maps of an area need into one file, to print without a network.

    Afterwards “papermap build --basemap town.papermap-pack” prints from it, anywhere. When it is
    interrupted, the same command goes on where it stopped.
    """
    if context.invoked_subcommand is not None:
        return
    from papermap.cli.errors import loading, spoken
    from papermap.cli.progress import Talk
    from papermap.errors import UsageError
    from papermap.i18n import Words
    from papermap.job import parse_scale
    from papermap.overlays import parse_overlays

    if not area:
        raise UsageError("No area was named.", "Name one: --area 139.10,33.98,139.16,34.02.")
    talk, language = Talk(quiet=quiet, verbose=True), spoken(context)
    with loading():
        from papermap.atlas.packing import SCALE, Budget, pack
        from papermap.basemap import Network

    def tell(budget: Budget) -> None:
        counts = {"tiles": budget.tiles, "kept": budget.kept, "left": budget.tiles - budget.kept}
        told = {key: f"{count:,}" for key, count in counts.items()}
        size = f"{budget.megabytes:.1f}"
        talk.say(Words((language,))("cli.budget", name=budget.name, size=size, **told))

    usual = Network()
    network = Network(
        offline=bool(offline),
        cache=Path(tile_cache) if tile_cache else None,
        timeout=tile_timeout or usual.timeout,
        most=tile_limit or usual.most,
    )
    with talk.steps(language) as step:
        packed = pack(
            area=area,
            basemaps=basemap,
            overlays=parse_overlays(overlay),
            output=Path(output or "town.papermap-pack"),
            scale=(parse_scale(scale) if scale else None) or SCALE,
            network=network,
            keep_gaps=keep_gaps,
            overwrite=overwrite,
            tell=tell,
            progress=step("fetching"),
            reading=step("reading"),
        )
    talk.tell_pack(packed, language)


@command.command("info")
@click.argument("file", type=click.Path(path_type=Path))
def info(file: Path) -> None:
    """Tell what the pack FILE holds: area, scale, layers, tiles, fonts, licences and dates."""
    from papermap.basemap.pack import read_info
    from papermap.cli.packinfo import told

    click.echo(told(read_info(file)))
