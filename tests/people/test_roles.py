"""Roles: the ready ones, and those of an administrator."""

import pytest
from sqlalchemy import select

from app.access.permissions import Permission, granted, may, require
from app.access.roles import ROLES, pairs_of, require_not_above, sync_roles
from app.core.db import session
from app.core.errors import Forbidden, Invalid, Refused
from app.models import fab_models
from app.people.roles import change_role, create_role, delete_role
from tests.factories import a_role, a_user

pytestmark = pytest.mark.usefixtures("session")


def test_a_role_gives_exactly_its_permissions() -> None:
    admin = a_user("admin")
    role = create_role("Reader", [Permission.CASE_READ.value], actor=admin)
    user = a_user()
    user.roles = [role]
    session.flush()
    assert granted(user) == {Permission.CASE_READ.value}
    assert not may(user, Permission.CASE_EDIT)
    with pytest.raises(Forbidden):
        require(user, Permission.CASE_EDIT)
    with pytest.raises(Forbidden):
        require(None, Permission.CASE_READ)


def test_several_roles_add_up() -> None:
    user = a_user("agent", "auditor")
    assert granted(user) == {permission.value for permission in ROLES["agent"] | ROLES["auditor"]}


def test_the_administrators_role_and_ready_names_stay() -> None:
    admin = a_user("admin")
    with pytest.raises(Refused):
        change_role(a_role("admin"), "admin", [], actor=admin)
    with pytest.raises(Refused):
        change_role(a_role("agent"), "other", [], actor=admin)
    with pytest.raises(Refused):
        delete_role(a_role("agent"), actor=admin)


def test_a_role_in_use_is_not_deleted() -> None:
    admin = a_user("admin")
    role = create_role("Reader", [], actor=admin)
    user = a_user()
    user.roles = [role]
    session.flush()
    with pytest.raises(Refused):
        delete_role(role, actor=admin)
    user.roles = [a_role("agent")]
    session.flush()
    delete_role(role, actor=admin)
    assert session.scalar(select(fab_models.Role).filter_by(name="Reader")) is None


def test_names_are_unique_and_permissions_known() -> None:
    admin = a_user("admin")
    with pytest.raises(Invalid):
        create_role("AGENT", [], actor=admin)
    with pytest.raises(Invalid):
        create_role("Reader", ["can_fly on Kite"], actor=admin)


def test_nobody_gives_more_than_they_have() -> None:
    supervisor = a_user("supervisor")
    require_not_above(supervisor, pairs_of([a_role("agent")]))
    with pytest.raises(Forbidden):
        require_not_above(supervisor, pairs_of([a_role("manager")]))


def test_what_an_administrator_changed_outlives_the_next_start() -> None:
    admin = a_user("admin")
    agent = a_role("agent")
    change_role(agent, "agent", [Permission.CASE_READ.value], actor=admin)
    lost = session.scalars(select(fab_models.PermissionView)).all()
    a_role("admin").permissions.remove(lost[0])
    session.flush()
    sync_roles()
    assert pairs_of([agent]) == {Permission.CASE_READ.value}
    assert pairs_of([a_role("admin")]) == {permission.value for permission in Permission}


def test_a_permission_that_is_new_goes_to_the_roles_of_the_table() -> None:
    agent = a_role("agent")
    pair = next(
        row for row in agent.permissions if row.permission.name == "can_create" and row.view_menu.name == "Case"
    )
    for role in session.scalars(select(fab_models.Role)):
        if pair in role.permissions:
            role.permissions.remove(pair)
    session.flush()
    session.delete(pair)
    session.flush()
    sync_roles()
    session.expire_all()
    assert Permission.CASE_CREATE.value in pairs_of([agent])
    assert Permission.CASE_CREATE.value not in pairs_of([a_role("auditor")])
