from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.channels.web.addresses import may_be_asked, reachable
from app.channels.web.port import Undelivered

PUBLIC = ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"]
INSIDE = ["10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "127.8.8.8", "::1", "fd12::1", "::ffff:10.0.0.1",
          "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"]  # fmt: skip
NEVER = ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "fd00:ec2::254", "0.0.0.0",  # noqa: S104
         "::", "224.0.0.1", "ff02::1", "100.100.100.200", "255.255.255.255"]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address):
    assert may_be_asked(ip_address(address), allows_private=False)


@pytest.mark.parametrize("address", INSIDE)
def test_those_of_the_house_only_where_it_is_allowed(address):
    assert not may_be_asked(ip_address(address), allows_private=False)
    assert may_be_asked(ip_address(address), allows_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_some_never(address):
    assert not may_be_asked(ip_address(address), allows_private=False)
    assert address == "255.255.255.255" or not may_be_asked(ip_address(address), allows_private=True)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_is_not_global_is_never_asked_without_leave(address):
    if may_be_asked(address, allows_private=False):
        assert address.is_global
        assert not address.is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]".strip("[]")])
def test_however_it_is_written_this_machine_is_this_machine(host):
    # A resolver that does not read one of them knows no such host, which is as good.
    with pytest.raises(Undelivered):
        reachable(host, 80, allows_private=False)


def test_a_host_that_is_none_is_said():
    with pytest.raises(Undelivered):
        reachable("no-such-host.invalid", 80, allows_private=True)
    with pytest.raises(Undelivered):
        reachable("a" * 70 + ".example.com", 80, allows_private=True)
