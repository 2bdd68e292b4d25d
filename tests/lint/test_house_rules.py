from pathlib import Path

import pytest

from lint.house_rules import main, problems

VERB = Path("app/cases/assign.py")


@pytest.mark.parametrize(
    "source",
    [
        "session.commit()",
        "db.session.commit()",
        "case.status = other",
        "case.status_id = 7",
        "old_case.status_id: int = 7",
        "work.case.status = other",
        "cases[0].status_id = 7",
        "case.owner, case.status = owner, status",
        "setattr(case, 'status_id', 7)",
        "session.execute(update(Case).where(Case.id == 1).values(status_id=7))",
        "session.execute(update(models.Case).values(status_id=7))",
    ],
)
def test_a_breach_is_found(source):
    assert len(list(problems(VERB, source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "transaction()",
        "case.owner = other",
        "response.status = '200'",
        "status = case.status",
        "case.status == other",
        "Case(status_id=7)",
        "update(Status).values(status_id=7)",
        "update(Case).values(owner_id=7)",
        "'session.commit() stands only in core'",
    ],
)
def test_what_is_allowed_passes(source):
    assert list(problems(VERB, source)) == []


def test_each_rule_has_its_one_home():
    assert list(problems(Path("app/core/db.py"), "session.commit()")) == []
    assert list(problems(Path("app/cases/status.py"), "case.status = other")) == []
    assert list(problems(Path("app/cases/status.py"), "session.commit()")) != []


def test_the_line_is_named(tmp_path, capsys):
    (tmp_path / "verb.py").write_text("x = 1\nsession.commit()\n")
    assert main([str(tmp_path)]) == 1
    assert "verb.py:2: only app/core/db.py commits" in capsys.readouterr().out
