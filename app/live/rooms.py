"""Names of rooms: who hears what. Rights are asked on entering, see `desk.py`."""

from app.cases.form_state import Audience


def of_campaign(campaign_id: int) -> str:
    """Everybody whose list shows every case of the campaign."""
    return f"campaign:{campaign_id}"


def of_owner(campaign_id: int, owner_id: int | None) -> str:
    """Everybody whose list shows, of the campaign, the cases of this owner only; None = those that nobody owns."""
    return f"campaign:{campaign_id}:{owner_id or 'unowned'}"


def of_list(campaign_id: int) -> str:
    """Everybody whose list shows any case of the campaign: they are told to ask for their rooms anew."""
    return f"list:{campaign_id}"


def of_case(case_id: int) -> str:
    """Everybody who has the card of the case open."""
    return f"case:{case_id}"


def of_form(audience: Audience) -> str:
    """Everybody whose card shows a form alike."""
    return f"form:{audience.key}"


def of_work(work_id: int) -> str:
    """Whoever follows long work of their own."""
    return f"work:{work_id}"


def of_user(user_id: int) -> str:
    """Every screen of a user."""
    return f"user:{user_id}"
