"""Header and footer, the same on every page kind."""
