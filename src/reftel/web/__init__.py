"""web: the reader, pages over one archive for a browser; needs the extra `[web]`.

`app.py` puts it together; one module a page; `door.py` is what every request passes. Users, sessions, notes and the
log stand in a second file beside the archive (`readers.py`), so that none of them travels with it.
"""
