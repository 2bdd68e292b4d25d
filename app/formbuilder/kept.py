"""What a process has made and may need again, bounded in number and in size."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by what they were made of. Beyond its bounds it forgets those that nobody has asked for longest."""

    def __init__(self, *, most: int, signs: int) -> None:
        self.most, self.signs = most, signs
        """How many values, and how many characters of all of them."""
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._values)

    @property
    def size(self) -> int:
        """Characters of all of them."""
        return self._size

    def get(self, key: Hashable) -> T | None:
        """The value, or None when it has to be made."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: T, size: int) -> T:
        """Keep the value, of that many characters, and give it back."""
        self._size += size - self._values.pop(key, (value, 0))[1]
        self._values[key] = value, size
        while len(self._values) > self.most or self._size > self.signs:
            self._size -= self._values.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self._size = 0
