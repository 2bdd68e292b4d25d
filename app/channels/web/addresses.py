"""Which addresses of the network a request may go to: none of the house's own, unless that was allowed.

A name is looked up here, and the connection then goes to the very address that was judged: a name that answers
differently a moment later (DNS rebinding) changes nothing.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from app.channels.web.port import Undelivered
from app.core.i18n import lazy_gettext as _l

Address = IPv4Address | IPv6Address

_NAT64 = ip_network("64:ff9b::/96")
_METADATA = frozenset({ip_address("fd00:ec2::254")})
"""Where a cloud tells a machine its secrets; the usual one, 169.254.169.254, is link-local."""
_LOW_32 = 0xFFFFFFFF


def reachable(host: str, port: int, *, allows_private: bool) -> Sequence[Address]:
    """The addresses of the host that a request may go to; Undelivered without one."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Undelivered(_l("There is no host “%(host)s”.", host=host[:80])) from error
    found = dict.fromkeys(ip_address(str(row[4][0]).partition("%")[0]) for row in rows)
    allowed = [address for address in found if may_be_asked(address, allows_private=allows_private)]
    if not allowed:
        raise Undelivered(
            _l("The host “%(host)s” lies in a private network, which is not allowed here.", host=host[:80])
        )
    return allowed


def may_be_asked(address: Address, *, allows_private: bool) -> bool:
    """Public addresses; with `allows_private` those of private networks and of this machine, too. Never others."""
    address = _embedded(address)
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (allows_private and (address.is_private or address.is_loopback))


def _embedded(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only wraps it: there the packet goes in the end."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & _LOW_32)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return inner or address
