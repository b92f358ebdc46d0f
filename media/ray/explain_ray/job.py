"""The job from its question to its result."""

import json
import sys
import time

from .environment import INSTALL, missing_packages, probe_nodes, run_by_the_python_of_ray
from .folder import in_folder
from .said import Refused, say


def main():
    """Answers the exit code."""
    try:
        require_packages()
        run()
        return 0
    except Refused as refused:
        say("error", code=refused.code, message=str(refused), hint=refused.hint)
        return 3
    except BaseException as error:
        say("error", **failure_of(error))
        return 1


def require_packages():
    missing = missing_packages()
    if "ray.data" in missing:
        run_by_the_python_of_ray()
    if missing:
        instead = " If Ray lives in another environment, start it with that one activated." if "ray.data" in missing else ""
        raise Refused("RAY_PACKAGES", f"The Python that jobs of the cluster run with ({sys.executable}) lacks {', '.join(missing)}.", INSTALL + instead)


def run():
    # These need the packages.
    import ray

    from .finished import finished_rows
    from .pieces import columns_in, pieces_of
    from .sample import keep, read_kept, size_of
    from .storage import files_of, reach
    from .watch import report, start_watch

    with open(in_folder("job.json"), encoding="utf-8") as file:
        job = json.load(file)
    ray.init(log_to_driver=False)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    # Small blocks: a lost one costs little to compute again, and work spreads evenly.
    context.target_max_block_size = 4 << 20
    lacking, nodes = probe_nodes()
    if lacking:
        where = "; ".join(f"{name} on {', '.join(sorted(set(addresses)))}" for name, addresses in lacking.items())
        raise Refused("RAY_PACKAGES", f"Nodes of the cluster lack packages: {where}.", INSTALL)
    filesystem, files = files_of(job["data"])
    needed, kept = columns_in(job, filesystem, files[0].path)
    job = {**job, "needed": needed, "kept": kept}
    done, before = finished_rows(job, files)
    pieces, total = pieces_of(job, filesystem, files, done)
    say("started", nodes=nodes, files=len(files), pieces=len(pieces), total=total, done=before)
    began = time.time()
    results, folder, _ = reach(job["out"])
    watch = start_watch(job, size_of(job), read_kept(results, folder) if done else [])
    if pieces:
        write_explained(pieces, job, done, watch, report(watch, total, before, results, folder))
    rows, bad = ray.get(watch.ledger.counts.remote())
    drawn = ray.get(watch.ledger.drawn.remote())
    keep(results, folder, drawn)
    say("sample", rows=[{"cells": row["cells"], "values": row["values"]} for row in drawn])
    say("finished", rows=before + rows if total is None else total, explained=rows, rejected=bad, seconds=round(time.time() - began, 2), nodes=nodes)


def write_explained(pieces, job, done, watch, stop):
    import ray

    from .explain import explain
    from .pieces import read_piece

    known = ray.put(done)

    def read(batch):
        yield from read_piece(batch, job, ray.get(known) if done else {})

    def explained(table):
        return explain(table, job, watch)

    try:
        data = ray.data.from_items(pieces, override_num_blocks=len(pieces))
        data = data.map_batches(read, batch_size=1, num_cpus=0.5)
        data = data.map_batches(explained, batch_size=None, batch_format="pyarrow", num_cpus=1)
        data.write_parquet(job["out"])
    finally:
        stop.set()


def failure_of(error):
    """What went wrong, in the words of the last of its causes."""
    texts = causes(error)
    whole = "\n".join(texts)
    last = texts[-1].replace("\\n", "\n").strip().splitlines()[0].split(": 'Failed to apply")[0][:300]
    if "No space left on device" in whole or "Disk quota exceeded" in whole or "OutOfDiskError" in whole:
        hint = "Make room where --out lies (or where Ray spills), then go on with --resume: what was written stays."
        return {"code": "DISK_FULL", "message": f"A disk of the cluster is full: {last}", "hint": hint}
    if "ModuleNotFoundError" in whole:
        return {"code": "RAY_PACKAGES", "message": f"A node of the cluster lacks a package: {last}", "hint": INSTALL}
    return {"code": "RAY_FAILED", "message": f"The job failed on the cluster: {last}", "hint": "Its log says more. What was written stays: go on with --resume."}


def causes(error):
    """Everything that an error and what lies behind it say."""
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts.append(f"{type(error).__name__}: {error}")
        error = getattr(error, "cause", None) if isinstance(getattr(error, "cause", None), BaseException) else (error.__cause__ or error.__context__)
    return texts
