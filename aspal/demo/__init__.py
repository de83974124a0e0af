"""`aspal demo`: a fictional regency on a clock of its own, with the days before already lived."""

from aspal.demo.exports import newer_export as newer_export
from aspal.demo.show import run as run
