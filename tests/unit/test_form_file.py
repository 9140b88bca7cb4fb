"""Form files: inheritance, and every problem told at once with its place."""

from pathlib import Path

import pytest

from mining.catalog import RULES, shipped_forms
from mining.errors import FormError
from mining.form import Form
from mining.formload.file import FORMS_DIR, load_form, load_forms

HEAD = 'schema = 1\nid = "toy"\nfamily = "toy"\ntemplate = "toy"\ntitle = "示例"\n'
TABLE = """
[[tables]]
key = "cases"
section = "numbers"
columns = [{ key = "a", labels = ["甲"] }, { key = "b", labels = ["乙"] }]
rows = [{ key = "one", labels = ["第一行"] }, { key = "two", labels = ["第二行"], columns = ["b"] }]
"""


@pytest.fixture
def load(tmp_path: Path) -> "Loader":
    return Loader(tmp_path)


class Loader:
    """Writes form files into one folder and loads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, text: str, name: str = "toy") -> Form:
        path = self.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return load_form(path, rules=RULES)

    def problems(self, text: str) -> dict[str, str]:
        with pytest.raises(FormError, match="E201") as caught:
            self(text)
        return {p.location: p.message for p in caught.value.problems}


def test_the_shipped_forms_are_sound() -> None:
    forms = load_forms(rules=RULES)

    assert [f.template for f in forms] == ["2008", "2014", "2019", "2021"]
    assert len(shipped_forms()) == 4


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda f: f.id)
def test_keys_and_addresses_of_a_shipped_form_are_unique(form: Form) -> None:
    for items in (form.sections, form.tables, form.phrases, form.nones, form.derived):
        keys = [item.key for item in items]
        assert len(keys) == len(set(keys))
    addresses = [f"{t.key}.{r.key}.{c}" for t in form.tables for r in t.rows for c in r.columns]
    assert len(addresses) == len(set(addresses))
    assert set(addresses) <= set(form.labels)


def test_rows_take_all_columns_unless_told(load: Loader) -> None:
    (table,) = load(HEAD + TABLE).tables

    assert [row.columns for row in table.rows] == [("a", "b"), ("b",)]


def test_every_problem_is_told_at_once(load: Loader) -> None:
    problems = load.problems(
        HEAD.replace("schema = 1", "schema = 2")
        + "nonsense = 1\n"
        + TABLE
        + """
[[phrases]]
key = "p"
cell = "cases.three.a"
patterns = ["收到[申请"]
topics = ["elsewhere"]
colour = "red"
[[checks]]
rule = "table-balance"
table = "cases"
identity = "one + == two"
[[checks]]
rule = "no-such-rule"
[[derived]]
key = "sum"
sum = "cases.one.a + cases.nine.a"
label = "合计"
"""
    )

    assert problems == {
        "nonsense": "unknown key",
        "schema": "must be 1",
        "phrases[p].cell": "no cell or derived quantity 'cases.three.a'",
        "phrases[p]": "'[' is not closed in '收到[申请'",
        "phrases[p].topics": "unknown name 'elsewhere'",
        "phrases[p].colour": "unknown key",
        "checks[table-balance].identity": "can't read '+' as a term",
        "checks[no-such-rule].rule": "unknown rule 'no-such-rule'",
        "derived[sum].sum": "no cell or derived quantity 'cases.nine.a'",
    }


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("schema = ", "file"),
        (HEAD + TABLE + TABLE, "tables[cases]"),
        (HEAD + 'sections = "一"\n', "sections"),
        (HEAD + '[[tables]]\nkey = "t"\nsection = ""\nlayout = "cube"\n', "tables[t].layout"),
        (HEAD + '[[tables]]\nkey = "t"\nsection = ""\n', "tables[t]"),
        (HEAD + '[[sections]]\nkey = "s"\norder = "first"\n', "sections[s].order"),
        (HEAD + '[[sections]]\nkey = "s"\npatterns = ["{x}"]\n', "sections[s].patterns"),
        (HEAD + '[[checks]]\nrule = "table-unit"\nfoo = 1\n', "checks[table-unit].foo"),
        (HEAD + '[[nones]]\nkey = "n"\ncells = []\n', "nones[n].patterns"),
        ('schema = 1\nfamily = "toy"\ntemplate = "t"\ntitle = "t"\n', "id"),
        (HEAD + 'extends = "nowhere"\n', "extends"),
        (HEAD + 'extends = "../toy"\n', "extends"),
        (HEAD + 'extends = "toy"\n', "extends"),
    ],
)
def test_a_fault_is_told_with_its_place(load: Loader, text: str, location: str) -> None:
    assert location in load.problems(text)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "slots = 3\n",
        HEAD + "detect = 3\n",
        HEAD + 'years = "2019"\n',
        HEAD + "[years]\nfirst = '2019'\n",
        HEAD + '[[tables]]\nkey = "t"\nsection = ""\ncolumns = ["a"]\nrows = 3\n',
        HEAD + '[[tables]]\nkey = "t"\nsection = ""\ncolumns = [{ key = "a" }]\nrows = 3\n',
        HEAD + "sections = [1, 2]\n",
        HEAD + "[[sections]]\nkey = 3\n",
        HEAD + "[[checks]]\nrule = 3\n",
        HEAD + "extends = 3\n",
        HEAD + 'extends = "disclosure-2021"\nslots = 3\n',
        HEAD + 'extends = "disclosure-2021"\ntables = "x"\n',
    ],
)
def test_a_value_of_the_wrong_type_is_a_problem_not_a_crash(load: Loader, text: str) -> None:
    assert load.problems(text)


def test_a_child_changes_what_it_names_and_keeps_the_rest(load: Loader) -> None:
    load(HEAD + TABLE + '[[sections]]\nkey = "numbers"\norder = 1\nheadings = ["数据"]\n', "base")
    child = load(
        HEAD.replace('"toy"', '"child"')
        + 'extends = "base"\n[[sections]]\nkey = "numbers"\nrequired = true\n'
        + '[[tables]]\nkey = "cases"\nunit = "件"\n',
        "child",
    )

    (section,) = child.sections
    assert (section.required, section.headings, section.order) == (True, ("数据",), 1)
    (table,) = child.tables
    assert (table.unit, len(table.rows)) == ("件", 2)


def test_a_child_drops_what_it_does_not_want(load: Loader) -> None:
    load(HEAD + TABLE, "base")
    child = load(HEAD + 'extends = "base"\n[[tables]]\nkey = "cases"\ndrop = true\n', "child")

    assert child.tables == ()


def test_a_file_too_large_is_refused(load: Loader) -> None:
    assert "larger than" in load.problems(HEAD + "#" * 1_000_001)["file"]


def test_the_folder_of_forms_is_inside_the_package() -> None:
    assert (FORMS_DIR / "disclosure-2021.toml").is_file()
