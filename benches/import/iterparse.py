"""Reads a TMX file with lxml's iterparse, each unit's segments as text: what the import is compared with."""

import resource
import sys
import time

from lxml import etree

wall, cpu = time.perf_counter(), time.process_time()
units = size = 0
for _, unit in etree.iterparse(sys.argv[1], tag="tu", huge_tree=True):
    units += 1
    for seg in unit.iter("seg"):
        size += len(seg.text or "")
    unit.clear()
    while unit.getprevious() is not None:
        del unit.getparent()[0]
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(units, f"{wall:.4f} {cpu:.4f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
