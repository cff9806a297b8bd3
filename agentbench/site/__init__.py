"""The runs of a folder as pages: served on loopback by ``view``, or written to a folder by ``site``.

pages    the list of runs and the progress of one that goes on
server   pages on loopback
static   the same as files
"""
