"""The journal on a PC: exports, what their records say, whether they are whole, and how long the flash lasts."""
