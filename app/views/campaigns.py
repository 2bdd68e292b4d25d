"""Pages of campaigns: the list, the card, the form, and opening cases for many contacts."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import expose
from sqlalchemy import func, select, tuple_
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission, may
from app.access.visible import agents_of, campaigns_of, the_campaign, the_work
from app.campaigns import editing
from app.campaigns.editing import CampaignValues
from app.cases.bulk import ContactSelection, start_open_for_contacts
from app.cases.ownership import possible_owners
from app.core.db import session, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.models import AppUser, Campaign, Case, Import, Script, StoredFile, Team
from app.models.campaigns import CampaignState, DuplicateRule
from app.portable.gallery import GALLERY
from app.views.base import Page, answer, body, page, the_user
from app.views.crud import CrudView
from app.views.duplicate_rules import DUPLICATE_RULES
from app.views.header_fields import header_choices, header_titles
from app.views.numbers import number_in
from app.views.rows import Interface
from app.views.sent import sent_member, sent_number, sent_numbers, sent_text
from app.views.work import progress

PAGE = 50


class CampaignView(CrudView):
    """Campaigns: the list in pages by key, the card, and the form on our verbs."""

    route_base = "/campaigns"
    datamodel = Interface(Campaign)
    reads = Permission.CAMPAIGN_READ
    changes = Permission.CAMPAIGN_EDIT
    can_delete = False
    list_columns = ["name"]
    show_columns = ["name"]
    edit_columns = ["name"]

    @expose("/list/")
    def list(self) -> Any:
        """The campaigns that the user works in or runs, by name; `?archived=1` shows the archived ones."""
        return self.guarded(self.reads, self._list_page)

    @expose("/show/<pk>")
    def show(self, pk: str) -> Any:
        """One campaign: its script, its people, its state."""
        return self.guarded(self.reads, lambda: self._show_page(pk))

    @expose("/add", methods=["GET"])
    def add(self) -> Any:
        """The form of a new campaign; it is sent to CampaignActions."""
        return self.guarded(self.changes, lambda: self._form_page(None))

    @expose("/edit/<pk>", methods=["GET"])
    def edit(self, pk: str) -> Any:
        """The form of a campaign; it is sent to CampaignActions."""
        return self.guarded(self.changes, lambda: self._form_page(the_campaign(number_in(pk) or 0, actor=the_user())))

    def _list_page(self) -> str:
        user = the_user()
        archived = request.args.get("archived") == "1"
        rows = select(Campaign, Script.name.label("script")).join(Script, Script.id == Campaign.script_id)
        rows = rows.where(campaigns_of(user), (Campaign.state == CampaignState.ARCHIVED) == archived)
        if text := sent_text(request.args.get("q")).strip():
            rows = rows.where(func.splot_fold(Campaign.name).contains(fold(text), autoescape=True))
        key = func.lower(Campaign.name)
        if (after := request.args.get("after")) is not None:
            name, _, last = after.rpartition("~")
            rows = rows.where(tuple_(key, Campaign.id) > tuple_(name, number_in(last) or 0))
        found = session.execute(rows.order_by(key, Campaign.id).limit(PAGE + 1)).all()
        following = None
        if len(found) > PAGE:
            last_one = found[PAGE - 1].Campaign
            after = f"{last_one.name.lower()}~{last_one.id}"
            following = url_for(".list", after=after, archived=int(archived), q=text or None)
        return self.render_template(
            "campaigns/list.html",
            rows=found[:PAGE],
            next_page=following,
            archived=archived,
            text=text,
            may_edit=may(user, Permission.CAMPAIGN_EDIT),
        )

    def _show_page(self, pk: str) -> str:
        user = the_user()
        campaign = the_campaign(number_in(pk) or 0, actor=user)
        agents = select(AppUser).where(agents_of(campaign)).order_by(AppUser.last_name, AppUser.first_name)
        may_assign = may(user, Permission.CAMPAIGN_ASSIGN)
        everybody = select(AppUser).where(AppUser.active.is_(True)).order_by(AppUser.last_name, AppUser.first_name)
        return self.render_template(
            "campaigns/show.html",
            campaign=campaign,
            agents=session.scalars(agents).all(),
            users=session.scalars(everybody).all() if may_assign else [],
            teams=session.scalars(select(Team).order_by(Team.name)).all() if may_assign else [],
            header=header_titles(campaign.header_fields),
            may_edit=may(user, Permission.CAMPAIGN_EDIT),
            may_assign=may_assign,
            owners=possible_owners(campaign),
            imports=_recent_imports(user),
            work=_work_shown(user),
            lacks=_lacking(campaign) if may(user, Permission.CAMPAIGN_EDIT) else "",
            rules=DUPLICATE_RULES,
            may_open=may(user, Permission.CASE_BULK),
        )

    def _form_page(self, campaign: Campaign | None) -> str:
        scripts = session.execute(select(Script.id, Script.name).order_by(func.lower(Script.name))).all()
        return self.render_template(
            "campaigns/form.html",
            campaign=campaign,
            scripts=scripts,
            header_fields=header_choices(),
            rules=DUPLICATE_RULES,
            begun=_begun(),
        )


class CampaignActions(Page):
    """What is done to a campaign. A page of its own, because its answers are for scripts."""

    route_base = "/campaigns"
    class_permission_name = "Campaign"

    @page("/", permission=Permission.CAMPAIGN_READ)
    def index(self) -> AnyResponse:
        """The list."""
        return redirect(url_for("CampaignView.list"))

    @page("/save", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
    def create(self) -> Any:
        """A new campaign."""
        with transaction():
            campaign = editing.create_campaign(_values(body("name", "script_id")), actor=the_user())
            go = url_for("CampaignView.show", pk=campaign.id)
        return answer({"go": go})

    @page("/<int:campaign_id>/save", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
    def change(self, campaign_id: int) -> Any:
        """Settings of a campaign."""
        sent = body("name", "script_id", "version")
        campaign = the_campaign(campaign_id, actor=the_user())
        with transaction():
            editing.change_campaign_values(campaign, _values(sent), expected_version=sent["version"], actor=the_user())
        return answer({"go": url_for("CampaignView.show", pk=campaign_id)})

    @page("/<int:campaign_id>/people", permission=Permission.CAMPAIGN_ASSIGN, methods=("POST",))
    def assign(self, campaign_id: int) -> Any:
        """Who works in it."""
        sent = body("users", "teams", "version")
        campaign = the_campaign(campaign_id, actor=the_user())
        users = session.scalars(select(AppUser).where(AppUser.id.in_(sent_numbers(sent["users"])))).all()
        teams = session.scalars(select(Team).where(Team.id.in_(sent_numbers(sent["teams"])))).all()
        with transaction():
            editing.assign_people(
                campaign, users=users, teams=teams, expected_version=sent["version"], actor=the_user()
            )
        return answer({})

    @page(
        "/<int:campaign_id>/<any(pause, resume, archive):what>", permission=Permission.CAMPAIGN_EDIT, methods=("POST",)
    )
    def turn(self, campaign_id: int, what: str) -> Any:
        """Pause, resume or archive it."""
        verbs = {
            "pause": editing.pause_campaign,
            "resume": editing.resume_campaign,
            "archive": editing.archive_campaign,
        }
        sent = body("version")
        campaign = the_campaign(campaign_id, actor=the_user())
        with transaction():
            verbs[what](campaign, expected_version=sent["version"], actor=the_user())
        return answer({})

    @page("/<int:campaign_id>/owners", permission=Permission.CASE_BULK)
    def owners(self, campaign_id: int) -> Any:
        """The agents that its cases may be given to, for a select."""
        agents = possible_owners(the_campaign(campaign_id, actor=the_user()))
        return answer({"results": [{"id": agent.id, "text": agent.full_name} for agent in agents]})

    @page("/<int:campaign_id>/cases", permission=Permission.CASE_BULK, methods=("POST",))
    def open_cases(self, campaign_id: int) -> Any:
        """Open a case for each contact of a selection: `ids`, `import_id` or `tag`; `owners` take turns."""
        sent, user = body(), the_user()
        campaign = the_campaign(campaign_id, actor=user)
        selection = ContactSelection(
            ids=sent_numbers(sent.get("ids")),
            import_id=sent_number(sent.get("import_id")) or None,
            tag=sent_text(sent.get("tag")) or None,
        )
        if selection == ContactSelection():
            raise Invalid(_l("Choose which contacts get a case."))
        owners = session.scalars(select(AppUser).where(AppUser.id.in_(sent_numbers(sent.get("owners"))))).all()
        with transaction():
            rule = sent_member(sent["rule"], DuplicateRule) if sent.get("rule") else None
            work = start_open_for_contacts(selection, campaign, owners=owners, rule=rule, actor=user)
            go = url_for("CampaignView.show", pk=campaign_id, work=work.id)
        return answer({"go": go})

    @page("/<int:campaign_id>/copy", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
    def copy(self, campaign_id: int) -> Any:
        """A new campaign with the same settings and people."""
        campaign = the_campaign(campaign_id, actor=the_user())
        with transaction():
            copied = editing.copy_campaign(campaign, actor=the_user())
            go = url_for("CampaignView.edit", pk=copied.id, copied=1)
        return answer({"go": go})


def _values(sent: dict[str, Any]) -> CampaignValues:
    """What the form sends; Invalid for a date or a rule that is none."""
    try:
        return CampaignValues(
            name=str(sent["name"]),
            script_id=sent_number(sent["script_id"]),
            description=str(sent.get("description", "")),
            starts_on=_day(sent.get("starts_on")),
            ends_on=_day(sent.get("ends_on")),
            duplicate_rule=DuplicateRule(sent.get("duplicate_rule", DuplicateRule.SKIP_OPEN)),
            header_fields=tuple(map(str, sent.get("header_fields", ()))),
            agents_see_own_only=bool(sent.get("agents_see_own_only")),
        )
    except (TypeError, ValueError) as error:
        raise Invalid(_l("One of the values does not fit. Look at them again.")) from error


def _begun() -> dict[str, Any]:
    """What a new campaign begins with: the script of `?script=`, and the header of the ready campaign of `?ready=`."""
    script = session.get(Script, number_in(request.args.get("script", "")) or 0)
    header = next((ready.header_fields for ready in GALLERY if ready.name == request.args.get("ready")), ())
    return {
        "name": script.name if script else "",
        "description": script.description if script else "",
        "script_id": script.id if script else 0,
        "header_fields": header if script else (),
    }


def _lacking(campaign: Campaign) -> str:
    """The first thing that must still be made before agents can work in it; empty: nothing."""
    form = campaign.script.form
    if campaign.state != CampaignState.ACTIVE:
        return ""
    if form is None:
        return "form"
    if not form.published:
        return "version"
    if session.scalar(select(AppUser.id).where(agents_of(campaign)).limit(1)) is None:
        return "people"
    return "" if session.scalar(select(Case.id).where(Case.campaign_id == campaign.id).limit(1)) else "cases"


def _recent_imports(user: AppUser) -> list[tuple[int, str]]:
    """The user's last imports that made contacts, by id and the name of their file."""
    rows = (
        select(Import.id, StoredFile.name)
        .join(StoredFile, StoredFile.id == Import.file_id)
        .where(Import.created_by_id == user.id, Import.is_dry_run.is_(False), Import.undone_at.is_(None))
    )
    return [(row.id, row.name) for row in session.execute(rows.order_by(Import.id.desc()).limit(20))]


def _work_shown(user: AppUser) -> dict[str, Any] | None:
    """The job that `?work=` names, if the user may see it."""
    work_id = request.args.get("work", type=int)
    return progress(the_work(work_id, actor=user)) if work_id else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
