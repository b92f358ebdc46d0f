"""How far the job is, and the rows that are drawn: kept in one place, told by the tasks wherever they run."""

import threading
import time

from .sample import Sample, keep, rows_below
from .said import say

SECONDS_BETWEEN_REPORTS = 2
REPORTS_BETWEEN_COPIES = 5
SECONDS_FOR_AN_ANSWER = 10


class Ledger:
    """Lives on the driver's node, as an actor. Blocks of a node that was lost are explained, and told of, again: they count once."""

    def __init__(self, size, rows):
        self.blocks, self.rows, self.bad, self.sample = set(), 0, 0, Sample(size, rows)

    def add(self, block, rows, bad, drawn):
        if block not in self.blocks:
            self.blocks.add(block)
            self.rows += rows
            self.bad += bad
        self.sample.add(drawn)

    def wanted(self):
        return self.sample.threshold, self.sample.size

    def counts(self):
        return self.rows, self.bad

    def drawn(self):
        return list(self.sample.rows.values())


class Watch:
    """What tasks are given of the ledger."""

    def __init__(self, ledger, job):
        self.ledger, self.job = ledger, job

    def explained(self, result, feeds, bad):
        import ray

        if result.num_rows == 0:
            return
        first = result.select([self.job["names"]["file"], self.job["names"]["row"]]).slice(0, 1).to_pylist()[0]
        try:
            threshold, size = ray.get(self.ledger.wanted.remote(), timeout=SECONDS_FOR_AN_ANSWER)
            drawn = rows_below(threshold, size, result, feeds, bad, self.job)
            self.ledger.add.remote(str(first), result.num_rows, int(bad.sum()), drawn)
        except ray.exceptions.RayError:
            pass  # For people only: the result does not depend on it.


def start_watch(job, size, rows):
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return Watch(ray.remote(num_cpus=0)(Ledger).options(scheduling_strategy=here).remote(size, rows), job)


def report(watch, total, before, filesystem, folder):
    """Says every few seconds how far the job is, and keeps the drawn rows, until the event that it answers is set."""
    import ray

    stop, began = threading.Event(), time.time()

    def look():
        looks = 0
        while not stop.wait(SECONDS_BETWEEN_REPORTS):
            looks += 1
            try:
                rows, _ = ray.get(watch.ledger.counts.remote(), timeout=SECONDS_FOR_AN_ANSWER)
                say("progress", rows=before + rows, explained=rows, total=total, seconds=round(time.time() - began, 1))
                if looks % REPORTS_BETWEEN_COPIES == 0:
                    keep(filesystem, folder, ray.get(watch.ledger.drawn.remote(), timeout=SECONDS_FOR_AN_ANSWER))
            except (ray.exceptions.RayError, OSError):
                continue

    threading.Thread(target=look, daemon=True).start()
    return stop
