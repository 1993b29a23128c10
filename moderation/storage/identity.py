"""Identifiers that sort by time, and keyed hashes that stand in for personal data."""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import datetime
from uuid import UUID

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def new_id(now: datetime) -> UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


class Pseudonyms:
    """Turns an e-mail or IP address into a hash that only this installation can compute.

    The same person gives the same hash, so history and erasure work; without the secret a
    stolen database does not tell who wrote (HMAC-SHA256, one derived key a purpose).
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._keys: dict[str, bytes] = {}

    def hash(self, purpose: str, value: str) -> str:
        """Return 64 hexadecimal digits for a value, or an empty string for an empty one."""
        if not value:
            return ""
        key = self._keys.get(purpose)
        if key is None:
            key = self._keys[purpose] = hmac.digest(self._secret, purpose.encode(), "sha256")
        return hmac.digest(key, value.encode(), "sha256").hex()

    def email(self, email: str) -> str:
        """Hash an e-mail address, ignoring case and surrounding space."""
        return self.hash("email", email.strip().casefold())

    def ip(self, ip: str) -> str:
        """Hash an IP address in whatever notation it was sent."""
        address = _parse_ip(ip)
        return self.hash("ip", str(address) if address else ip.strip())


def network_of(ip: str) -> str:
    """Return the coarse network of an address (/24 or /48), or an empty string."""
    address = _parse_ip(ip)
    if address is None:
        return ""
    return _network(address, 24 if address.version == 4 else 48)


def subscriber_of(ip: str) -> str:
    """Return what one subscriber holds: an IPv4 address, or the /64 of an IPv6 address."""
    address = _parse_ip(ip)
    if address is None or address.version == 4:
        return str(address or ip.strip())
    return _network(address, 64)


def digest_key(key: str) -> str:
    """Return the digest an API key is stored and looked up by.

    Keys are 256 random bits, so a plain hash is enough: there is nothing to guess.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def _network(address: Address, prefix: int) -> str:
    """Return the network an address lies in; ``ipaddress.ip_network`` takes ten times as long."""
    rest = address.max_prefixlen - prefix
    return f"{type(address)(int(address) >> rest << rest)}/{prefix}"


def _parse_ip(ip: str) -> Address | None:
    try:
        return ipaddress.ip_address(ip.strip())
    except ValueError:
        return None
