"""What strangers sent → what can be printed, and everything that was wrong with it."""

from papermap.checks.source import check_source

__all__ = ["check_source"]
