"""What a look tells of global variables: by their names, what stands for them in keys."""

from __future__ import annotations

from typing import Any

from neve._code.forms import told_without_form
from neve._code.met import Met
from neve._code.objects import text_of


class Findings:
    """Under full names, as `module.name`, until all are there."""

    def __init__(self) -> None:
        self.forms: dict[str, Any] = {}  # what stands for each variable
        self.without_form: dict[str, tuple[str, str]] = {}  # what such a variable holds, and why it has none
        self.called: dict[str, tuple[Any, Any]] = {}  # modules and names of functions and classes
        self.names: set[str] = set()
        self.misses = False  # a name that leads nowhere yet
        self._all: dict[str, list[Any]] = {}  # several where there are several modules of one name

    def add(self, path: str, form: Any) -> None:
        self._all.setdefault(path, []).append(form)

    def missed(self, path: str) -> None:
        self.misses = True
        self.names.add(path)

    def note_called(self, path: str, value: Any) -> None:
        self.called[path] = (text_of(value, "__module__"), text_of(value, "__qualname__"))

    def note_without_form(self, path: str, value: Any, met: Met) -> None:
        if met.without_form:
            self.without_form[path] = told_without_form(value, *met.without_form[0])

    def shorten(self, home: str) -> None:
        """The names of that module are told without it from now on, unless another module's are called so."""
        names = self.names | self._all.keys()
        short = {name: name.removeprefix(home + ".") for name in names}
        told = {name: name if short[name] in names else short[name] for name in names}
        for name in sorted(self._all):
            forms = self._all[name]
            self.forms[told[name]] = forms[0] if len(set(map(repr, forms))) == 1 else forms
        self.names = set(told.values())
        self.called = {told[name]: what for name, what in self.called.items()}
        self.without_form = {told[name]: what for name, what in sorted(self.without_form.items())}
