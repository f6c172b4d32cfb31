"""Frames on paper and the page kinds; reportlab draws all text."""
