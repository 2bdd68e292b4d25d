"""One table: event → what happens inside its transaction, and what after the commit."""

from collections.abc import Mapping

from app.campaigns import forms
from app.campaigns.editing import CampaignChanged
from app.cases import events as cases
from app.cases import ruled
from app.core.announce import Event, Reactions
from app.core.queue import wake
from app.formbuilder.versions import FormPublished
from app.history.outbox import CallWaiting
from app.jobs import webhooks
from app.jobs.work import RUN
from app.live import push
from app.people.users import UserDeactivated
from app.scripts.changing import FormGiven, ScriptChanged
from app.work.rows import WorkMoved, WorkStarted


def wake_worker(event: WorkStarted) -> None:
    """Somebody waits for the work; without this the sweep would find it within seconds."""
    wake(event.queue, RUN, event.work_id)


def wake_delivery(_event: CallWaiting) -> None:
    """Send it at once; without this the sweep would."""
    wake(webhooks.QUEUE, webhooks.DELIVER)


TABLE: Mapping[type[Event], Reactions] = {
    cases.CaseOpened: Reactions(after=(push.case_opened,)),
    cases.CasesOpened: Reactions(after=(push.cases_opened,)),
    cases.CasesChanged: Reactions(after=(push.cases_changed,)),
    cases.StatusChanged: Reactions(after=(push.status_changed,)),
    cases.CaseSaved: Reactions(inside=(ruled.case_saved,), after=(push.case_changed,)),
    cases.OwnerChanged: Reactions(inside=(ruled.owner_changed,), after=(push.case_changed,)),
    cases.CaseMoved: Reactions(after=(push.case_moved,)),
    cases.NoteAdded: Reactions(after=(push.activity_added,)),
    cases.NoteEdited: Reactions(after=(push.activity_added,)),
    cases.FileAttached: Reactions(after=(push.activity_added,)),
    cases.CaseLinked: Reactions(after=(push.activity_added,)),
    cases.CaseTold: Reactions(after=(push.activity_added,)),
    CampaignChanged: Reactions(after=(push.campaign_changed,)),
    FormPublished: Reactions(after=(push.form_published,)),
    ScriptChanged: Reactions(inside=(forms.script_changed,), after=(push.script_changed,)),
    FormGiven: Reactions(inside=(forms.form_given,)),
    UserDeactivated: Reactions(after=(push.user_deactivated,)),
    CallWaiting: Reactions(after=(wake_delivery,)),
    WorkStarted: Reactions(after=(wake_worker,)),
    WorkMoved: Reactions(after=(push.work_moved,)),
}
