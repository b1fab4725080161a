"""Runs jobs on a Ray cluster: a worker or a node that is lost costs its jobs a retry."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mnist_sweeps.runtime.ray_cluster import Share, slots
from mnist_sweeps.runtime.ray_tasks import ENDED, Tasks
from mnist_sweeps.runtime.workers import Lost, Rules


def run(
    call: Callable[[Any], Iterator[Any]],
    jobs: Iterable[Any],
    argument_of: Callable[[int, Any], Any],
    share: Share,
    rules: Rules,
    on_part: Callable[[int, Any], bool],
    on_lost: Callable[[int, Lost], None],
    on_ended: Callable[[int, Any], None] = lambda index, result: None,
    ahead: int = 0,
) -> list[Any]:
    """The last thing that each call yields, or the Lost that took its job, in order.

    Args:
        call: Yields parts of what a job makes, then its result; called on a node.
        jobs: The next is taken when the cluster has room for it.
        argument_of: What `call` is called with, by the place of a job and the job; asked at each try.
        share: What each job takes of the cluster.
        rules: A time-out counts from the job's start on a node.
        on_part: Takes what a job yields, as it comes; False stops the job, which then has no result (None).
        on_lost: Takes what a job was lost to.
        on_ended: Called with a job's place and its result, Lost or None, before the next job is taken.
        ahead: Jobs that wait at Ray in addition to one for each slot.

    Raises:
        KeyboardInterrupt: At Ctrl-C, once every job has been stopped and given to `on_lost`.
    """
    tasks = Tasks(call, share, rules)
    waiting = iter(jobs)
    taken: list[Any] = []
    again: deque[int] = deque()  # places of jobs that are tried again
    results: dict[int, Any] = {}

    def next_place() -> int | None:
        if again:
            return again.popleft()
        for job in waiting:
            taken.append(job)
            return len(taken) - 1
        return None

    def end(index: int, result: Any) -> None:
        results[index] = result
        on_ended(index, result)

    try:
        while True:
            room = slots(share) - len(tasks.running)
            if room + ahead > 0 and (place := next_place()) is not None:
                tasks.submit(place, argument_of(place, taken[place]))
                if room > 1:
                    continue
            if not tasks.running:
                return [results[index] for index in range(len(taken))]
            for index, part in tasks.parts():
                if part is ENDED:
                    end(index, results.get(index))
                elif isinstance(part, Lost):
                    if part.status == "killed" and tasks.tries[index] <= rules.retries:
                        again.append(index)
                        continue
                    on_lost(index, part)
                    end(index, part)
                elif on_part(index, part):
                    results[index] = part
                else:
                    tasks.stop(index)
                    end(index, None)
    except KeyboardInterrupt:
        interrupted = [*tasks.running, *again]
        for index in list(tasks.running):
            tasks.stop(index)
        for index in interrupted:
            on_lost(index, Lost("interrupted", "stopped by Ctrl-C"))
        raise
