"""What a card has of its script: the form in its current version, and the statuses to choose from.

Cards of one audience show the same, so it is made once for all of them: a whole state with the numbers of its
versions. Whoever holds an older one replaces it; states that were missed or come twice do no harm.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import exists, func, select

from app.access.fields import role_names
from app.access.permissions import Permission, may
from app.core.db import session
from app.core.i18n import in_language
from app.formbuilder.definition import FormDefinition
from app.formbuilder.profile import Profile, profile_for
from app.formbuilder.render import StatusLook, render
from app.formbuilder.versions import current_version, definition_of
from app.models import Answer, AppUser, Campaign, Case, Form, FormVersion, Script
from app.models.campaigns import CampaignState
from app.scripts.statuses import status_choices


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Cards that show the same form alike."""

    form_id: int | None
    script_id: int
    roles: frozenset[str]
    may_edit: bool
    language: str

    @cached_property
    def key(self) -> str:
        """The same for equal audiences, in every process."""
        text = "|".join([*sorted(self.roles), "/", str(self.may_edit), self.language])
        return f"{self.form_id or 0}:{self.script_id}:{sha256(text.encode()).hexdigest()[:16]}"

    def profile(self, definition: FormDefinition) -> Profile:
        """Which fields they see and may fill in."""
        profile = profile_for(definition, self.roles)
        return profile if self.may_edit else replace(profile, editable=frozenset())


@dataclass(frozen=True, kw_only=True)
class FormState:
    """All of it, as it is now."""

    form: int | None
    form_version: int
    """0 = the script has no form, or one that was never published."""
    script: int
    script_version: int
    audience: str
    fragment: Markup | None
    statuses: Markup
    """Rows of the menu, as markup."""
    names: dict[str, StatusLook]
    """Every status of the script by id, those that nobody may choose included: a case may be in one of them."""
    answered: tuple[str, ...]
    """Fields that some case has an answer of: a card that sees one of these for the first time asks for its value."""

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self)


def may_edit_case(case: Case, user: AppUser) -> bool:
    """Whether the user may change the case; those of an archived campaign are only read."""
    return _may_edit_in(case.campaign.state, user)


def audience_of(case: Case, user: AppUser, language: str) -> Audience:
    """Whom the card of the case belongs to when this user has it open on a page in this language."""
    script = case.campaign.script
    return Audience(
        form_id=script.form_id,
        script_id=script.id,
        roles=role_names(user),
        may_edit=may_edit_case(case, user),
        language=language,
    )


def audiences_of(case_ids: Collection[int], user: AppUser, language: str) -> dict[int, Audience]:
    """The same for many cases at once, by id. Which of them the user may see is asked elsewhere."""
    rows = session.execute(
        select(Case.id, Script.id.label("script_id"), Script.form_id, Campaign.state)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .join(Script, Script.id == Campaign.script_id)
        .where(Case.id.in_(case_ids))
    )
    return {
        row.id: Audience(
            form_id=row.form_id,
            script_id=row.script_id,
            roles=role_names(user),
            may_edit=_may_edit_in(row.state, user),
            language=language,
        )
        for row in rows
    }


def versions_of(script_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """The numbers of the form and of the script that cards should show now, by id of the script."""
    rows = session.execute(
        select(Script.id, Script.version, func.coalesce(Form.published, 0).label("published"))
        .outerjoin(Form, Form.id == Script.form_id)
        .where(Script.id.in_(script_ids))
    )
    return {row.id: (row.published, row.version) for row in rows}


def state_for(audience: Audience, environment: Environment) -> FormState | None:
    """What this audience should have on its cards; None when the script is gone. Needs an application context."""
    # The number first, then what it stands for: read the other way round, an older list could bear the newer number.
    script = session.get(Script, audience.script_id, populate_existing=True)
    if script is None:
        return None
    session.expire(script, ["statuses"])
    version = current_version(script.form_id) if script.form_id else None
    return state_of(script, version, replace(audience, form_id=script.form_id), environment)


def state_of(script: Script, version: FormVersion | None, audience: Audience, environment: Environment) -> FormState:
    """The same of rows that are loaded."""
    choices = status_choices(script)
    with in_language(audience.language):
        rows = environment.get_template("cases/status_rows.html").render(statuses=choices)
    definition = definition_of(version) if version else None
    profile = audience.profile(definition) if definition else None
    return FormState(
        form=script.form_id,
        form_version=version.number if version else 0,
        script=script.id,
        script_version=script.version,
        audience=audience.key,
        fragment=_fragment(script, definition, profile, audience, environment) if definition and profile else None,
        statuses=Markup(rows),  # noqa: S704 - the template escapes
        names={str(status_id): look for status_id, look in _looks(script).items()},
        answered=_answered(definition, profile) if definition and profile else (),
    )


def _may_edit_in(state: CampaignState, user: AppUser) -> bool:
    return may(user, Permission.CASE_EDIT) and state is not CampaignState.ARCHIVED


def looks_of(script: Script) -> dict[int, StatusLook]:
    """Names and kinds of the statuses that buttons of a form may set, by id."""
    looks = _looks(script)
    return {choice.id: looks[choice.id] for choice in status_choices(script)}


def _looks(script: Script) -> dict[int, StatusLook]:
    return {status.id: StatusLook(name=status.name, kind=status.look) for status in script.statuses}


def _fragment(
    script: Script, definition: FormDefinition, profile: Profile, audience: Audience, environment: Environment
) -> Markup:
    return render(
        definition,
        profile=profile,
        language=audience.language,
        environment=environment,
        statuses=looks_of(script),
    )


def _answered(definition: FormDefinition, profile: Profile) -> tuple[str, ...]:
    """Ids of the fields that any case has an answer of; one look into an index for each."""
    fields = definition.answer_fields()
    ids = [UUID(field.id) for field in fields if not field.hidden and field.id in profile.visible]
    wanted = select(func.unnest(ids).label("id")).subquery()
    found = session.scalars(select(wanted.c.id).where(exists().where(Answer.field_id == wanted.c.id)))
    return tuple(sorted(str(each) for each in found))
