"""dlt: typed CSV as Arrow tables to Parquet files in a folder. The work of P1."""

import os
import sys

import dlt
import pyarrow as pa
import pyarrow.csv as csv

source, target = sys.argv[1:3]
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

types = {
    "id": pa.int64(),
    "created": pa.timestamp("us"),
    "price": pa.float64(),
    "quantity": pa.int64(),
    "active": pa.bool_(),
    "zip": pa.string(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "day": pa.date32(),
}


@dlt.resource(name="rows", write_disposition="replace")
def rows():
    reader = csv.open_csv(
        source,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=types),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


pipeline = dlt.pipeline(
    pipeline_name="bench_parquet",
    pipelines_dir=os.path.join(target, "state"),
    destination=dlt.destinations.filesystem(bucket_url=os.path.join(target, "files")),
    dataset_name="bench",
)
pipeline.run(rows(), loader_file_format="parquet")
