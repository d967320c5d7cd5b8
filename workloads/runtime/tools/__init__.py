"""The everyday tools of a container, one small file each or a few of a family; `table.py` lists them."""
