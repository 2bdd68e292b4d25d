"""Contacts: persons and companies with their numbers, addresses and the centre's own fields."""

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import metadata
from app.models.columns import CreatedAt, Document, Id, Moment, UserId, Version, choice
from app.models.people import AppUser

if TYPE_CHECKING:
    from app.models.campaigns import Campaign

Sequence("contact_number_seq", start=10001, metadata=metadata)

E164 = r"^\+[1-9][0-9]{6,14}$"
"""ITU-T E.164: a plus sign, then at most fifteen digits that do not begin with zero."""


class ContactKind(StrEnum):
    """Set at creation and never changed."""

    PERSON = "person"
    COMPANY = "company"


class Contact(Model):
    """A person or a company.

    `name` is computed by the verbs of `app/contacts`; `folded` by the database (lower case, no accents), so that
    "lodz" finds "Łódź" whoever wrote the row, COPY included.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_folded_trgm", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}),
        Index("ix_contacts_sort", "sort_name", "id"),
        Index("ix_contacts_created", text("created_at DESC"), text("id DESC")),
        Index("ix_contacts_owner_id", "owner_id", postgresql_where=text("owner_id IS NOT NULL")),
        Index("ix_contacts_tax_number", "tax_number", postgresql_where=text("tax_number IS NOT NULL")),
        Index(
            "ix_contacts_external_key",
            "external_key",
            unique=True,
            postgresql_where=text("external_key IS NOT NULL"),
        ),
        Index("ix_contacts_tags", "tags", postgresql_using="gin"),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(
        BigInteger, server_default=text("nextval('contact_number_seq'::regclass)"), unique=True
    )
    kind: Mapped[ContactKind] = mapped_column(choice(ContactKind, "contact_kind"))
    first_name: Mapped[str | None] = mapped_column(String(120))
    last_name: Mapped[str | None] = mapped_column(String(120))
    company_name: Mapped[str | None] = mapped_column(String(240))
    name: Mapped[str] = mapped_column(String(260))
    """Shown everywhere: name and surname, or the company's name, else its first number or address."""
    folded: Mapped[str] = mapped_column(Text, Computed("splot_fold(name)", persisted=True))
    sort_name: Mapped[str] = mapped_column(Text, Computed("left(splot_fold(name), 120)", persisted=True))
    tax_number: Mapped[str | None] = mapped_column(String(32))
    external_key: Mapped[str | None] = mapped_column(String(120))
    """The contact's key in the system it came from: the upsert key of imports."""
    note: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(64)), server_default=text("'{}'"), default=list)
    custom: Mapped[Document]
    """Values of custom fields, keyed by the field's key."""
    company_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("contacts.id", ondelete="SET NULL"), index=True
    )
    owner_id: Mapped[UserId | None]
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    updated_at: Mapped[CreatedAt]
    version: Mapped[Version]

    company: Mapped["Contact | None"] = relationship(remote_side="Contact.id", backref="people")
    owner: Mapped[AppUser | None] = relationship(foreign_keys="Contact.owner_id")
    phones: Mapped[list["ContactPhone"]] = relationship(
        back_populates="contact", order_by="ContactPhone.position", cascade="all, delete-orphan", passive_deletes=True
    )
    emails: Mapped[list["ContactEmail"]] = relationship(
        back_populates="contact", order_by="ContactEmail.position", cascade="all, delete-orphan", passive_deletes=True
    )
    addresses: Mapped[list["ContactAddress"]] = relationship(
        back_populates="contact", order_by="ContactAddress.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def __repr__(self) -> str:
        return self.name


class ContactPhone(Model):
    """A telephone number of a contact, in E.164."""

    __tablename__ = "contact_phones"
    __table_args__ = (
        CheckConstraint(f"number ~ '{E164}'", name="e164"),
        UniqueConstraint("contact_id", "number"),
        Index("ix_contact_phones_number", "number"),
        Index(
            "ix_contact_phones_number_trgm", "number", postgresql_using="gin", postgresql_ops={"number": "gin_trgm_ops"}
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(60), server_default="", default="")
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    is_wrong: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    contact: Mapped[Contact] = relationship(back_populates="phones")


class ContactEmail(Model):
    """An e-mail address of a contact, in lower case."""

    __tablename__ = "contact_emails"
    __table_args__ = (
        CheckConstraint("address = lower(address) AND address LIKE '%_@_%'", name="address"),
        UniqueConstraint("contact_id", "address"),
        Index("ix_contact_emails_address", "address"),
        Index(
            "ix_contact_emails_address_trgm",
            "address",
            postgresql_using="gin",
            postgresql_ops={"address": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(320))
    label: Mapped[str] = mapped_column(String(60), server_default="", default="")
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    contact: Mapped[Contact] = relationship(back_populates="emails")


class ContactAddress(Model):
    """A postal address of a contact."""

    __tablename__ = "contact_addresses"
    __table_args__ = (
        Index(
            "ix_contact_addresses_folded_trgm",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    street: Mapped[str] = mapped_column(String(240), server_default="", default="")
    postal_code: Mapped[str] = mapped_column(String(16), server_default="", default="")
    city: Mapped[str] = mapped_column(String(120), server_default="", default="")
    country: Mapped[str] = mapped_column(String(2), server_default="PL", default="PL")
    label: Mapped[str] = mapped_column(String(60), server_default="", default="")
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    folded: Mapped[str] = mapped_column(
        Text, Computed("splot_fold(street || ' ' || postal_code || ' ' || city)", persisted=True)
    )
    contact: Mapped[Contact] = relationship(back_populates="addresses")


class CustomFieldKind(StrEnum):
    """What a custom field of contacts holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    PHONE = "phone"
    EMAIL = "email"


class CustomField(Model):
    """A field that the admin added to contacts, for the whole centre or for one campaign."""

    __tablename__ = "custom_fields"
    __table_args__ = (CheckConstraint(r"key ~ '^[a-z][a-z0-9_]{0,39}$'", name="key"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Stable name in `contacts.custom`; renaming the title never touches values."""
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400), server_default="", default="")
    kind: Mapped[CustomFieldKind] = mapped_column(choice(CustomFieldKind, "custom_field_kind"))
    choices: Mapped[list[str]] = mapped_column(ARRAY(String(120)), server_default=text("'{}'"), default=list)
    campaign_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    is_required: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    is_visible: Mapped[bool] = mapped_column(Boolean, server_default=text("true"), default=True)
    agents_may_edit: Mapped[bool] = mapped_column(Boolean, server_default=text("true"), default=True)
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[Moment | None]

    campaign: Mapped["Campaign | None"] = relationship()

    def __repr__(self) -> str:
        return self.title
