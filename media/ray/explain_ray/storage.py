"""Files and folders as pyarrow reaches them: paths of the nodes, and addresses such as s3://…."""

import os

import pyarrow.csv as pacsv
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from .said import Refused


def reach(place):
    """The file system of a place, the place within it, and what is there."""
    if "://" in place:
        filesystem, inner = pafs.FileSystem.from_uri(place)
    else:
        filesystem, inner = pafs.LocalFileSystem(), os.path.abspath(place)
    return filesystem, inner, filesystem.get_file_info(inner)


def within(filesystem, folder):
    """What lies in a folder, however deep."""
    return [info for info in filesystem.get_file_info(pafs.FileSelector(folder, recursive=True)) if info.type == pafs.FileType.File]


def is_data(path):
    """Names that begin with . or _ are no data, as everywhere in the world of Parquet."""
    return not os.path.basename(path).startswith((".", "_"))


def files_of(place):
    """The file system of the data and its files, in order: the place itself, or what lies in it."""
    try:
        filesystem, inner, info = reach(place)
    except Exception as error:
        raise Refused("FILE_NOT_FOUND", f"The cluster can't read {place}: {error}", "Name the data as the nodes of the cluster see it.")
    if info.type == pafs.FileType.File:
        return filesystem, [info]
    if info.type == pafs.FileType.NotFound:
        raise Refused("FILE_NOT_FOUND", f"The cluster sees no {place}.", "Name the data as the nodes of the cluster see it: a shared folder, or an address such as s3://….")
    files = sorted((info for info in within(filesystem, inner) if is_data(info.path)), key=lambda info: info.path)
    if not files:
        raise Refused("SAMPLES_EMPTY", f"There is no file in {place}.")
    return filesystem, files


def is_csv(path):
    return path.lower().endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz"))


def open_csv(filesystem, path, block, **convert):
    delimiter = "\t" if ".tsv" in path.lower() else ","
    return pacsv.open_csv(
        filesystem.open_input_stream(path),
        read_options=pacsv.ReadOptions(block_size=block),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(**convert),
    )


def columns_of(filesystem, path):
    """Names (and of Parquet types) of a file's columns."""
    if is_csv(path):
        return {field.name: "csv" for field in open_csv(filesystem, path, 1 << 20).schema}
    return {field.name: str(field.type) for field in pq.read_schema(path, filesystem=filesystem)}
