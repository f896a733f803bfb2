"""The device's `esp32.NVS`: named numbers and blobs in a partition of their own, beside the file system.

As in MicroPython 1.29 (ports/esp32/esp32_nvs.c) and ESP-IDF. Two things are worse here than on the chip, as only the
documentation promises them: what was set and not committed is lost with the power (today's ESP-IDF has written it by
then), and a commit that is cut short has changed nothing.
"""

from tools.simulator import silicon

TYPE_CHECKING = False
if TYPE_CHECKING:
    Values = dict[str, "int | bytes"]

READ_US = 100
COMMIT_US = 10000  # an entry or two are programmed; now and then a page of 4 KiB is erased

_NAME_MOST = 15  # characters, of keys and namespaces
_BLOB_MOST = 508000  # bytes, or what the partition has room for: more than anyone here writes
# What check_esp_err makes of ESP-IDF's codes: OSError(-code, name).
_NOT_FOUND = (-0x1102, "ESP_ERR_NVS_NOT_FOUND")
_NAME_TOO_LONG = (-0x1109, "ESP_ERR_NVS_KEY_TOO_LONG")
_INVALID_LENGTH = (-0x110C, "ESP_ERR_NVS_INVALID_LENGTH")
_VALUE_TOO_LONG = (-0x110E, "ESP_ERR_NVS_VALUE_TOO_LONG")


class NVS:
    """A namespace, made by its first use. All objects of one chip see the same values."""

    def __init__(self, namespace: str) -> None:
        if not 1 <= len(namespace) <= _NAME_MOST:
            raise OSError(*_NAME_TOO_LONG)
        self._chip = silicon.chip
        self._namespace = namespace
        if namespace not in self._chip.nvs_now:
            self._chip.nvs_now[namespace] = dict(self._chip.nvs.get(namespace, {}))

    def set_i32(self, key: str, value: int) -> None:
        """Set a number of 32 bits, more bits are lost; commit() makes it last."""
        self._set(key, (value + (1 << 31)) % (1 << 32) - (1 << 31))

    def get_i32(self, key: str) -> int:
        """Return a number; OSError if there is none."""
        value = self._get(key)
        if not isinstance(value, int):
            raise OSError(*_NOT_FOUND)
        return value

    def set_blob(self, key: str, value: "bytes | bytearray | memoryview") -> None:
        """Set bytes; commit() makes them last."""
        if len(value) > _BLOB_MOST:
            raise OSError(*_VALUE_TOO_LONG)
        self._set(key, bytes(value))

    def get_blob(self, key: str, buffer: "bytearray | memoryview") -> int:
        """Put bytes into the front of `buffer`, and return how many; OSError if there are none or too many."""
        value = self._get(key)
        if isinstance(value, int):
            raise OSError(*_NOT_FOUND)
        if len(value) > len(buffer):
            raise OSError(*_INVALID_LENGTH)
        buffer[: len(value)] = value
        return len(value)

    def erase_key(self, key: str) -> None:
        """Delete a value; commit() makes it last. OSError if there is none."""
        self._get(key)
        del self._values()[key]

    def commit(self) -> None:
        """From the middle of it on, what was set lasts."""
        chip = self._chip
        chip.spend(COMMIT_US // 2)
        chip.nvs[self._namespace] = dict(self._values())
        chip.spend(COMMIT_US // 2)

    def _values(self) -> "Values":
        return self._chip.nvs_now[self._namespace]

    def _get(self, key: str) -> "int | bytes":
        self._chip.spend(READ_US)
        if key not in self._values():
            raise OSError(*_NOT_FOUND)
        return self._values()[key]

    def _set(self, key: str, value: "int | bytes") -> None:
        if not 1 <= len(key) <= _NAME_MOST:
            raise OSError(*_NAME_TOO_LONG)
        self._chip.spend(READ_US)
        self._values()[key] = value
