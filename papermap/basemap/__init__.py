"""Base maps behind one small protocol: vector files now, the only network code later."""
