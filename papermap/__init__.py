"""Offline-printable disaster maps: support points in, numbered paper sheets out."""
