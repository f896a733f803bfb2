"""Every screen of the device as a picture: sessions that lead to each of them, files, and sheets for docs/panel.md."""
