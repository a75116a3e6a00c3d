"""frictionless-py: a file by a schema. The work of V1, V2 and V4. Prints [row, field, type] of each error as JSON."""

import json
import sys

from frictionless import Resource, Schema, system

source, schema = sys.argv[1:3]
with system.use_context(trusted=True):
    resource = Resource(path=source, schema=Schema.from_descriptor(schema))
    report = resource.validate(limit_errors=1_000_000_000)
print(json.dumps(report.flatten(["rowNumber", "fieldNumber", "type"])))
