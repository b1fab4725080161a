"""Few things that are costly to make, by a key: the least recently used one is dropped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

Thing = TypeVar("Thing")


class RecentlyUsed(OrderedDict[str, Thing]):
    """Things by key, the most recently used one last."""

    def kept_or_made(self, key: str, make: Callable[[], Thing], most: int) -> Thing:
        """The thing of a key, made where there is none.

        Args:
            key: Its key.
            make: Makes it.
            most: How many things are kept.
        """
        if key not in self:
            self[key] = make()
            if len(self) > most:
                self.popitem(last=False)
        self.move_to_end(key)
        return self[key]
