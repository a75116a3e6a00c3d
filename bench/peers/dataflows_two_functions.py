"""Python dataflows: a typed load, two row functions, dump_to_path. The work of P2."""

import sys

from dataflows import Flow, add_field, dump_to_path, load

source, target = sys.argv[1:3]
Flow(
    load(source, name="rows", format="csv", cast_strategy=load.CAST_WITH_SCHEMA),
    add_field("total", "number", lambda row: row["price"] * row["quantity"]),
    add_field("label", "string", lambda row: f"{row['name']} ({row['city'].upper()})"),
    dump_to_path(target),
).process()
